import type { PinnedConnection } from '../../database/pinned-connection.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'
import { nameWords, WordCursor } from '../../sql/statement-names.ts'

/** A foreign key that refused a row, as far as the database tells of it. */
export interface RefusedKey {
  /** `missing`: a row points at one that is not there; `needed`: one that others point at was to go. */
  readonly kind: 'missing' | 'needed'
  /** The table of the rows that point at others; undefined where it is not known. */
  readonly child: string | undefined
  /** The tables that they may point at, or that are pointed at; SQLite does not say which. */
  readonly parents: readonly string[]
}

interface DriverError {
  readonly code?: unknown
  readonly errno?: unknown
  readonly message?: unknown
  readonly schema?: unknown
  readonly table?: unknown
  readonly constraint?: unknown
}

/**
 * Which tables a foreign key stands between that a statement broke; undefined for any other error. Ask after everything
 * was rolled back: the connection answers nothing before. Only for advice, so that nothing is thrown.
 */
export async function findRefusedKey(
  connection: PinnedConnection,
  error: unknown,
  statement: string | undefined,
): Promise<RefusedKey | undefined> {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code, errno, message } = at as DriverError
    if (code === '23503') return ofPostgres(connection, at as DriverError, statement).catch(() => undefined)
    if (errno === 1452 || errno === 1451) return ofMysql(errno === 1452 ? 'missing' : 'needed', String(message))
    if (code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || /FOREIGN KEY constraint failed/i.test(String(message)))
      return ofSqlite(connection, statement).catch(() => undefined)
  }
  return undefined
}

const isRemoval = (statement: string | undefined): boolean => /^\s*(?:delete|truncate)\b/i.test(statement ?? '')

async function ofPostgres(
  connection: PinnedConnection,
  { schema, table, constraint }: DriverError,
  statement: string | undefined,
): Promise<RefusedKey> {
  const { rows } = await connection.query(
    `select p.relname as parent from pg_catalog.pg_constraint c
     join pg_catalog.pg_class t on t.oid = c.conrelid
     join pg_catalog.pg_namespace n on n.oid = t.relnamespace
     join pg_catalog.pg_class p on p.oid = c.confrelid
     where c.contype = 'f' and c.conname = ? and t.relname = ? and n.nspname = ?`,
    [String(constraint), String(table), String(schema)],
  )
  const kind = isRemoval(statement) ? 'needed' : 'missing'
  return { kind, child: String(table), parents: rows.map(({ parent }) => String(parent)) }
}

// (`shop`.`cities`, CONSTRAINT `cities_country_foreign` FOREIGN KEY (`country`) REFERENCES `countries` (`code`))
function ofMysql(kind: RefusedKey['kind'], message: string): RefusedKey {
  const [, child] = /\(`(?:[^`]+`\.`)?([^`]+)`, CONSTRAINT /.exec(message) ?? []
  const [, parent] = / REFERENCES `(?:[^`]+`\.`)?([^`]+)` \(/.exec(message) ?? []
  return { kind, child, parents: parent === undefined ? [] : [parent] }
}

async function ofSqlite(connection: PinnedConnection, statement = ''): Promise<RefusedKey> {
  const table = tableOf(statement)
  if (table === undefined) return { kind: 'missing', child: undefined, parents: [] }
  if (isRemoval(statement)) {
    const { rows } = await connection.query(
      `select distinct m.name as child from sqlite_master m, pragma_foreign_key_list(m.name) f
       where m.type = 'table' and lower(f."table") = lower(?)`,
      [table],
    )
    return { kind: 'needed', child: rows.length === 1 ? String(rows[0]?.child) : undefined, parents: [table] }
  }
  const { rows } = await connection.query('select distinct "table" as parent from pragma_foreign_key_list(?)', [table])
  return { kind: 'missing', child: table, parents: rows.map(({ parent }) => String(parent)) }
}

function tableOf(statement: string): string | undefined {
  const family = sqlFamilyOf('sqlite')
  if (family === undefined) return undefined
  const words = new WordCursor(nameWords(statement, family))
  const found = words.skipTo('into', 'update', 'from')
  return found === undefined ? undefined : words.name()?.name
}
