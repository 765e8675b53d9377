import type { ScriptStatement } from '../../fill-placeholders.ts'
import { keepCarriageReturns } from '../../line-ends.ts'
import type { SqlClient } from '../script-dialect.ts'

/** A statement with what ends it. The client of the database is told where one ends that holds semicolons. */
export function statementText(statement: ScriptStatement, client: SqlClient): string {
  const { hasBody } = statement
  const sql = keepCarriageReturns(statement.sql, client)
  // A comment at the end of a line would hide what ends the statement.
  const ended = /(?:--|#)[^\n]*$/.test(sql) ? `${sql}\n` : sql
  if (!hasBody || client === 'generic') return `${ended};\n`
  const delimiter = freeDelimiter(sql)
  return `DELIMITER ${delimiter}\n${ended}${delimiter}\nDELIMITER ;\n`
}

function freeDelimiter(sql: string): string {
  let delimiter = '$$'
  while (sql.includes(delimiter)) delimiter += '$'
  return delimiter
}
