import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import type { BatchQuery } from './batch-query.ts'
import { type KeyColumn, keyForm } from './key-column.ts'
import { findTableKeys, type TableColumn } from './table-keys.ts'

/** What the key of batches belongs to. */
export interface KeyPlace {
  readonly connection: PinnedConnection
  readonly revision: string
  readonly file: string | undefined
}

/**
 * The columns of a key, as the catalogue knows them. Throws REV_BATCH_KEY when there is no such table or column, when
 * several rows may have the same key, and when the database compares its values otherwise than it orders them.
 */
export async function findKey(
  { connection, revision, file }: KeyPlace,
  knex: Knex,
  query: BatchQuery,
  names: readonly string[],
): Promise<KeyColumn[]> {
  const { table } = query
  const refuse = (problem: string): RevError =>
    new RevError('REV_BATCH_KEY', { revision, file, table, key: names, problem })
  const nameOf = (name: string): string => realName(knex, name)
  const path = [nameOf(table), ...(query.schema === undefined ? [] : [nameOf(query.schema)])].reverse()
  const found = await findTableKeys(connection, path)
  if (found === undefined) throw refuse('there is no such table')
  // Only PostgreSQL tells names apart by their case.
  const fold = (name: string): string => (connection.dialect.name === 'postgresql' ? name : name.toLowerCase())
  const columns = names.map((name): readonly [string, TableColumn] => {
    const real = fold(nameOf(name.split('.').at(-1) ?? name))
    const column = found.columns.find((each) => fold(each.name) === real)
    if (column === undefined) throw refuse(`the table has no column "${real}"`)
    return [name, column]
  })
  const own = new Set(columns.map(([, { name }]) => name))
  if (found.unique?.some((index) => index.every((name) => own.has(name))) === false) {
    throw refuse(
      'several rows may have the same values there, because neither the primary key nor a unique index says otherwise',
    )
  }
  await refuseLocalTime(connection, columns, refuse)
  const key = columns.map(([name, column]): KeyColumn => {
    const form = keyForm(connection.dialect.name, column)
    if (form !== undefined) return { name, isNullable: column.isNullable, ...form }
    throw refuse(`the database does not compare values of the type ${column.type} exactly as it orders them`)
  })
  if (key.some(({ kind }) => kind === 'text')) await refuseLossyText(connection, refuse)
  return key
}

// A name goes through the project's own way of writing names.
function realName(knex: Knex, name: string): string {
  const quoted = knex.raw('??', [name]).toSQL().sql
  const [mark = ''] = quoted
  return mark === '"' || mark === '`' ? quoted.slice(1, -1).replaceAll(mark + mark, mark) : quoted
}

/** A TIMESTAMP of MySQL is shown in the zone of the session, where an hour of the year may come twice. */
async function refuseLocalTime(
  { dialect, query }: PinnedConnection,
  columns: readonly (readonly [string, TableColumn])[],
  refuse: (problem: string) => RevError,
): Promise<void> {
  const column = columns.find(([, { type }]) => type === 'timestamp')?.[0]
  if (dialect.name !== 'mysql' || column === undefined) return
  const { rows } = await query(
    `select case when @@session.time_zone = 'SYSTEM' then @@global.system_time_zone else @@session.time_zone end as zone`,
  )
  if (/^(?:[+-]\d\d:\d\d|UTC|GMT|Etc\/\S+)$/i.test(String(rows[0]?.zone))) return
  throw refuse(
    `"${column}" is a TIMESTAMP, and the time zone of the session has hours that come twice a year: set time_zone = '+00:00' before`,
  )
}

/** What the character set of the session cannot hold comes as a question mark, which would be taken for the key. */
async function refuseLossyText(
  { dialect, query }: PinnedConnection,
  refuse: (problem: string) => RevError,
): Promise<void> {
  if (dialect.name !== 'mysql') return
  const { rows } = await query(
    'select @@session.character_set_results as results, @@session.character_set_client as client',
  )
  const found = [rows[0]?.results, rows[0]?.client].find((set) => String(set) !== 'utf8mb4')
  if (found === undefined) return
  throw refuse(`the connection speaks ${String(found)}, which cannot hold every text: it needs charset: 'utf8mb4'`)
}
