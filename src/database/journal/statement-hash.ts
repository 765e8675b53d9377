import { createHash } from 'node:crypto'

// Knex numbers its temporary tables by chance.
const TEMPORARY_TABLE = /_knex_temp_alter\d+/g
const DIGITS = 32

/**
 * Which statement this is: `TEXT.VALUES`, two checksums. Statements that are the same text with other values share the
 * first part.
 */
export function statementHash(sql: string, bindings: readonly unknown[]): string {
  const text = createHash('sha256').update(sql.replaceAll(TEMPORARY_TABLE, '_knex_temp_alter'))
  const values = createHash('sha256')
  for (const value of bindings) values.update(bytesOf(value)).update('\0')
  return `${text.digest('hex').slice(0, DIGITS)}.${values.digest('hex').slice(0, DIGITS)}`
}

/** Whether two statements have the same text, whatever their values. */
export function isSameText(one: string, other: string): boolean {
  return one.slice(0, DIGITS) === other.slice(0, DIGITS)
}

function bytesOf(value: unknown): string | Uint8Array {
  if (value instanceof Uint8Array) return value
  const kind = value === null ? 'null' : value instanceof Date ? 'date' : typeof value
  return `${kind}:${value instanceof Date ? value.getTime() : textOf(value)}`
}

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner)) ?? ''
}
