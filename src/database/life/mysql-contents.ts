import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { DEFAULT_TABLE_LOCK_MS } from '../limits/time-limit.ts'
import { saveSession } from '../session-settings.ts'
import type { ContentsOfDialect, DatabaseObject, Emptied } from './contents-of-dialect.ts'
import { stoppable } from './stoppable.ts'

// Events first, which may run at any moment.
const ORDER = ['event', 'view', 'procedure', 'function', 'package', 'table', 'sequence']

/** Each DROP commits by itself; the version table goes first, so that no half of a database seems to be whole. */
export const mysqlContents: ContentsOfDialect = {
  list: listObjects,
  async drop(database, emptied, objects) {
    await assertNoneOutside(database, emptied)
    const { connection, tables, settings } = database
    const { quote } = connection.dialect
    const isVersion = ({ kind, schema, name }: DatabaseObject): boolean =>
      kind === 'table' && schema === tables.version.schema && name === tables.version.name
    const rank = (object: DatabaseObject): number => (isVersion(object) ? -1 : ORDER.indexOf(object.kind))
    const restore = await saveSession(connection)
    let dropped = 0
    try {
      await connection.query('set session foreign_key_checks = 0')
      const ms = settings.tableLockTimeoutMs ?? DEFAULT_TABLE_LOCK_MS
      if (ms > 0) await connection.query(`set session lock_wait_timeout = ${Math.max(1, Math.ceil(ms / 1000))}`)
      // Elsewhere a package is no word of the language.
      if (objects.some(({ kind }) => kind === 'package')) await connection.query(`set session sql_mode = 'ORACLE'`)
      const query = stoppable(database)
      for (const object of [...objects].sort((one, other) => rank(one) - rank(other))) {
        await query(`drop ${object.kind} if exists ${quote(object.schema)}.${quote(object.name)}`)
        dropped += 1
      }
    } catch (error) {
      if (dropped > 0) tellHalf(database, dropped, objects.length)
      throw error
    } finally {
      await restore().catch(() => undefined)
    }
  },
}

function tellHalf({ report }: Database, dropped: number, all: number): void {
  const message = `${dropped} of ${all} objects are dropped for good, the version table first; rev reset goes on with the others`
  report({ type: 'notice', code: 'REV_NOTICE_HALF_RESET', message })
}

async function listObjects({ connection }: Database, { schemas, own, kept }: Emptied): Promise<DatabaseObject[]> {
  const places = [...new Set([...schemas, own.schema])]
  const marks = places.map(() => '?').join(', ')
  const { rows } = await connection.query(
    `select table_schema as place, table_name as name, table_type as kind from information_schema.tables
       where table_schema in (${marks})
     union all select routine_schema, routine_name, routine_type from information_schema.routines
       where routine_schema in (${marks})
     union all select event_schema, event_name, 'EVENT' from information_schema.events where event_schema in (${marks})
     order by 1, 3, 2`,
    [...places, ...places, ...places],
  )
  return rows
    .map(({ place, name, kind }) => ({ kind: kindOf(String(kind)), schema: String(place), name: String(name) }))
    .filter((object) => {
      const isOwn = object.kind === 'table' && object.schema === own.schema && own.names.includes(object.name)
      return ORDER.includes(object.kind) && (isOwn ? object.name !== kept : schemas.includes(object.schema))
    })
}

function kindOf(type: string): string {
  // BASE TABLE, SYSTEM VERSIONED; the body of a package goes with it.
  return /TABLE|VERSIONED/i.test(type) ? 'table' : type.toLowerCase()
}

// With foreign key checks off they would be left pointing at nothing.
async function assertNoneOutside({ connection, description }: Database, { schemas }: Emptied): Promise<void> {
  if (schemas.length === 0) return
  const marks = schemas.map(() => '?').join(', ')
  const { rows } = await connection.query(
    `select constraint_schema as place, table_name as name, constraint_name as constraint_name
     from information_schema.referential_constraints
     where unique_constraint_schema in (${marks}) and constraint_schema not in (${marks}) order by 1, 2, 3`,
    [...schemas, ...schemas],
  )
  if (rows.length === 0) return
  const objects = rows
    .slice(0, 20)
    .map((row) => `foreign key ${String(row.constraint_name)} of table ${String(row.place)}.${String(row.name)}`)
  throw new RevError('REV_LIFE_OUTSIDE', { database: description.text, schemas, objects })
}
