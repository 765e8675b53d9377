import { isRevError } from '../../errors/index.ts'
import { type DefinedObject, type MysqlAim, mysqlAim } from '../../sql/mysql-aim.ts'
import { alterEvidence, isEvident } from '../../sql/mysql-alter-evidence.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { DONE, NOT_DONE, type StatementLook, UNKNOWN } from './settlement.ts'

// There is no such table, trigger, routine, event, database.
const ABSENT: ReadonlySet<unknown> = new Set([1146, 1360, 1305, 1539, 1049, 1008])
// Changes with each row that anybody inserts.
const COUNTER = / AUTO_INCREMENT=\d+/

/** A definition; null where there is none. */
type Definition = string | null

/**
 * Looks at the definitions of what a statement names, before it and now. A difference alone proves nothing, because
 * somebody else may have made it: it has to be the one that the statement makes.
 */
export function lookMysql(connection: PinnedConnection, sql: string): StatementLook {
  const aim = mysqlAim(sql)
  if (aim.kind === 'repeatable') return { before: async () => undefined, settle: async () => NOT_DONE }
  if (aim.kind === 'unknown') return { before: async () => undefined, settle: async () => UNKNOWN }
  return {
    async before() {
      const found = await definitions(connection, aim.objects)
      return found === undefined ? undefined : JSON.stringify(found)
    },
    async settle(before) {
      const now = await definitions(connection, aim.objects)
      if (before === undefined || now === undefined) return UNKNOWN
      const then = JSON.parse(before) as Definition[]
      if (then.length !== now.length) return UNKNOWN
      if (now.every((definition, index) => definition === then[index])) return NOT_DONE
      return isDone(sql, aim, then, now) ? DONE : UNKNOWN
    },
  }
}

function isDone(
  sql: string,
  { verb }: Extract<MysqlAim, { kind: 'objects' }>,
  then: readonly Definition[],
  now: readonly Definition[],
): boolean {
  if (verb === 'drop') return now.every((definition) => definition === null)
  const [[was = null, targetWas = null], [is = null, targetIs = null]] = [then, now]
  // A table that has another name now.
  if (then.length === 2) return was !== null && is === null && targetWas === null && targetIs !== null
  if (verb === 'create') return is !== null
  const evidence = alterEvidence(sql)
  return evidence !== undefined && was !== null && is !== null && isEvident(evidence, was, is)
}

async function definitions(
  connection: PinnedConnection,
  objects: readonly DefinedObject[],
): Promise<Definition[] | undefined> {
  const found: Definition[] = []
  for (const object of objects) {
    const one = await definition(connection, object)
    if (one === undefined) return undefined
    found.push(one)
  }
  return found
}

/** Null where there is none; undefined where it may not be read. */
async function definition(
  { query, dialect }: PinnedConnection,
  object: DefinedObject,
): Promise<Definition | undefined> {
  const { schema, name, type } = object
  const qualified = [schema, name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join('.')
  try {
    const { rows } = await query(`show create ${type} ${qualified}`)
    const [row = {}] = rows
    // What else stands in the answer are settings and times.
    const text = Object.entries(row).find(([column]) => /^(?:create |sql original statement)/i.test(column))?.[1]
    return typeof text === 'string' ? text.replace(COUNTER, '') : undefined
  } catch (error) {
    if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) throw error
    return ABSENT.has((error.cause as { errno?: unknown } | undefined)?.errno) ? null : undefined
  }
}
