import type { WrittenRows } from '../files/seed-module.ts'
import { findRows, isRounded, keyText } from './find-rows.ts'
import { isJsonOf, withJsonTexts } from './json-values.ts'
import type { Row, WriteRows } from './rows-to-write.ts'

type Fail = WriteRows['fail']

const COLUMNS_SHOWN = 20
/** So many rows are looked at and written together. */
export const ROWS_AT_ONCE = 500
// SQLite takes 32766 values in one statement, PostgreSQL 65535.
const VALUES_AT_ONCE = 30_000
// Beyond that memory counts for more: a key that is given twice changes its row twice.
const KEYS_REMEMBERED = 100_000

/**
 * Writes rows by their key, a batch at a time. What is missing is inserted by a plain INSERT, so that a row which came
 * from elsewhere in between is an error and never overwritten in silence; what is there is changed by an UPDATE of its
 * key alone, so that no other unique column can send it to another row.
 */
export async function writeRows(call: WriteRows): Promise<WrittenRows> {
  const total = { inserted: 0, updated: 0, unchanged: 0 }
  const seen = new Set<string>()
  let count = 0
  let batch: Row[] = []
  const write = async (): Promise<void> => {
    const written = await writeBatch(call, batch)
    total.inserted += written.inserted
    total.updated += written.updated
    total.unchanged += written.unchanged
    batch = []
  }
  for await (const row of call.rows) {
    count += 1
    batch.push(checkedRow(call, row, count, seen))
    const columns = Object.keys(row).length
    if (batch.length >= ROWS_AT_ONCE || (batch.length + 1) * columns > VALUES_AT_ONCE) await write()
  }
  if (batch.length > 0) await write()
  return total
}

/** The columns of the key that a helper was given. */
export function checkedKey(options: { readonly key?: string | readonly string[] } | undefined, fail: Fail): string[] {
  const key = [options?.key ?? []].flat()
  if (key.length === 0) throw fail('no key was given, as in { key: "code" }')
  return key
}

/**
 * A row with all of its key, which no row before it has, and its objects as JSON; `seen` keeps the keys of these before.
 */
export function checkedRow(
  { key, fail, dialect }: Pick<WriteRows, 'key' | 'fail' | 'dialect'>,
  row: unknown,
  number: number,
  seen: Set<string>,
): Row {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) throw fail(`row ${number} is no object`)
  const written = withJsonTexts(row as Row, dialect)
  const values = key.map((column) => written[column])
  const absent = key.find((_, at) => values[at] === undefined || values[at] === null)
  if (absent !== undefined) {
    const names = Object.keys(row)
    const shown = names.slice(0, COLUMNS_SHOWN).map((name) => `"${name}"`)
    const has = `${shown.join(', ')}${names.length > shown.length ? ', ...' : ''}`
    const why = absent in row ? `NULL as "${absent}"` : `no "${absent}"`
    throw fail(`row ${number} has ${why}, which belongs to the key; its columns are ${has || 'none'}`)
  }
  const text = keyText(values)
  if (seen.has(text)) throw fail(`row ${number} has the same ${key.join(', ')} as a row before it`)
  if (seen.size < KEYS_REMEMBERED) seen.add(text)
  return written
}

async function writeBatch(call: WriteRows, rows: readonly Row[]): Promise<WrittenRows> {
  const found = await findRows(call, rows)
  const missing = rows.filter((row) => !found.has(row))
  await insert(call, missing)
  if (!call.changes) return { inserted: missing.length, updated: 0, unchanged: rows.length - missing.length }
  let updated = 0
  for (const [row, there] of found) {
    const changes = Object.entries(row).filter(
      ([name, value]) => !call.key.includes(name) && !isSame(value, there[name]),
    )
    if (changes.length === 0) continue
    updated += 1
    const key = Object.fromEntries(call.key.map((column) => [column, row[column]]))
    await call.knex(call.table).where(key).update(Object.fromEntries(changes))
  }
  return { inserted: missing.length, updated, unchanged: found.size - updated }
}

async function insert({ knex, table, key, keep }: WriteRows, rows: readonly Row[]): Promise<void> {
  for (const group of groupByColumns(rows)) {
    await knex(table).insert(group)
    await keep({ table, columns: key, values: group.map((row) => key.map((column) => row[column])) })
  }
}

/** Neighbours with the same columns: a column that one row leaves out takes its default there, and NULL nowhere. */
function groupByColumns(rows: readonly Row[]): Row[][] {
  const groups: Row[][] = []
  let columns: string | undefined
  for (const row of rows) {
    const own = JSON.stringify(Object.keys(row).sort())
    if (own === columns) groups.at(-1)?.push(row)
    else groups.push([row])
    columns = own
  }
  return groups
}

/** Whether what the table holds is what the row says, for certain: when in doubt it is written once more. */
function isSame(value: unknown, there: unknown): boolean {
  if (value === undefined) return true
  if (isRounded(there) && typeof value !== 'number') return false
  if (value === there) return true
  if (value === null || there === null || there === undefined) return false
  if (value instanceof Date && there instanceof Date) return value.getTime() === there.getTime()
  // MySQL and SQLite keep truth as a number; drivers give large and exact numbers as text.
  if (typeof value === 'boolean') return (there === 1 && value) || (there === 0 && !value)
  if (typeof there === 'boolean') return value === String(there)
  if (typeof value === 'number' || typeof there === 'number' || typeof there === 'bigint')
    return String(value) === String(there)
  return isJsonOf(value, there)
}
