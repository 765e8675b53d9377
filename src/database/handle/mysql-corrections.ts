import type { BackslashMode } from './backslash-mode.ts'
import type { ColumnCompiler, InternalClient, TableCompiler } from './knex-internals.ts'
import { findColumnDefinition, withNullability } from './mysql-definition.ts'
import { betweenMysqlCommentQuotes } from './quoted-text.ts'
import { replaceMethods } from './replace-methods.ts'

// What Knex would lose of a column of MySQL and MariaDB without a word.

/**
 * Knex renames a column by reading its definition and writing it again, which loses comments and `ON UPDATE`, fails on
 * default expressions, and drops the foreign keys first. The servers have a statement for it since MySQL 8.0 and
 * MariaDB 10.5; older ones get the definition that they give themselves.
 */
export function renameColumnsWhole(client: InternalClient, compiler: TableCompiler): void {
  replaceMethods(compiler, {
    renameColumn(from, to) {
      const table = compiler.tableName()
      const name = compiler.formatter.wrap(to)
      if (isAtLeast(client, [8, 0, 0], [10, 5, 2])) {
        compiler.pushQuery(`alter table ${table} rename column ${compiler.formatter.wrap(from)} to ${name}`)
        return
      }
      changeDefinition(client, compiler, from, (column, definition) => `change ${column} ${name} ${definition}`)
    },
  })
}

/**
 * Knex gives a column that may be NULL, or no longer, a definition of its type's name alone: it loses `unsigned`, the
 * scale of decimals (and rounds what is there), comments, collations and fractions of seconds.
 */
export function changeNullabilityAlone(client: InternalClient, compiler: TableCompiler): void {
  replaceMethods(compiler, {
    _setNullableState: (column, nullable) =>
      changeDefinition(
        client,
        compiler,
        column,
        (name, definition) => `modify ${name} ${withNullability(definition, nullable)}`,
      ),
  })
}

function changeDefinition(
  client: InternalClient,
  compiler: TableCompiler,
  column: string,
  change: (name: string, definition: string) => string,
): void {
  const table = compiler.tableName()
  const name = compiler.formatter.wrap(column)
  compiler.pushQuery({
    sql: `show create table ${table}`,
    output: ([row]) => {
      const definition = findColumnDefinition(String(Object.values(row ?? {})[1]), name)
      if (definition === undefined) throw new Error(`Column ${name} does not exist in table ${table}.`)
      return client.raw(`alter table ${table} ${change(name, definition)}`)
    },
  })
}

/** Knex leaves out the default of a text, and writes that of a JSON column without escaping it. */
export function keepDefaults(client: InternalClient, compiler: ColumnCompiler): void {
  const { defaultTo, type } = compiler
  const isJson = type === 'json' || type === 'jsonb'
  const isText = type.includes('text')
  if (!isJson && !isText) return
  const quoted = (text: string): string => `default (${client._escapeBinding(text)})`
  replaceMethods(compiler, {
    defaultTo(value, ...rest) {
      if (value === null || value === undefined) return undefined
      // Before MySQL 8.0.13 and MariaDB 10.2 these types have no defaults.
      if (isText && !isAtLeast(client, [8, 0, 13], [10, 2, 1])) return defaultTo.call(compiler, value, ...rest)
      if (isRaw(value)) return inParentheses(value.toQuery())
      if (typeof value === 'object') return quoted(JSON.stringify(value))
      return isText ? quoted(String(value)) : defaultTo.call(compiler, value, ...rest)
    },
  })
}

function inParentheses(expression: string): string {
  return /^\s*\(/.test(expression) ? `default ${expression}` : `default (${expression})`
}

function isRaw(value: unknown): value is { toQuery(): string } {
  return typeof value === 'object' && value !== null && 'isRawInstance' in value
}

/** Knex escapes quotes in the comment of a column with backslashes, and leaves backslashes alone. */
export function escapeColumnComments(compiler: ColumnCompiler, mode: BackslashMode): void {
  const { comment } = compiler
  replaceMethods(compiler, {
    comment(text) {
      // It warns when the comment is too long.
      const written = comment?.call(compiler, text)
      if (typeof text !== 'string' || text === '') return written
      return `comment '${mode.arePlain ? text.replaceAll("'", "''") : betweenMysqlCommentQuotes(text)}'`
    },
  })
}

/** Knex leaves out the condition of a unique key, which MySQL does not have, so that it would hold for all rows. */
export function refusePartialKeys(compiler: TableCompiler, refuse: (what: string, remedy: string) => never): void {
  const { unique } = compiler
  replaceMethods(compiler, {
    unique(columns, options) {
      if (
        typeof options === 'object' &&
        options !== null &&
        'predicate' in options &&
        options.predicate !== undefined
      ) {
        refuse(
          `the unique key of "${[columns].flat().join('", "')}" would hold for every row: there are no partial keys here`,
          'leave the predicate out, or make the key of an expression or a generated column that is NULL for the other rows',
        )
      }
      return unique.call(compiler, columns, options)
    },
  })
}

type Version = readonly [number, number, number]

// MariaDB's numbers begin at 10, MySQL's end before; a version that is not known is a new one.
function isAtLeast({ version }: InternalClient, mysql: Version, mariadb: Version): boolean {
  if (typeof version !== 'string') return true
  const numbers = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  const least = (numbers[0] ?? 0) >= 10 ? mariadb : mysql
  for (const [index, wanted] of least.entries()) {
    const difference = (numbers[index] ?? 0) - wanted
    if (difference !== 0) return difference > 0
  }
  return true
}
