import type { TableName } from '../../../database/tables.ts'
import { postgresLiteral } from '../../literals/postgresql.ts'

const LINE_WIDTH = 120

/** A text as a literal. */
export function sqlText(value: string): string {
  return postgresLiteral(value).trim()
}

/** Statements of PL/pgSQL that are run at once, in quotes which nothing in them can end. */
export function doBlock(...lines: readonly string[]): string {
  const body = lines.join('\n')
  let tag = '$rev$'
  for (let number = 1; body.includes(tag); number += 1) tag = `$rev${number}$`
  return `DO ${tag}${body.startsWith('BEGIN\n') ? ' ' : '\n'}${body}\nEND ${tag};\n`
}

/** What a script of rev says when it stops. */
export interface Refusal {
  /** Each `%` is filled with one of the arguments, which are SQL; `fixed` is for what goes into it as it is. */
  readonly message: string
  readonly args?: readonly string[]
  readonly hint?: string
}

/** RAISE EXCEPTION of PL/pgSQL, indented. */
export function raise(indent: string, { message, args = [], hint }: Refusal): string[] {
  const lines = [`${indent}RAISE EXCEPTION ${sqlText(`rev: ${message}`)}`]
  const rest = args.join(', ')
  if (rest !== '') {
    const first = `${lines[0]}, ${rest}`
    if (first.length < LINE_WIDTH) lines[0] = first
    else lines.splice(0, 1, `${lines[0]},`, `${indent}  ${rest}`)
  }
  if (hint !== undefined) lines.push(`${indent}  USING HINT = ${sqlText(hint)}`)
  return lines.map((line, index) => (index === lines.length - 1 ? `${line};` : line))
}

/** Raises when the condition holds. For PL/pgSQL. */
export function refuseIf(indent: string, condition: string, refusal: Refusal): string[] {
  return [`${indent}IF ${condition} THEN`, ...raise(`${indent}  `, refusal), `${indent}END IF;`]
}

/** A text that is to stand in the message of a refusal. */
export function fixed(text: string): string {
  return text.replaceAll('%', '%%')
}

/** Version rows as an array of SQL, in the order of `currentRows`. */
export function rowsArray(rows: readonly string[]): string {
  if (rows.length === 0) return "'{}'"
  const sorted = rows.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  return `ARRAY[${sorted.map(sqlText).join(', ')}]`
}

/** The rows that the version table has, as an array of SQL. */
export function currentRows({ sql }: TableName): string {
  return `ARRAY(SELECT version_num::text FROM ${sql} ORDER BY version_num COLLATE "C")`
}

/** An array of rows as messages show it. */
export function rowsInWords(array: string): string {
  return `coalesce(nullif(array_to_string(${array}, ', '), ''), 'base')`
}

/** The schema that unqualified names go to, or the configured one; as SQL. */
export function schemaOf({ schema }: TableName): string {
  return schema === undefined ? 'current_schema()' : sqlText(schema)
}

/** Gives NULL where the table is missing, and nothing of it in other schemas of the search path. */
export function lookUp(table: TableName): string {
  if (table.schema !== undefined) return `to_regclass(${sqlText(table.sql)})`
  return `to_regclass(quote_ident(current_schema()) || ${sqlText(`.${table.sql}`)})`
}

/** Lines with more space before them. */
export function indented(indent: string, lines: readonly string[]): string[] {
  return lines.map((line) => `${indent}${line}`)
}
