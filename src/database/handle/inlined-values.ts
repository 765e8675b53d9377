import type { BackslashMode } from './backslash-mode.ts'
import type { InternalClient } from './knex-internals.ts'

type Escape = InternalClient['_escapeBinding']

/**
 * How Knex shall write a value into the text of a definition (the query of a view, a check, a default), where nothing can
 * be bound: as its driver would bind it. Knex itself gives bigints, bytes and dates another meaning there.
 */
export function inlineValue(client: InternalClient, dialect: string, mode: BackslashMode, original: Escape): Escape {
  if (dialect === 'postgresql') return (value, context) => postgresValue(value) ?? original.call(client, value, context)
  if (dialect === 'sqlite') return (value, context) => sqliteValue(value) ?? original.call(client, value, context)
  if (dialect !== 'mysql') return (value, context) => original.call(client, value, context)
  return (value, context = {}) => {
    if (mode.arePlain && typeof value === 'string') return `'${value.replaceAll("'", "''")}'`
    const { timezone } = (client.connectionSettings ?? {}) as { timezone?: unknown }
    const timeZone = context.timeZone ?? (typeof timezone === 'string' ? timezone : undefined)
    return original.call(client, value, { ...context, timeZone })
  }
}

function postgresValue(value: unknown): string | undefined {
  if (typeof value === 'bigint') return `'${value}'`
  if (ArrayBuffer.isView(value)) return `'\\x${hexOf(value)}'::bytea`
  return value instanceof Date && !Number.isNaN(value.getTime()) ? `'${localClock(value)}'` : undefined
}

function sqliteValue(value: unknown): string | undefined {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Date && !Number.isNaN(value.getTime()) ? String(value.getTime()) : undefined
}

function hexOf(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

// With its offset, because the session may have another zone; a column without a zone keeps the clock of this process.
function localClock(date: Date): string {
  const pad = (part: number, length = 2): string => String(part).padStart(length, '0')
  const offset = -date.getTimezoneOffset()
  const minutes = Math.abs(offset)
  const zone = `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`
  const year = date.getFullYear()
  const day = `${pad(year < 1 ? 1 - year : year, 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`
  const clock = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`
  return `${day} ${clock}${zone}${year < 1 ? ' BC' : ''}`
}
