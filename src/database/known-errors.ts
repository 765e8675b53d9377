// What is known of the errors that drivers raise, and what to do about them. Pure: an error in, a sentence or nothing out.

/** Hints by SQLSTATE (PostgreSQL and what speaks like it), by errno (MySQL, MariaDB) and by code (SQLite, Node). */
const EXISTS =
  'it is in the database already: if the revision was applied by other means, say so with rev stamp REVISION; else change the revision'
const DUPLICATE_KEY =
  'rows of the table hold the same value twice: remove the duplicates in the revision before the key is added'
const FOREIGN_KEY =
  'a row points at one that is not there (or is still pointed at): change the rows first, in the same revision'
const NOT_NULL = 'rows hold NULL there: fill them in the revision before the column is made NOT NULL'
const PRIVILEGE =
  'the database user lacks a privilege: grant it, or connect as the owner of the schema ("role" under "rev" sets one)'
const NO_ACCESS =
  'the server does not tell whether the database is there, because its user may not use it: correct its name, have it created, or grant the privilege'
const READ_ONLY = 'this server or session takes no writes: connect to the primary server'
const LOCK_TIMEOUT =
  'another session holds the table: find it, or run again when it is done; nothing of this statement was kept'
const DEADLOCK = 'two sessions waited for each other and the database ended this one: run it again'
const TOO_LONG = 'the value does not fit the column; for version_num, widen the column to varchar(255)'
const NO_TRANSACTION =
  'this statement cannot run inside a transaction: put it in a revision of its own with the line: export const transaction = false'
const MISSING =
  'it is not there: check the order of the revisions (down_revision, depends_on), the schema and the spelling'
const DISK_FULL = 'the disk of the database is full: make room and run it again'
const REFUSED = 'nothing listens there: start the server, or correct host and port of the connection'
const LOGIN = 'the server does not accept this user: correct user and password of the connection'
const TIMEOUT = 'the time limit that is set for this session ended the statement: raise it for this revision'
const EXTENSION =
  'the extension is not there: install it on the server, then in the revision: create extension if not exists NAME'
const LOST =
  'the connection to the server was lost (a restart, an administrator, the network): see the log of the server before it is run again'
const NOT_OPEN = 'the Knex instance was destroyed, or has no "connection"'
const TOO_MANY = 'the server has no free connection: close some, or raise its limit'

const BY_SQLSTATE: Readonly<Record<string, string>> = {
  '42P07': EXISTS,
  '42P06': EXISTS,
  '42701': EXISTS,
  '42710': EXISTS,
  '42723': EXISTS,
  '23505': DUPLICATE_KEY,
  '23503': FOREIGN_KEY,
  '23502': NOT_NULL,
  '23514': 'rows break the check: change them in the revision before the check is added',
  '2BP01': 'something else depends on it: drop that first, in the same revision',
  '42501': PRIVILEGE,
  '25006': READ_ONLY,
  '22001': TOO_LONG,
  '25001': NO_TRANSACTION,
  '55P03': LOCK_TIMEOUT,
  '40P01': DEADLOCK,
  '40001': DEADLOCK,
  '55P04': `a new enum value cannot be used in the transaction that adds it: ${NO_TRANSACTION.split(': ')[1]}: export const transaction = false`,
  '25P02':
    'a statement before this one failed and its error was swallowed: let it through, or undo it with a nested transaction',
  '57014': TIMEOUT,
  '42P01': MISSING,
  '42703': MISSING,
  '3F000': MISSING,
  '42704': `${MISSING}; a type may belong to an extension: create extension if not exists NAME`,
  '42883': `${MISSING}; a function may belong to an extension: create extension if not exists NAME`,
  '0A000': 'this server cannot do that; if it names an extension, that must be installed on the server first',
  '58P01': EXTENSION,
  '53100': DISK_FULL,
  '53300': TOO_MANY,
  '57P01': LOST,
  '57P02': LOST,
  '08006': LOST,
  '08003': LOST,
  '57P03': 'the server is starting up: run it again in a moment',
  '28P01': LOGIN,
  '28000': LOGIN,
  '3D000': 'the database is not there: create it with rev db create, or correct its name in the connection',
}

const BY_ERRNO: Readonly<Record<number, string>> = {
  1050: EXISTS,
  1007: EXISTS,
  1060: EXISTS,
  1061: EXISTS,
  1826: EXISTS,
  1062: DUPLICATE_KEY,
  1451: FOREIGN_KEY,
  1452: FOREIGN_KEY,
  1005: 'most often a foreign key whose columns differ in type, sign or collation from the key they point at',
  1215: 'the columns of a foreign key must have the type, sign and collation of the key they point at, which must be indexed',
  3780: 'the columns of a foreign key must have the type, sign and collation of the key they point at',
  1048: NOT_NULL,
  1138: NOT_NULL,
  1265: 'rows hold values that the new type cannot keep: change them in the revision first',
  4025: 'rows break the check: change them in the revision before the check is added',
  3819: 'rows break the check: change them in the revision before the check is added',
  1044: NO_ACCESS,
  1142: PRIVILEGE,
  1143: PRIVILEGE,
  1227: PRIVILEGE,
  1370: PRIVILEGE,
  1045: LOGIN,
  1698: LOGIN,
  1046: 'name the database in the connection of the knexfile',
  1049: 'the database is not there: create it with rev db create, or correct its name in the connection',
  1290: READ_ONLY,
  1792: READ_ONLY,
  1836: READ_ONLY,
  1406: TOO_LONG,
  1205: LOCK_TIMEOUT,
  1213: DEADLOCK,
  1146: MISSING,
  1054: MISSING,
  1091: MISSING,
  1071: 'the key is longer than the server allows: index fewer characters of the column, or make it shorter',
  1170: 'a text column needs a key length, or make it varchar',
  1969: TIMEOUT,
  3024: TIMEOUT,
  1053: LOST,
  1927: LOST,
  2006: LOST,
  2013: LOST,
  1021: DISK_FULL,
  1114: DISK_FULL,
  1040: TOO_MANY,
  1203: TOO_MANY,
}

const BY_CODE: Readonly<Record<string, string>> = {
  SQLITE_CONSTRAINT_UNIQUE: DUPLICATE_KEY,
  SQLITE_CONSTRAINT_PRIMARYKEY: DUPLICATE_KEY,
  SQLITE_CONSTRAINT_FOREIGNKEY: FOREIGN_KEY,
  SQLITE_CONSTRAINT_NOTNULL: NOT_NULL,
  SQLITE_CONSTRAINT_CHECK: 'rows break the check: change them in the revision before the check is added',
  SQLITE_BUSY: LOCK_TIMEOUT,
  SQLITE_LOCKED: LOCK_TIMEOUT,
  SQLITE_READONLY: 'the file or its folder is not writable for this user',
  SQLITE_CANTOPEN: 'the folder of the file is missing or not writable: create it, or correct "filename"',
  SQLITE_FULL: DISK_FULL,
  SQLITE_NOTADB: 'the file is not a SQLite database (or an encrypted one): correct "filename"',
  SQLITE_CORRUPT: 'the file is damaged: restore it from a copy',
  ECONNREFUSED: REFUSED,
  ENOTFOUND: 'this host name is not known here: correct "host" of the connection',
  EAI_AGAIN: 'the name server does not answer: check the network, or correct "host" of the connection',
  ETIMEDOUT: 'nothing answers there: check host, port and firewall',
  ENOENT: 'the socket is not there: start the server, or correct the path',
  ECONNRESET: LOST,
  EPIPE: LOST,
  PROTOCOL_CONNECTION_LOST: LOST,
  ERR_DLOPEN_FAILED: 'the driver was built for another Node: npm rebuild better-sqlite3',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate is not trusted here: give its authority as "ssl.ca" of the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is not trusted here: give its authority as "ssl.ca" of the connection',
}

const BY_MESSAGE: readonly (readonly [RegExp, string])[] = [
  [/cannot (run|be executed) (inside|from within) a transaction|cannot VACUUM from within/i, NO_TRANSACTION],
  [/extension .* is not available|could not open extension control file/i, EXTENSION],
  [/(table|index|view|trigger) .* already exists|duplicate column name/i, EXISTS],
  [/no such (table|column|index)/i, MISSING],
  [/UNIQUE constraint failed/i, DUPLICATE_KEY],
  [/FOREIGN KEY constraint failed/i, FOREIGN_KEY],
  [/NOT NULL constraint failed/i, NOT_NULL],
  [
    /timeout expired|connect ETIMEDOUT|Timeout acquiring a connection/i,
    'nothing answers there: check host, port and firewall',
  ],
  [/is not queryable|in closed state|Connection (terminated|ended|lost)|Client was closed/i, LOST],
  [/Unable to acquire a connection/, NOT_OPEN],
  [
    /Received unexpected .* message from backend|unknown authenticat|Got packets out of order/i,
    'what answers there is another kind of server: correct host and port of the connection',
  ],
  [/directory does not exist/i, 'create the folder of the file, or correct "filename" of the connection'],
  [/^role .* does not exist$/i, 'correct "role" under "rev" in the knexfile, or the user of the connection'],
  [/does not support SSL/i, 'the server speaks no TLS: leave out "ssl" of the connection'],
  [
    /NODE_MODULE_VERSION|different Node\.js version/i,
    'the driver was built for another Node: npm rebuild better-sqlite3',
  ],
]

// What these advise is to change a revision, and rev's own statements belong to none.
const ABOUT_REVISIONS: ReadonlySet<string> = new Set([
  EXISTS,
  DUPLICATE_KEY,
  FOREIGN_KEY,
  NOT_NULL,
  TOO_LONG,
  NO_TRANSACTION,
  MISSING,
  EXTENSION,
])

/** The same for a statement of rev itself. */
export function hintForOwn(error: unknown): string | undefined {
  const hint = hintFor(error)
  return hint !== undefined && ABOUT_REVISIONS.has(hint) ? undefined : hint
}

/** Whether the connection is gone, so that what has become of the last statement is not known. */
export function isConnectionLost(error: unknown): boolean {
  return hintFor(error) === LOST
}

// An administrator's KILL QUERY, and the time limits of MariaDB and of MySQL.
const ENDED: ReadonlySet<unknown> = new Set([1317, 1969, 3024])

/**
 * Whether MySQL or MariaDB has ended a statement that it did not refuse. It may have taken place all the same: MariaDB says
 * so behind a function that it has dropped, or an event that it has created.
 */
export function isEnded(error: unknown): boolean {
  return error instanceof Error && ENDED.has((error as { errno?: unknown }).errno)
}

/** What to do about a driver's error; undefined when nothing better than its own message is known. */
export function hintFor(error: unknown): string | undefined {
  // A driver's error may stand behind another one: the first that is known speaks.
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const found = hintForOne(at)
    if (found !== undefined) return found
  }
  return undefined
}

function hintForOne(error: Error): string | undefined {
  const { code, errno } = error as { code?: unknown; errno?: unknown }
  for (const [pattern, hint] of BY_MESSAGE.slice(0, 2)) if (pattern.test(error.message)) return hint
  if (typeof code === 'string' && Object.hasOwn(BY_CODE, code)) return BY_CODE[code]
  if (typeof code === 'string' && code.startsWith('SQLITE_READONLY')) return BY_CODE.SQLITE_READONLY
  if (typeof code === 'string' && code.startsWith('SQLITE_BUSY')) return BY_CODE.SQLITE_BUSY
  if (typeof code === 'string' && Object.hasOwn(BY_SQLSTATE, code)) return BY_SQLSTATE[code]
  if (typeof errno === 'number' && Object.hasOwn(BY_ERRNO, errno)) return BY_ERRNO[errno]
  return BY_MESSAGE.find(([pattern]) => pattern.test(error.message))?.[1]
}
