import { createHash } from 'node:crypto'
import { isRevError } from '../../errors/index.ts'
import { type DefinedObject, mysqlAim } from '../../sql/mysql-aim.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { DONE, NOT_DONE, type StatementLook, UNKNOWN } from './settlement.ts'

// There is no such table, trigger, routine, event, database.
const ABSENT: ReadonlySet<unknown> = new Set([1146, 1360, 1305, 1539, 1049, 1008])
const ABSENT_SIGN = '-'
// Changes with each row that anybody inserts.
const COUNTER = / AUTO_INCREMENT=\d+/

/**
 * Looks at the definitions of what a statement names. Each statement of MySQL and MariaDB that changes one of them changes
 * it wholly or not at all.
 */
export function lookMysql(connection: PinnedConnection, sql: string): StatementLook {
  const aim = mysqlAim(sql)
  if (aim.kind === 'repeatable') return { before: async () => undefined, settle: async () => NOT_DONE }
  if (aim.kind === 'unknown') return { before: async () => undefined, settle: async () => UNKNOWN }
  const look = (): Promise<(string | undefined)[]> => definitions(connection, aim.objects)
  return {
    async before() {
      const found = await look()
      return found.includes(undefined) ? undefined : found.join(' ')
    },
    async settle(before) {
      const then = before?.split(' ')
      const now = await look()
      if (then === undefined || then.length !== now.length || now.includes(undefined)) return UNKNOWN
      const changed = now.map((sign, index) => sign !== then[index])
      if (!changed.includes(true)) return NOT_DONE
      // What was not there before is not dropped.
      const counts = changed.filter((_, index) => aim.verb !== 'drop' || then[index] !== ABSENT_SIGN)
      return counts.includes(false) ? UNKNOWN : DONE
    },
  }
}

async function definitions(
  connection: PinnedConnection,
  objects: readonly DefinedObject[],
): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = []
  for (const object of objects) found.push(await definition(connection, object))
  return found
}

/** A checksum of the definition; a sign of its own where there is none; undefined where it may not be read. */
async function definition({ query, dialect }: PinnedConnection, object: DefinedObject): Promise<string | undefined> {
  const { schema, name, type } = object
  const qualified = [schema, name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join('.')
  try {
    const { rows } = await query(`show create ${type} ${qualified}`)
    const [row = {}] = rows
    // What else stands in the answer are settings and times.
    const text = Object.entries(row).find(([column]) => /^(?:create |sql original statement)/i.test(column))?.[1]
    if (typeof text !== 'string') return undefined
    return createHash('sha256').update(text.replace(COUNTER, '')).digest('hex').slice(0, 32)
  } catch (error) {
    if (!isRevError(error, 'REV_DATABASE_QUERY_FAILED')) throw error
    return ABSENT.has((error.cause as { errno?: unknown } | undefined)?.errno) ? ABSENT_SIGN : undefined
  }
}
