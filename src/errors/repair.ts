import { entry } from './define.ts'

const WHY = {
  'nothing-unfinished': 'no statement of it is left half way',
  'not-applied': 'it is not applied',
  'no-file': 'it has no file with a checksum',
  'no-edit': 'its file is as it was when it was applied',
  'not-recorded': 'neither the version rows nor the log know it as applied',
  'has-file': 'its file is there',
  'rows-unknown': 'the log does not know the rows that it took the place of',
} as const

const HINTS: Partial<Record<keyof typeof WHY, (revision: string) => string>> = {
  'nothing-unfinished': (revision) =>
    `to say that it is applied without running it: rev stamp ${revision}; to see what happened: rev log ${revision}`,
  'not-applied': () => 'to see what is applied: rev status',
  'no-edit': () => 'rev check --db names the files that differ',
  'has-file': (revision) => `to undo it: rev downgrade ${revision}@-1; to see what is known of it: rev log ${revision}`,
  'rows-unknown': () => 'say where the database is: rev stamp --purge REVISION',
}

/** What `rev repair` does not do. */
export const repairErrors = {
  REV_REPAIR_NOTHING: entry<{
    readonly revision: string
    /** `--applied`, as it is written. */
    readonly option: string
    readonly database: string
    readonly why: keyof typeof WHY
  }>({
    exit: 1,
    message: ({ revision, option, database, why }) =>
      `there is nothing to repair for "${revision}" with ${option} on ${database}: ${WHY[why]}; nothing was changed.`,
    hint: ({ revision, why }) => HINTS[why]?.(revision),
  }),
  REV_REPAIR_CHOOSE: entry<{
    readonly revision: string
    readonly options: readonly string[]
    readonly given: readonly string[]
  }>({
    exit: 2,
    message: ({ given }) =>
      given.length === 0
        ? 'rev repair has to be told what to do.'
        : `rev repair does one thing at a time, and was told ${given.join(' and ')}.`,
    hint: ({ revision, options }) => `choose one: rev repair ${revision} ${options.join(' | ')}`,
  }),
  REV_REPAIR_NEEDS_REASON: entry<{ readonly revision: string; readonly option: string }>({
    exit: 2,
    message: ({ option }) => `${option} writes down what you know and rev does not, so it wants to know why.`,
    hint: ({ revision, option }) => `rev repair ${revision} ${option} --reason "in your words"`,
  }),
}
