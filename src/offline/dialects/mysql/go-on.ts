import { execute, failingQuery, sqlText } from './sql-text.ts'

/** From here on this session changes nothing, whatever its client does. */
export const POISON = 'SET SESSION TRANSACTION READ ONLY'
/** Takes it back. */
export const LIFT = 'SET SESSION TRANSACTION READ WRITE'
/** What `@rev_go` holds while all is well; in a session that a client has opened again it holds nothing. */
export const GO = "'DO 0'"
/** Whether all is well, in the session in which the script began. A condition of SQL. */
export const GOES_ON = `@rev_go = ${GO}`

/**
 * The session stays as it is while `condition` holds and all went well until here; else it is read-only from now on.
 * Complete in itself, because a client may have connected again, and then nothing is known in the new session.
 */
export function goOnWhile(condition: string): string {
  return `SET @rev_go = IF(${condition} AND ${GOES_ON}, ${GO}, '${POISON}'); PREPARE rev_go FROM @rev_go; EXECUTE rev_go;\n`
}

/** After a statement that may have failed. */
export function goOnUnlessFailed(): string {
  return goOnWhile('@@error_count = 0')
}

/** Stops every client when the condition does not hold. */
export function assert(condition: string, message: string): string {
  return execute(`IF(${condition}, ${GO}, ${sqlText(failingQuery(message))})`) + goOnUnlessFailed()
}
