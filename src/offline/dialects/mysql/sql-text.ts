import { inOneLine } from '../../comment.ts'
import { DEFAULT_LITERALS } from '../../literals/literal-options.ts'
import { mysqlLiteral } from '../../literals/mysql.ts'

const LONGEST_NAME = 64
const IN_EVERY_MODE = { ...DEFAULT_LITERALS, textInBytes: true }

/** One text as a literal that means the same in every SQL mode. */
export function sqlText(value: string): string {
  return mysqlLiteral(value, IN_EVERY_MODE)
}

/** A text as it stands, in one line, within a message that is known when the script is written. */
export function fixed(value: string): string {
  return inOneLine(value)
}

/**
 * SQL for a query that stops every client that obeys errors: it reads a table that is not there and whose name is the
 * message, because MySQL has no other way outside of a routine. `message` is cut to what a name may hold.
 */
export function failingQuery(message: string): string {
  const name = fixed(message).replaceAll('`', "'").slice(0, LONGEST_NAME).trim()
  return `SELECT * FROM \`${name}\``
}

/** Carries out the statement that an SQL expression gives as text. Two servers, one way: no routine, no privilege. */
export function execute(expression: string): string {
  return `SET @rev_do = ${expression}; PREPARE rev_do FROM @rev_do; EXECUTE rev_do;\n`
}
