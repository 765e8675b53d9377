import { sqliteWidth } from './catalogue-relations.ts'
import type { Lexeme } from './lexemes.ts'
import type { QueryRelation, QueryShape } from './query-shape.ts'

/**
 * How many columns a query of SQLite has, of which the driver shows `shown`, because it keeps one of several with the same
 * name; undefined when the query does not tell.
 */
export function sqliteColumnCount(shape: QueryShape, shown: number): number | undefined {
  const { columns, relations, mergesColumns } = shape
  if (columns === undefined) return shown
  let count = 0
  for (const column of columns) {
    const width = widthOf(column, relations)
    if (width !== undefined && !(mergesColumns && isStar(column))) count += width
    // The columns of one relation have different names.
    else return columns.length === 1 && relations.length === 1 ? shown : undefined
  }
  return count
}

function isStar(column: readonly Lexeme[]): boolean {
  const last = column.at(-1)
  return last?.kind === 'symbol' && last.text === '*'
}

function widthOf(column: readonly Lexeme[], relations: readonly QueryRelation[]): number | undefined {
  if (!isStar(column)) return 1
  const owner = column.length === 1 ? undefined : column.at(-3)?.text.toLowerCase()
  const found = relations.filter(({ name, alias }) => owner === undefined || (alias ?? name) === owner)
  if (found.length === 0 || (owner !== undefined && found.length > 1)) return undefined
  let width = 0
  for (const { name, isCatalogue } of found) {
    const own = isCatalogue && name !== undefined ? sqliteWidth(name) : undefined
    if (own === undefined) return undefined
    width += own
  }
  return width
}
