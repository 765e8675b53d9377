import { bareSql } from './bare-sql.ts'
import { proveAlone } from './prove.ts'
import { fixed, refuseIf, sqlText } from './sql-text.ts'

const NAME = '"(?:[^"]|"")+"|[a-z_\\u0080-\\uffff][\\w$\\u0080-\\uffff]*'
const QUALIFIED = `(?:(?:${NAME})\\s*\\.\\s*)?(?:${NAME})`
const CREATE = new RegExp(
  `^create\\s+(?:unique\\s+)?index\\s+concurrently\\s+(?:if\\s+not\\s+exists\\s+)?(?!on\\b)(${NAME})\\s+on\\s+(?:only\\s+)?(${QUALIFIED})`,
  'i',
)
const REINDEX = new RegExp(`^reindex\\s+(?:\\([^)]*\\)\\s*)?index\\s+(?:concurrently\\s+)?(${QUALIFIED})`, 'i')
const SCHEMA = new RegExp(`^(${NAME})\\s*\\.`, 'i')
const CONCURRENTLY = /\bconcurrently\b/i
const MAY_WORK_CONCURRENTLY = /concurrently/i

/** Whether a statement waits for everybody else's transactions, and leaves an invalid index when it gives up. */
export function worksConcurrently(sql: string): boolean {
  return MAY_WORK_CONCURRENTLY.test(sql) && CONCURRENTLY.test(bareSql(sql))
}

/**
 * The statement between what lets it wait as long as it takes and what ends that; then, with `proves`, the proof that the index it makes is there and valid: one
 * that an earlier attempt left behind satisfies IF NOT EXISTS and is used by no query.
 */
export function withPatience(
  statement: string,
  sql: string,
  { before, after }: { readonly before: string; readonly after: string },
  proves: boolean,
): string {
  const index = proves ? indexOf(bareSql(sql)) : undefined
  const patient = `${before}${statement}${after}`
  return index === undefined ? patient : `${patient}${proveIndex(index)}`
}

function proveIndex(index: string): string {
  const valid = `EXISTS (SELECT FROM pg_index WHERE indexrelid = to_regclass(${sqlText(index)}) AND indisvalid)`
  const message = `index ${fixed(index)} is missing or INVALID in database "%"`
  const proof = refuseIf('  ', `NOT ${valid}`, { message, args: ['current_database()'] })
  return proveAlone(['BEGIN', ...proof])
}

/** The index that must be valid afterwards, as it stands in SQL; undefined when the statement names none. */
function indexOf(sql: string): string | undefined {
  const [, name, table] = CREATE.exec(sql) ?? []
  if (name === undefined || table === undefined) return REINDEX.exec(sql)?.[1]
  const schema = SCHEMA.exec(table)?.[1]
  return schema === undefined ? name : `${schema}.${name}`
}
