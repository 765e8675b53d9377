import type { DialectName } from '../support/databases.ts'

/** `REV_FAULTS=full`: the long form, that counts. Otherwise the short one, for every `npm test`. */
export const isFull = process.env.REV_FAULTS === 'full'

/** `REV_FAULTS_SEED=123` does again what a run did that printed this number. */
export const seed = Number(process.env.REV_FAULTS_SEED ?? Date.now() % 1_000_000)

/** One of two, by the form of the run. */
export const either = <T>(short: T, full: T): T => (isFull ? full : short)

/** What other tests prove on each database is seen on one of them in the short form, and on all of them in the long one. */
export const onlyShort = (dialect: DialectName): { only?: readonly DialectName[] } =>
  isFull ? {} : { only: [dialect] }
