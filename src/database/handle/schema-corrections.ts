import type { BackslashMode } from './backslash-mode.ts'
import type { ColumnBuilder, TableBuilder, TableCompiler } from './knex-internals.ts'
import { betweenMysqlQuotes, betweenQuotes } from './quoted-text.ts'
import { replaceMethods } from './replace-methods.ts'

// Where Knex writes SQL that is wrong or dangerous on the connection of a revision, and rev knows what was meant.

/** How text is put between quotes on a dialect, with the mode of its session. */
export function quotesOf(dialect: string, mode: BackslashMode): (text: string) => string {
  return (text) => (dialect === 'mysql' && !mode.arePlain ? betweenMysqlQuotes(text) : betweenQuotes(text))
}

/** Knex puts the comment of a table between quotes as it is. */
export function escapeTableComment(builder: TableBuilder, quoted: (text: string) => string): void {
  const { comment } = builder._single
  if (typeof comment === 'string') builder._single.comment = quoted(comment)
}

/** Knex puts the values of an enum between quotes as they are. */
export function escapeEnumValues(builder: ColumnBuilder, quoted: (text: string) => string): void {
  const allowed = builder._args[1]
  if (!Array.isArray(allowed) || !/^enum?$|^enu$/i.test(builder._type)) return
  builder._args[1] = allowed.map((value) => (typeof value === 'string' ? quoted(value) : value))
}

/** On PostgreSQL Knex escapes a quote that stands alone, and no three in a row. */
export function escapeLongRunsOfQuotes(builder: ColumnBuilder): void {
  const { comment } = builder._modifiers
  if (comment === undefined || typeof comment[0] !== 'string') return
  builder._modifiers.comment = [betweenQuotes(comment[0]), ...comment.slice(1)]
}

/** Knex forgets the values of a check that is added to a table. */
export function fillChecks(compiler: TableCompiler): void {
  const { check, client } = compiler
  replaceMethods(compiler, {
    check(predicate, bindings, name) {
      const filled = bindings === undefined ? predicate : client.raw(predicate, bindings).toString()
      return check.call(compiler, filled, undefined, name)
    },
  })
}
