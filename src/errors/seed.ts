import { entry } from './define.ts'
import { sqlExcerpt } from './sql-excerpt.ts'
import type { LimitDetails } from './step.ts'
import { outcomeLines, type StepOutcome, type WithOutcome } from './step-outcome.ts'

const at = (file: string | undefined, line?: number | undefined): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
const are = (names: readonly unknown[]): string => (names.length === 1 ? 'is' : 'are')
const inEnvironment = (environment: string | undefined): string =>
  environment === undefined ? 'here, where no environment is chosen' : `in the environment "${environment}"`

/** A foreign key that refused a row of a seed. */
export interface RefusedKeyDetails {
  /** `missing`: a row points at one that is not there; `needed`: one that others point at was to go. */
  readonly kind: 'missing' | 'needed'
  /** The table of the rows that point at others; undefined where it is not known. */
  readonly child: string | undefined
  /** The tables that are pointed at; SQLite does not say which of several. */
  readonly parents: readonly string[]
  /** Seeds whose files say that they fill the other table: the parents, or, for `needed`, the child. */
  readonly seeds: readonly { readonly seed: string; readonly table: string; readonly ran: boolean }[]
}

function foreignKeyAdvice({ kind, child, parents, seeds }: RefusedKeyDetails, seed: string, what: string): string {
  const rows = child === undefined ? 'rows' : `rows of "${child}"`
  const tables = parents.map((parent) => `"${parent}"`).join(' or ')
  const known = [...new Set(seeds.map((each) => each.seed))]
  if (kind === 'needed') {
    const undo = what === 'undo' && known.length > 0 ? `, with: rev seed undo ${[...known, seed].join(' ')}` : ''
    return `${rows} still point at rows of ${tables}: those have to go first${undo}`
  }
  const waiting = seeds.filter(({ ran }) => !ran)
  if (waiting.length > 0) {
    const fills = waiting.map((each) => `"${each.table}" is filled by the seed "${each.seed}"`).join(', and ')
    const names = [...new Set(waiting.map((each) => each.seed))]
    return `${rows} point at ${tables}; ${fills}, which has not run: add ${quoted(names)} to depends_on of "${seed}", so that parents come before children`
  }
  const missing = `${rows} point at rows of ${tables} that are not there`
  return known.length > 0
    ? `${missing}, although ${quoted(known)}, which ${known.length === 1 ? 'fills' : 'fill'} it, ran: compare the keys`
    : `${missing}: write them first, in this seed or in one that it names in depends_on`
}

/** Seed files, and running them. */
export const seedErrors = {
  REV_SEED_INVALID: entry<{
    readonly problems: readonly { readonly file: string | undefined; readonly problem: string }[]
  }>({
    exit: 1,
    message: ({ problems }) =>
      [
        'the seed files cannot be used; nothing was run:',
        ...problems.map(({ file, problem }) => `  ${file === undefined ? '' : `${file}: `}${problem}`),
      ].join('\n'),
  }),
  REV_SEED_LOCATION_MISSING: entry<{ readonly directories: readonly string[] }>({
    exit: 2,
    message: ({ directories }) =>
      directories.length === 1
        ? `the seed location ${directories[0]} does not exist.`
        : ['these seed locations do not exist:', ...directories.map((directory) => `  ${directory}`)].join('\n'),
    hint: () => 'rev seed make NAME makes the folder, too; "seedLocations" under "rev" in the knexfile names another',
  }),
  REV_SEED_UNKNOWN: entry<{
    readonly kind: 'seed' | 'scenario' | 'tag'
    readonly name: string
    readonly known: readonly string[]
    readonly suggestion?: string | undefined
  }>({
    exit: 1,
    message: ({ kind, name }) => `there is no ${kind} "${name}".`,
    hint: ({ known, suggestion, kind }) => {
      if (suggestion !== undefined) return `did you mean: ${suggestion}`
      return known.length === 0
        ? `no ${kind} is there at all; rev seed make NAME writes a seed`
        : `there are: ${known.join(', ')}`
    },
  }),
  REV_SEED_ENVIRONMENT: entry<{
    readonly seed: string
    readonly file: string | undefined
    readonly environments: readonly string[]
    /** The environment that was chosen; undefined where the knexfile has none. */
    readonly environment: string | undefined
    /** The seed that depends on it, when it was not asked for itself. */
    readonly neededBy: string | undefined
  }>({
    exit: 1,
    message: ({ seed, file, environments, environment, neededBy }) =>
      `"${seed}"${at(file)}${neededBy === undefined ? '' : `, which "${neededBy}" depends on,`} does not run ${inEnvironment(environment)}: its environments are ${quoted(environments)}.`,
    hint: ({ environments }) =>
      `choose one of them with --env ${environments[0]}, or add this one to its "environments"`,
  }),
  REV_SEED_PROTECTED: entry<{
    readonly environment: string | undefined
    readonly seeds: readonly { readonly seed: string; readonly file: string | undefined; readonly marked: string }[]
  }>({
    exit: 1,
    message: ({ environment, seeds }) =>
      [
        `${environment === undefined ? 'this database' : `the environment "${environment}"`} is protected, and nothing that is marked development, test or demo ever runs there; nothing was run.`,
        ...seeds.map(({ seed, file, marked }) => `  ${seed}${at(file)} is marked ${marked}`),
      ].join('\n'),
    hint: () => 'leave these seeds out; what belongs everywhere goes into a seed without such environments and tags',
  }),
  REV_SEED_NOT_NAMED: entry<{
    readonly environment: string | undefined
    /** What would have run without being named. */
    readonly seeds: readonly string[]
    /** The names that would do. */
    readonly names: readonly string[]
  }>({
    exit: 2,
    message: ({ environment, seeds }) =>
      `${environment === undefined ? 'this database' : `the environment "${environment}"`} is protected, where only seeds that are named run${seeds.length === 0 ? '' : `, and ${quoted(seeds)} ${are(seeds)} not`}; nothing was run.`,
    hint: ({ names }) =>
      names.length === 0 ? 'rev seed status lists the seeds' : `to run them: rev seed run ${names.join(' ')}`,
  }),
  REV_SEED_ONLY_BLOCKED: entry<{ readonly seed: string; readonly needs: readonly string[] }>({
    exit: 1,
    message: ({ seed, needs }) => `"${seed}" alone cannot run: it depends on ${quoted(needs)}, which did not run yet.`,
    hint: ({ seed, needs }) =>
      `leave --only away, or name them, too: rev seed run ${[...needs, seed].join(' ')} --only`,
  }),
  REV_SEED_REVISION_NOT_APPLIED: entry<{
    readonly database: string
    readonly seeds: readonly { readonly seed: string; readonly revisions: readonly string[] }[]
  }>({
    exit: 1,
    message: ({ database, seeds }) =>
      [
        `seeds depend on revisions that are not applied in ${database}; nothing was run.`,
        ...seeds.map(({ seed, revisions }) => `  ${seed} needs ${revisions.join(', ')}`),
      ].join('\n'),
    hint: ({ seeds }) => {
      const revisions = [...new Set(seeds.flatMap((each) => each.revisions))]
      return `run first: rev upgrade ${revisions.length === 1 ? revisions[0] : 'head'}`
    },
  }),
  REV_SEED_FAILED: entry<
    {
      readonly seed: string
      readonly file: string | undefined
      readonly line: number | undefined
      readonly what: 'run' | 'undo'
      /** With placeholders, never with values; undefined when the seed's own code threw. */
      readonly statement: string | undefined
      /** Where in the statement the database points, counted from 1. */
      readonly position: number | undefined
      readonly driverMessage: string
      /** What is known to help against this error of the database. */
      readonly remedy?: string
      readonly foreignKey?: RefusedKeyDetails
    } & LimitDetails &
      StepOutcome & { readonly failed: string }
  >({
    exit: 1,
    message: ({ seed, file, line, what, statement, position, driverMessage, attempts, ...outcome }) =>
      `${what === 'run' ? 'seed' : 'undo of seed'} "${seed}" failed${at(file, line)}${attempts === undefined ? '' : ` after ${attempts} attempts`}: ${driverMessage}${statement === undefined ? '' : `\n${sqlExcerpt(statement, position)}`}${outcomeLines(outcome)}`,
    hint: ({ seed, what, rolledBack, committedStatements, uncertain, limit, blockers, foreignKey, ...rest }) => {
      const remedy = foreignKey === undefined ? rest.remedy : foreignKeyAdvice(foreignKey, seed, what)
      if (uncertain) return 'see what was recorded with rev seed status, then run the same command again'
      const next =
        rolledBack || committedStatements === 0
          ? 'correct the seed and run the same command again'
          : 'what is there already must be fit to be found again: use context.upsert, or undo it by hand; then run the same command again'
      if (remedy !== undefined && rolledBack && (limit ?? blockers) !== undefined) return remedy
      return remedy === undefined ? next : `${remedy}; ${next}`
    },
  }),
  REV_SEED_ROWS: entry<
    WithOutcome & {
      readonly seed: string
      readonly file: string | undefined
      readonly table: string
      /** What is wrong with the rows, or with what they met in the table; a sentence without its end. */
      readonly problem: string
    }
  >({
    exit: 1,
    message: ({ seed, file, table, problem, outcome }) =>
      `the rows of "${seed}" for the table "${table}" cannot be written${at(file)}: ${problem}.${outcomeLines(outcome)}`,
    hint: () => 'the key has to tell every row of the table from every other one, and every row has to have it',
  }),
  REV_SEED_NO_UNDO: entry<{
    readonly seeds: readonly { readonly seed: string; readonly file: string | undefined; readonly reason: string }[]
  }>({
    exit: 1,
    message: ({ seeds }) =>
      [
        'these seeds cannot be undone; nothing was changed.',
        ...seeds.map(({ seed, file, reason }) => `  ${seed}${at(file)}: ${reason}`),
      ].join('\n'),
    hint: () => 'give them a function undo(knex), or write their rows with context.upsert or context.insertMissing',
  }),
  REV_SEED_NEEDED: entry<{
    readonly seeds: readonly { readonly seed: string; readonly neededBy: readonly string[] }[]
  }>({
    exit: 1,
    message: ({ seeds }) =>
      [
        'other seeds that are in the database depend on these; nothing was changed.',
        ...seeds.map(({ seed, neededBy }) => `  ${seed} is needed by ${neededBy.join(', ')}`),
      ].join('\n'),
    hint: ({ seeds }) =>
      `undo those together with it: rev seed undo ${[...new Set(seeds.flatMap(({ seed, neededBy }) => [...neededBy, seed]))].join(' ')}`,
  }),
  REV_SEED_UNCONFIRMED: entry<{
    readonly command: string
    /** The database, as it has to be typed. */
    readonly database: string
    readonly isProtected: boolean
    /** What would be removed. */
    readonly seeds: readonly string[]
  }>({
    exit: 2,
    message: ({ command, database, isProtected, seeds }) =>
      `rev ${command} removes rows from ${isProtected ? 'the protected database ' : ''}"${database}" (${seeds.join(', ')}), and nobody has agreed to it; nothing was changed.`,
    hint: ({ isProtected, database }) =>
      isProtected
        ? `if that is what you want, add: --yes-i-mean ${database}`
        : 'if that is what you want, add: --force',
  }),
}
