import { entry } from './define.ts'
import { outcomeLines, type WithOutcome } from './step-outcome.ts'

/** A revision that goes over rows in batches. */
export const batchErrors = {
  REV_BATCH_KEY: entry<
    WithOutcome & {
      readonly revision: string
      readonly file: string | undefined
      readonly table: string
      readonly key: readonly string[]
      /** Why batches cannot go by it; a sentence without its end. */
      readonly problem: string
    }
  >({
    exit: 1,
    message: ({ revision, file, table, key, problem, outcome }) =>
      `"${revision}" cannot go over "${table}" in batches by ${key.map((column) => `"${column}"`).join(', ')}${file === undefined ? '' : ` (${file})`}: ${problem}.${outcomeLines(outcome)}`,
    hint: () =>
      'name as "key" the columns that tell every row from every other one and are never NULL: those of the primary key',
  }),

  REV_BATCH_PLACE: entry<
    WithOutcome & {
      readonly revision: string
      readonly file: string | undefined
      /** What stands in the way; a sentence without its end. */
      readonly problem: string
    }
  >({
    exit: 1,
    message: ({ revision, file, problem, outcome }) =>
      `the batches of "${revision}" cannot run there${file === undefined ? '' : ` (${file})`}: ${problem}.${outcomeLines(outcome)}`,
    hint: () =>
      'give the batches a revision of their own, with "export const transaction = false", one call of inBatches after the other',
  }),

  REV_BATCH_OVERTAKEN: entry<WithOutcome & { readonly revision: string; readonly name: string }>({
    exit: 1,
    message: ({ revision, name, outcome }) =>
      `somebody else went on with the batches "${name}" of "${revision}" meanwhile; this batch was taken back.${outcomeLines(outcome)}`,
    hint: () => 'see who it is with rev lock; then run the same command again: it goes on behind the last batch',
  }),
}
