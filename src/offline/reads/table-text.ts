import type { SqlFamily } from '../../sql/sql-family.ts'
import { type AnswerTable, answerSource } from './answer-table.ts'

/**
 * An expression that gives the rows of a query as one text: their number, and a digest of them on PostgreSQL and MySQL, the
 * rows themselves on SQLite, which has no digest.
 */
export function tableText(table: AnswerTable, family: SqlFamily): string {
  return TEXTS[family](table)
}

const TEXTS: Readonly<Record<SqlFamily, (table: AnswerTable) => string>> = {
  postgresql: (table) => {
    const { before, from, columns } = answerSource(table, (name) => `"${name}"`)
    const values = columns.map(({ reference, counts }) =>
      // 0 stands for no object.
      counts === 'value' ? postgresqlValue(reference) : `(nullif(${reference}::text, '0') IS NULL)::text`,
    )
    const place = table.isOrdered ? 'row_number() OVER ()' : '0'
    const digest = `encode(sha256(convert_to(string_agg(rev_r.v, ',' ORDER BY rev_r.n, rev_r.v COLLATE "C"), 'UTF8')), 'hex')`
    return (
      `(${before}SELECT concat_ws(' ', count(*), 'rows', ${digest}) ` +
      `FROM (SELECT ARRAY[${values.join(', ')}]::text[]::text AS v, ${place} AS n FROM ${from}) rev_r)`
    )
  },
  // Sums of digests have no greatest length; where the order counts, the beginnings of the digests follow, as far as
  // group_concat_max_len allows.
  mysql: (table) => {
    const { before, from, columns } = answerSource(table, (name) => `\`${name}\``)
    const values = columns.map(({ reference, counts }) =>
      counts === 'value' ? mysqlValue(reference) : `ISNULL(${reference})`,
    )
    const part = (start: number): string => `SUM(CAST(CONV(SUBSTRING(rev_r.h, ${start}, 15), 16, 10) AS UNSIGNED))`
    const order = table.isOrdered ? `, SHA2(GROUP_CONCAT(LEFT(rev_r.h, 8) SEPARATOR ''), 256)` : ''
    return (
      `(${before}SELECT CONCAT_WS(' ', COUNT(*), 'rows', ${part(1)}, ${part(16)}${order}) ` +
      `FROM (SELECT SHA2(CONCAT_WS(',', ${["''", ...values].join(', ')}), 256) AS h FROM ${from}) rev_r)`
    )
  },
  sqlite: (table) => {
    const { before, from, columns } = answerSource(table, (name) => `"${name}"`)
    const values = columns.map(({ reference, counts }) =>
      counts === 'value' ? `quote(${reference})` : `(${reference} IS NULL)`,
    )
    const row = values.length === 0 ? "''" : values.join(` || ',' || `)
    const order = table.isOrdered ? '' : ' ORDER BY v'
    const text = `replace(replace(replace(group_concat(rev_r.v, ' '), char(92), char(92, 92)), char(10), char(92, 110)), char(13), char(92, 114))`
    return (
      `(${before}SELECT count(*) || ' rows' || coalesce(': ' || ${text}, '') ` +
      `FROM (SELECT '(' || ${row} || ')' AS v FROM ${from}${order}) rev_r)`
    )
  },
}

// PostgreSQL itself makes names of ids for NOT NULL and for the triggers of foreign keys.
function postgresqlValue(reference: string): string {
  if (!/"(?:constraint_name|tgname)"$/i.test(reference)) return `${reference}::text`
  return `regexp_replace(${reference}::text, '^[0-9]+_[0-9]+_[0-9]+(_not_null)$|^(RI_ConstraintTrigger_[ac]_)[0-9]+$', '\\1\\2')`
}

// The name of the database itself, which views bear in their text, is not the schema.
function mysqlValue(reference: string): string {
  const text = `CAST(${reference} AS CHAR)`
  const own = "CONCAT('`', DATABASE(), '`.')"
  return `QUOTE(IF(${text} = DATABASE(), 'DATABASE()', REPLACE(${text}, ${own}, '')))`
}
