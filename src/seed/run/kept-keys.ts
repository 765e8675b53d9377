import type { Knex } from 'knex'
import type { Database } from '../../database/open-database.ts'
import type { PinnedConnection } from '../../database/pinned-connection.ts'

/** The keys of rows that one call inserted into a table. */
export interface InsertedKeys {
  readonly table: string
  readonly columns: readonly string[]
  readonly values: readonly (readonly unknown[])[]
}

/** Keeps keys, behind those that the seed has already. */
export async function keepKeys({ connection, tables }: Database, seed: string, keys: InsertedKeys): Promise<void> {
  const { rows } = await connection.query(`select max(seq) as seq from ${tables.row.sql} where seed = ?`, [seed])
  const seq = Number(rows[0]?.seq ?? 0) + 1
  const text = JSON.stringify({ columns: keys.columns, values: keys.values.map((row) => row.map(encode)) })
  await connection.query(`insert into ${tables.row.sql} (seed, seq, table_name, row_keys) values (?, ?, ?, ?)`, [
    seed,
    seq,
    keys.table,
    text,
  ])
}

/** Whether keys of a seed are kept. */
export async function hasKeptKeys({ connection, tables }: Database, seed: string): Promise<boolean> {
  const { rows } = await connection.query(`select max(seq) as seq from ${tables.row.sql} where seed = ?`, [seed])
  return rows[0]?.seq !== null && rows[0]?.seq !== undefined
}

/**
 * Removes the rows whose keys are kept: table by table, those that were written to last first, and in each the last rows
 * first, so that children go before their parents. Rows that are gone already are no fault. Gives the number of those
 * that were there.
 */
export async function removeKeptRows({ connection, tables }: Database, seed: string, knex: Knex): Promise<number> {
  const { rows } = await connection.query(
    `select seq as seq, table_name as table_name from ${tables.row.sql} where seed = ? order by seq`,
    [seed],
  )
  const bySeq = rows.map(({ seq, table_name }) => ({ seq, table: String(table_name) }))
  const inOrder = [...new Set(bySeq.map(({ table }) => table))].reverse()
  const atOnce = keysAtOnce(connection)
  let removed = 0
  for (const table of inOrder) {
    for (const { seq } of bySeq.filter((each) => each.table === table).reverse()) {
      const kept = await connection.query(
        `select row_keys as row_keys from ${tables.row.sql} where seed = ? and seq = ?`,
        [seed, seq],
      )
      const { columns, values } = JSON.parse(String(kept.rows[0]?.row_keys)) as Omit<InsertedKeys, 'table'>
      const keys = { table, columns, values: values.map((each) => each.map(decode)).reverse() }
      removed += await removeRows(knex, keys, await atOnce(table))
    }
  }
  return removed
}

const KEYS_AT_ONCE = 200

/**
 * How many rows of a table are removed by one statement: MySQL and MariaDB look at foreign keys row by row, so that rows
 * which point at others of their own table have to go one after the other.
 */
function keysAtOnce(connection: PinnedConnection): (table: string) => Promise<number> {
  const known = new Map<string, number>()
  return async (table) => {
    const found =
      known.get(table) ?? (connection.dialect.name === 'mysql' ? await ask(connection, table) : KEYS_AT_ONCE)
    known.set(table, found)
    return found
  }
}

async function ask(connection: PinnedConnection, table: string): Promise<number> {
  const name = table.split('.').at(-1)
  const { rows } = await connection.query(
    `select 1 as found from information_schema.key_column_usage
     where table_name = ? and referenced_table_name = ? limit 1`,
    [name, name],
  )
  return rows.length > 0 ? 1 : KEYS_AT_ONCE
}

async function removeRows(knex: Knex, { table, columns, values }: InsertedKeys, atOnce: number): Promise<number> {
  const [column] = columns
  let removed = 0
  for (let at = 0; at < values.length; at += atOnce) {
    const some = values.slice(at, at + atOnce)
    const rows = knex(table)
    const found =
      columns.length === 1 && column !== undefined
        ? rows.whereIn(column, some.map(([value]) => value) as Knex.Value[])
        : rows.whereIn([...columns], some as Knex.Value[][])
    removed += Number(await found.delete())
  }
  return removed
}

// JSON has no dates, bytes and large numbers.
function encode(value: unknown): unknown {
  if (value instanceof Date) return { date: value.toISOString() }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  return typeof value === 'bigint' ? { number: value.toString() } : value
}

function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { date, bytes, number } = value as Record<string, unknown>
  if (typeof date === 'string') return new Date(date)
  if (typeof bytes === 'string') return Buffer.from(bytes, 'base64')
  return typeof number === 'string' ? BigInt(number) : value
}
