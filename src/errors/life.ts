import { entry } from './define.ts'

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ')

/** The life of a database: made, asked, emptied, dropped, written down. */
export const lifeErrors = {
  REV_LIFE_NO_ANSWER: entry<{
    /** Undefined when the connection does not say which one it is. */
    readonly database: string | undefined
    readonly waitedMs: number
    /** What the last attempt came to. */
    readonly reason: string
  }>({
    exit: 3,
    message: ({ database = 'the database', waitedMs, reason }) =>
      `${database} did not answer within ${(waitedMs / 1000).toFixed(1)} s: ${reason}.`,
    hint: () => 'see whether the server runs, and wait longer with --timeout',
  }),
  REV_LIFE_NOT_CREATED: entry<{ readonly database: string; readonly reason: string }>({
    exit: 1,
    message: ({ database, reason }) => `the database ${database} could not be created: ${reason}.`,
    hint: () =>
      'the user of the connection needs the right to create it; on SQLite that is the right to write the folder',
  }),
  REV_LIFE_NOT_OURS: entry<{ readonly command: string }>({
    exit: 2,
    message: ({ command }) =>
      `rev ${command} opens and closes connections by itself, and was given a Knex instance or a transaction instead.`,
    hint: () => 'give "knexfile" or "config" to createRev',
  }),
  REV_LIFE_UNSUPPORTED: entry<{ readonly command: string; readonly dialect: string }>({
    exit: 2,
    message: ({ command, dialect }) =>
      `rev ${command} knows PostgreSQL, MySQL, MariaDB and SQLite, and this connection is for ${dialect}.`,
    hint: () => "use the database's own tools for it",
  }),
  REV_LIFE_SYSTEM: entry<{ readonly command: string; readonly name: string; readonly kind: 'database' | 'schema' }>({
    exit: 2,
    message: ({ command, name, kind }) =>
      `rev ${command} does not touch "${name}", a ${kind} that the server itself lives on; nothing was changed.`,
    hint: () => 'correct the connection, or "schemas" under "rev" in the knexfile',
  }),
  REV_LIFE_UNCONFIRMED: entry<{
    readonly command: string
    /** The database, as it has to be typed. */
    readonly database: string
    readonly isProtected: boolean
    /** What would go. */
    readonly what: string
  }>({
    exit: 2,
    message: ({ command, database, isProtected, what }) =>
      `rev ${command} removes ${what} ${isProtected ? 'of the protected database ' : 'of '}"${database}", and nobody has agreed to it; nothing was changed.`,
    hint: ({ isProtected, database }) =>
      isProtected
        ? `if that is what you want, add: --yes-i-mean ${database}`
        : 'if that is what you want, add: --force',
  }),
  REV_LIFE_IN_USE: entry<{
    readonly command: string
    readonly database: string
    /** Who is connected, as far as the server tells. */
    readonly sessions: readonly string[]
  }>({
    exit: 1,
    message: ({ database, sessions }) =>
      `others are at work in the database "${database}"${sessions.length === 0 ? '' : `: ${sessions.join('; ')}`}; it was not dropped.`,
    hint: () => 'end what uses it, or end all of them together with the database: --force',
  }),
  REV_LIFE_OUTSIDE: entry<{
    readonly database: string
    /** What is to be emptied. */
    readonly schemas: readonly string[]
    /** What would go along, in words. */
    readonly objects: readonly string[]
  }>({
    exit: 1,
    message: ({ database, schemas, objects }) =>
      [
        `something outside of ${quoted(schemas)} stands on what is inside, and would go along; nothing was dropped from ${database}.`,
        ...objects.map((object) => `  ${object}`),
      ].join('\n'),
    hint: () => 'drop it first, or name its schema, too: "schemas" under "rev" in the knexfile',
  }),
  REV_LIFE_NO_CLIENT: entry<{ readonly programs: readonly string[]; readonly install: string }>({
    exit: 2,
    message: ({ programs }) =>
      `${programs.join(' or ')} writes the schema down, and is not installed here (not on PATH).`,
    hint: ({ install }) => install,
  }),
  REV_LIFE_CLIENT_UNFIT: entry<{
    readonly program: string
    readonly version: string
    readonly server: string
    readonly install: string
  }>({
    exit: 2,
    message: ({ program, version, server }) =>
      `${program} ${version} is older than the server, ${server}, and cannot write its schema down.`,
    hint: ({ install }) => install,
  }),
  REV_LIFE_DUMP_FAILED: entry<{
    readonly program: string
    readonly database: string
    readonly reason: string
  }>({
    exit: 1,
    message: ({ program, database, reason }) =>
      `${program} could not write down the schema of ${database}: ${reason}\n  no file was changed`,
  }),
}
