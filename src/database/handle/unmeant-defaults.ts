import type { ColumnBuilder } from './knex-internals.ts'

/**
 * Knex writes the text of whatever is given as a default: `[object Object]`, the source of a function, a Date in words.
 * Says what it is when that cannot be meant; undefined otherwise.
 */
export function findUnmeantDefault(builder: ColumnBuilder): { what: string; remedy: string } | undefined {
  const value = builder._modifiers.defaultTo?.[0]
  const kind = kindOf(value)
  if (kind === undefined || (kind !== 'function' && isJson(builder))) return undefined
  if (kind === 'object' && !String(value).startsWith('[object ')) return undefined
  const column = String(builder._args[0] ?? 'id')
  return {
    what: `the default of "${column}" would be the text of a JavaScript ${kind}`,
    remedy:
      kind === 'function'
        ? 'call it: knex.fn.now() and not knex.fn.now'
        : 'give the text that the column shall have, or knex.raw(...) for an expression',
  }
}

/** Knex puts the JSON of a default between quotes as it is. Not for MySQL, where such a default is an expression. */
export function escapeJsonDefault(builder: ColumnBuilder): void {
  const { defaultTo } = builder._modifiers
  const kind = kindOf(defaultTo?.[0])
  if (defaultTo === undefined || kind === undefined || kind === 'function' || !isJson(builder)) return
  builder._modifiers.defaultTo = [JSON.stringify(defaultTo[0]), ...defaultTo.slice(1)]
}

function isJson(builder: ColumnBuilder): boolean {
  return /^jsonb?$/i.test(builder._type)
}

function kindOf(value: unknown): 'function' | 'Date' | 'Buffer' | 'query' | 'object' | undefined {
  if (typeof value === 'function') return 'function'
  if (typeof value !== 'object' || value === null || 'isRawInstance' in value) return undefined
  if (value instanceof Date) return 'Date'
  if (ArrayBuffer.isView(value)) return 'Buffer'
  return 'toSQL' in value ? 'query' : 'object'
}
