import type { Knex } from 'knex'
import type { Row, WriteRows } from './rows-to-write.ts'

const KEYS_AT_ONCE = 200

/**
 * The rows of a table that have the keys of given ones, by these. Which keys are equal is for the database to say, whose
 * collations and types differ from JavaScript's: what does not match by its text is asked for one by one.
 */
export async function findRows(call: WriteRows, rows: readonly Row[]): Promise<Map<Row, Row>> {
  const found = new Map<Row, Row>()
  const unmatched: Row[] = []
  for (let at = 0; at < rows.length; at += KEYS_AT_ONCE) {
    const some = rows.slice(at, at + KEYS_AT_ONCE)
    const byKey = new Map(some.map((row) => [keyText(valuesOf(call, row)), row]))
    for (const there of await ask(call, some)) {
      const values = valuesOf(call, there)
      const row = values.some(isRounded) ? undefined : byKey.get(keyText(values))
      if (row === undefined) unmatched.push(there)
      else if (found.has(row)) throw ambiguous(call)
      else found.set(row, there)
    }
  }
  if (unmatched.length === 0) return found
  for (const row of rows.filter((each) => !found.has(each))) {
    const [there, second] = await select(call, [row]).where(keyOf(call, row)).limit(2)
    if (second !== undefined) throw ambiguous(call)
    if (there !== undefined) found.set(row, there)
  }
  return found
}

/** Whether a driver may have made it of another whole number, because JavaScript's numbers are not that exact. */
export function isRounded(value: unknown): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value)
}

/** A key as text, to be looked up by. */
export function keyText(values: readonly unknown[]): string {
  return JSON.stringify(values.map((value) => (value instanceof Date ? value.toISOString() : String(value))))
}

function ask(call: WriteRows, rows: readonly Row[]): Promise<Row[]> {
  const { key } = call
  const [column] = key
  const values = rows.map((row) => valuesOf(call, row)) as Knex.Value[][]
  const query = select(call, rows)
  if (key.length === 1 && column !== undefined) return query.whereIn(column, values.flat())
  return query.whereIn([...key], values)
}

// Only what is compared: other columns may be large, or not this user's to read.
function select({ knex, table, key, changes }: WriteRows, rows: readonly Row[]): Knex.QueryBuilder<Row, Row[]> {
  const columns = changes ? [...new Set(rows.flatMap((row) => Object.keys(row)))] : [...key]
  return knex<Row>(table).select(columns) as unknown as Knex.QueryBuilder<Row, Row[]>
}

const valuesOf = ({ key }: WriteRows, row: Row): unknown[] => key.map((column) => row[column])

const keyOf = ({ key }: WriteRows, row: Row): Record<string, Knex.Value> =>
  Object.fromEntries(key.map((column) => [column, row[column] as Knex.Value]))

const ambiguous = ({ key, fail }: WriteRows): Error => fail(ambiguousKey(key))

/** The problem of a key that several rows of the table have. */
export function ambiguousKey(key: readonly string[]): string {
  return `several rows of the table have the same ${key.join(', ')}, so that the key names none of them`
}
