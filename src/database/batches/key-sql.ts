import type { KeyColumn } from './key-column.ts'

/** A piece of SQL, with `??` for names and `?` for values, and what stands for them. */
export interface SqlPiece {
  readonly sql: string
  readonly bindings: readonly unknown[]
}

/**
 * The condition for rows behind this key, in the order of the key. Written out, because not every database makes use of an
 * index for a comparison of rows; the first part is implied by the second, and is what an index is used for.
 */
export function behindKey(columns: readonly KeyColumn[], texts: readonly string[]): SqlPiece {
  const [first] = columns
  const [text] = texts
  if (first === undefined || text === undefined) return { sql: '1 = 1', bindings: [] }
  const value = first.toValue(text)
  const greater = { sql: `?? > ${value.sql}`, bindings: [first.name, value.binding] }
  if (columns.length === 1) return greater
  const rest = behindKey(columns.slice(1), texts.slice(1))
  return {
    sql: `?? >= ${value.sql} and (${greater.sql} or (?? = ${value.sql} and ${rest.sql}))`,
    bindings: [first.name, value.binding, ...greater.bindings, first.name, value.binding, ...rest.bindings],
  }
}
