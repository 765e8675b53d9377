import { entry } from './define.ts'
import { outcomeLines, type WithOutcome } from './step-outcome.ts'

/** Where a database is; no secret among it. */
export interface DatabasePlace {
  readonly client: string
  readonly host?: string
  readonly port?: number
  readonly database?: string
  readonly user?: string
  readonly filename?: string
}

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')
const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const LONGEST_SQL = 240

// rev's own statements say little to the reader; the details of the error keep them whole.
function beginning(sql: string): string {
  const line = sql.replace(/\s+/g, ' ')
  return line.length > LONGEST_SQL ? `${line.slice(0, LONGEST_SQL)}...` : line
}

function place({ client, host, port, database, user, filename }: DatabasePlace): string {
  if (filename !== undefined) return `the ${client} file ${filename}`
  const parts = [
    host === undefined ? undefined : `host ${host}`,
    port === undefined ? undefined : `port ${port}`,
    database === undefined ? undefined : `database "${database}"`,
    user === undefined ? undefined : `user "${user}"`,
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? `the ${client} database` : `the ${client} database (${parts.join(', ')})`
}

/** Connecting, the version table, the lock, the run. */
export const databaseErrors = {
  REV_DATABASE_NOT_CONFIGURED: entry<Record<never, never>>({
    exit: 2,
    message: () => 'this needs a database, and no connection is configured.',
    hint: () => 'give "client" and "connection" in the knexfile, or --client and --connection',
  }),
  REV_DATABASE_NO_CONNECTION: entry<{ client: string }>({
    exit: 2,
    message: (d) =>
      `the configuration has the client "${d.client}" and no "connection"; a variable that it reads may not be set.`,
    hint: () => 'set the variable, choose another environment with --env, or give --connection',
  }),
  REV_DATABASE_CONFIG_REFUSED: entry<{ client: string; reason: string; known: readonly string[] }>({
    exit: 2,
    message: (d) => `Knex does not accept the configuration: ${d.reason}`,
    hint: ({ client, known }) =>
      known.includes(client) ? 'correct it in the knexfile' : `"client" is one of: ${known.join(', ')}`,
  }),
  REV_DATABASE_URL_UNREADABLE: entry<{ client: string }>({
    exit: 2,
    message: (d) =>
      `the connection of the client "${d.client}" is a text that cannot be read as a URL, or not in one way only.`,
    hint: () =>
      'in user, password, database and parameters write / as %2F, @ as %40, ? as %3F, # as %23, : as %3A, % as %25 and space as %20 (encodeURIComponent does it), or give host, user, password and database one by one',
  }),
  REV_DATABASE_FILE_URI: entry<{ filename: string }>({
    exit: 2,
    message: (d) => `better-sqlite3 reads no "file:" URI: "${d.filename}" would be the name of a new file.`,
    hint: () => 'write the path itself as "filename", or :memory: for a database in memory',
  }),
  REV_DATABASE_DRIVER_MISSING: entry<{ package: string; install: string }>({
    exit: 2,
    message: (d) => `the package "${d.package}" is needed to reach the database, and it is not installed.`,
    hint: ({ install }) => install,
  }),
  REV_DATABASE_DRIVER_UNFIT: entry<{ package: string; version: string; node: string; install: string }>({
    exit: 2,
    message: (d) => `${d.package} ${d.version} does not work on Node ${d.node}: it would end the process.`,
    hint: ({ install }) => install,
  }),
  REV_DATABASE_CONNECT_FAILED: entry<DatabasePlace & { reason: string; remedy?: string }>({
    exit: 1,
    message: (d) => `no connection to ${place(d)}: ${d.reason}`,
    hint: ({ remedy }) => remedy,
  }),
  REV_DATABASE_TRANSACTION_REFUSED: entry<{ dialect: string }>({
    exit: 2,
    message: (d) =>
      `a transaction cannot be joined on ${d.dialect}: it commits by itself with the first CREATE, ALTER or DROP of a revision.`,
    hint: () => 'pass the Knex instance instead of the transaction',
  }),
  REV_DATABASE_NO_SCHEMA: entry<{ database: string; dialect: string }>({
    exit: 2,
    message: (d) =>
      d.dialect === 'mysql'
        ? `the connection ${d.database} selects no database, so the version table has no place.`
        : `no schema of the search path exists on ${d.database}, or its user may use none of them, so the version table has no place.`,
    hint: (d) =>
      d.dialect === 'mysql'
        ? 'name the database in "connection", or set "schema" under "rev" in the knexfile'
        : 'create the schema, or grant usage on it, or set "schema" under "rev" in the knexfile',
  }),
  REV_DATABASE_QUERY_FAILED: entry<WithOutcome & { database: string; sql: string; reason: string; remedy?: string }>({
    exit: 1,
    message: (d) =>
      `a statement of rev itself failed on ${d.database}: ${d.reason}\n    ${beginning(d.sql)}${outcomeLines(d.outcome)}`,
    hint: ({ remedy }) => remedy,
  }),
  REV_DATABASE_READ_ONLY: entry<{ database: string; reason: string }>({
    exit: 1,
    message: (d) => `the database ${d.database} takes no writes: ${d.reason}.`,
    hint: () => 'connect to the primary server',
  }),
  REV_DATABASE_NOT_EMPTY: entry<{ database: string; table: string; tables: readonly string[]; count: number }>({
    exit: 1,
    message: (d) =>
      `the database ${d.database} holds ${plural(d.count, 'table')} (${list(d.tables)}${d.count > d.tables.length ? ', ...' : ''}) but no version table ${d.table}, so it is not known which revisions it has.`,
    hint: () =>
      'say where it stands: rev stamp REVISION; or run everything on top of what is there: rev upgrade --allow-non-empty',
  }),
  REV_DATABASE_VERSION_TABLE: entry<{ table: string; database: string; finding: string }>({
    exit: 1,
    message: (d) => `the version table ${d.table} of ${d.database} cannot be used: ${d.finding}.`,
    hint: () => 'nothing was changed; what would repair it: rev doctor; or name another one as "versionTable"',
  }),
  REV_DATABASE_EVENT_TABLE: entry<{ table: string; database: string; missing: readonly string[] }>({
    exit: 1,
    message: (d) => `the event table ${d.table} of ${d.database} cannot be read: it has no column ${list(d.missing)}.`,
    hint: () =>
      'nothing was changed; what would repair it: rev doctor; or give the table another name: the next run makes a new one, and nothing but history is lost',
  }),
  REV_DATABASE_META_TABLE: entry<{ table: string; database: string; missing: readonly string[] }>({
    exit: 1,
    message: (d) =>
      `the table ${d.table} of ${d.database}, which says whose database it is, cannot be read: it has no column ${list(d.missing)}.`,
    hint: () =>
      'nothing was changed; what would repair it: rev doctor; or name another version table as "versionTable"',
  }),
  REV_DATABASE_OTHER_PROJECT: entry<{
    database: string
    table: string
    /** The project in the table, and the one in the settings. */
    recorded: string
    configured: string
    /** The statement that gives the database to the project of the settings. */
    rename: string
  }>({
    exit: 1,
    message: (d) =>
      `the database ${d.database} belongs to the project "${d.recorded}" (${d.table}), and these settings are those of "${d.configured}"; nothing was changed.`,
    hint: ({ rename }) =>
      `connect to the right database (--env, --connection); or, only when the project was renamed, run once: ${rename}`,
  }),
  REV_DATABASE_NEWER_FORMAT: entry<{ database: string; table: string; format: string; known: number }>({
    exit: 1,
    message: (d) =>
      `rev's tables in the database ${d.database} were written by a newer rev: ${d.table} says format ${d.format}, and this one knows ${d.known}; nothing was changed.`,
    hint: () => 'update rev: npm install knex-rev@latest; what only reads goes on working',
  }),
  REV_DATABASE_ID_TOO_LONG: entry<{ revision: string; length: number; limit: number; table: string; remedy: string }>({
    exit: 1,
    message: (d) =>
      `the revision "${d.revision}" has ${d.length} characters, and version_num of ${d.table} holds ${d.limit}; nothing was run.`,
    hint: ({ remedy }) => remedy,
  }),
  REV_DATABASE_ROW_MISMATCH: entry<WithOutcome & { table: string; expected: string; found: number }>({
    exit: 1,
    message: ({ table, expected, found, outcome }) =>
      `a change of the version table ${table} (${expected}) matched ${plural(found, 'row')} instead of one; another run may have changed it.${outcomeLines(outcome)}`,
    hint: () => 'look at the rows with: rev current',
  }),
  REV_DATABASE_ROWS_DIFFER: entry<{ table: string; expected: readonly string[]; found: readonly string[] }>({
    exit: 1,
    message: (d) =>
      `after the run the version table ${d.table} holds ${list(d.found) || 'no row'} instead of ${list(d.expected) || 'no row'}; something else changed it.`,
    hint: () => 'look at the rows with: rev current',
  }),
  REV_DATABASE_UNKNOWN_ROW: entry<{
    rows: readonly string[]
    table: string
    database: string
    directories: readonly string[]
  }>({
    exit: 1,
    message: (d) =>
      `the database ${d.database} is ahead of these files, or from another branch: its version table ${d.table} holds ${list(d.rows)}, which no file in ${d.directories.join(', ') || 'the given revisions'} knows.`,
    hint: () =>
      'check out the code that has this revision; or name the right directory as "versionLocations", the right database, or the right "versionTable"; or say where the database stands: rev stamp --purge REVISION',
  }),
  REV_DATABASE_POOLED: entry<{ database: string }>({
    exit: 2,
    message: (d) =>
      `${d.database} is reached through a pooler in transaction mode, where no lock can be kept; nothing was run.`,
    hint: () =>
      'connect to the server itself, or to a pool in session mode: an environment of its own in the knexfile, or --connection; or set lock to "lease" under "rev", which needs no session',
  }),
  REV_DATABASE_STATEMENT_TIMEOUT: entry<{ revisions: readonly string[] }>({
    exit: 2,
    message: (d) =>
      `statementTimeout cannot hold on SQLite, whose driver blocks this process while a statement runs (${list(d.revisions)}); nothing was run.`,
    hint: () =>
      'leave statementTimeout out, or set it to 0, under "rev" in the knexfile, on the command line, and in config of the revisions',
  }),
  REV_DATABASE_LOCKED: entry<{ database: string; waitedMs: number; holder?: string }>({
    exit: 1,
    message: (d) =>
      `another run holds the lock of ${d.database}${d.holder === undefined ? '' : ` (${d.holder})`}; gave up after ${(d.waitedMs / 1000).toFixed(1)} s.`,
    hint: () =>
      'wait for it, or wait longer with --lock-timeout; the lock goes with the connection that holds it: one that hangs is ended by select pg_terminate_backend(PID) on PostgreSQL, kill CONNECTION on MySQL and MariaDB, and with its process on SQLite',
  }),
  REV_DATABASE_LOCK_FAILED: entry<{ database: string; reason: string; remedy?: string }>({
    exit: 1,
    message: (d) => `the lock of ${d.database} cannot be taken: ${d.reason}`,
    hint: ({ remedy }) => remedy,
  }),
  REV_DATABASE_LEASE_REFUSED: entry<{ database: string; reason: string }>({
    exit: 2,
    message: (d) => `no lease can be kept on ${d.database}: ${d.reason}; nothing was run.`,
    hint: () => 'leave out "lock" under "rev", or set it to "session": a lock that goes with the connection',
  }),
  REV_DATABASE_LOCK_LOST: entry<WithOutcome & { database: string; reason: string }>({
    exit: 1,
    message: (d) =>
      `the lock of ${d.database} was lost (${d.reason}), so nothing more was run.${outcomeLines(d.outcome)}`,
    hint: () =>
      'connect to the server itself, not through a pooler in transaction mode; a lease that ran out wants a longer "leaseTime"; see where the database stands: rev current',
  }),
  REV_DATABASE_SINGLE_TRANSACTION: entry<{ reason: string; revisions: readonly string[] }>({
    exit: 2,
    message: (d) =>
      `the run cannot be one transaction: ${d.reason}${d.revisions.length > 0 ? ` (${list(d.revisions)})` : ''}.`,
    hint: () => 'leave out --single-transaction: each revision then has its own transaction',
  }),
}
