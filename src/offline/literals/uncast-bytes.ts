const BYTES = "'::bytea"
const CAST = /^\s*::\s*bytea\b(?!\s*\[)/i
/** Beginnings of the statements that PREPARE takes; hardly any other takes values from a driver. */
const PREPARED = /^(?:\s|\(|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:select|insert|update|delete|merge|with|values|table)\b/i

/** Whether a literal of PostgreSQL stands for bytes to which the statement, from `end` on, gives no type of its own. */
export function isUncastBytes(literal: string, sql: string, end: number): boolean {
  // The literal of anything else ends with its quote.
  return literal.endsWith(BYTES) && !CAST.test(sql.slice(end, end + 40))
}

/** Whether the database can be asked which types it gives to the values of the statement. */
export function canBePrepared(sql: string): boolean {
  return PREPARED.test(sql)
}
