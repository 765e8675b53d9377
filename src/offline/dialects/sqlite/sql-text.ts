import { DEFAULT_LITERALS } from '../../literals/literal-options.ts'
import { sqliteLiteral } from '../../literals/sqlite.ts'

/** A text as a literal. */
export function sqlText(value: string): string {
  return sqliteLiteral(value, DEFAULT_LITERALS)
}

/** A name that may hold anything, such as the message of a constraint. */
export function sqlName(value: string): string {
  return `"${value.replaceAll('"', '""')}"`
}

/** The database's clock now, as rev's event table has moments. */
export const NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"

/** The file of the database, in words, as SQL. */
export const DATABASE = `(SELECT CASE file WHEN '' THEN 'the database in memory' ELSE 'database "' || file || '"' END
    FROM pragma_database_list WHERE name = 'main')`

const WIDTH = 120

/** A list in lines that are not too long, each indented. */
export function listed(items: readonly string[], indent: string): string {
  const lines: string[] = []
  for (const item of items) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + item.length + 3 <= WIDTH) lines[lines.length - 1] = `${last}, ${item}`
    else lines.push(`${indent}${item}`)
  }
  return lines.join(',\n')
}
