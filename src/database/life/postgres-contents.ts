import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { DEFAULT_TABLE_LOCK_MS } from '../limits/time-limit.ts'
import type { ContentsOfDialect, DatabaseObject, Emptied } from './contents-of-dialect.ts'
import { OBJECTS, OTHERS } from './postgres-objects.ts'
import { stoppable } from './stoppable.ts'

/** What stands at the beginning of a DROP, in the order in which the kinds are dropped. */
const DROP: Readonly<Record<string, string>> = {
  view: 'view',
  'materialized view': 'materialized view',
  'foreign table': 'foreign table',
  table: 'table',
  sequence: 'sequence',
  function: 'routine',
  procedure: 'routine',
  aggregate: 'routine',
  'operator class': 'operator class',
  'operator family': 'operator family',
  operator: 'operator',
  domain: 'domain',
  type: 'type',
  collation: 'collation',
  conversion: 'conversion',
  'text search configuration': 'text search configuration',
  'text search dictionary': 'text search dictionary',
}

/** In one transaction: all or nothing. What belongs to extensions stays. */
export const postgresContents: ContentsOfDialect = {
  list: async (database, emptied) => (await listObjects(database, emptied)).map(({ target: _, ...object }) => object),
  async drop(database, emptied, objects) {
    const query = stoppable(database)
    const wanted = new Set(objects.map(keyOf))
    await query('begin')
    try {
      const ms = database.settings.tableLockTimeoutMs ?? DEFAULT_TABLE_LOCK_MS
      await query(`set local lock_timeout = ${ms}`)
      const listed = (await listObjects(database, emptied)).filter((object) => wanted.has(keyOf(object)))
      const before = await listOthers(database, emptied)
      for (const [kind, word] of Object.entries(DROP)) {
        for (const object of listed) {
          if (object.kind === kind) await query(`drop ${word} if exists ${object.target} cascade`)
        }
      }
      await assertOthersStand(database, emptied, before)
      await query('commit')
    } catch (error) {
      await database.connection.query('rollback').catch(() => undefined)
      throw error
    }
  },
}

type Listed = DatabaseObject & { readonly target: string }

const keyOf = ({ kind, schema, name }: DatabaseObject): string => JSON.stringify([kind, schema, name])

async function listObjects({ connection }: Database, { schemas, own, kept }: Emptied): Promise<Listed[]> {
  const { rows } = await connection.query(OBJECTS, [[...schemas], own.schema, [...own.names]])
  return rows
    .map(({ kind, schema, name, target }) => ({
      kind: String(kind),
      schema: String(schema),
      name: String(name),
      target: String(target),
    }))
    .filter(({ kind, schema, name }) => !(kind === 'table' && schema === own.schema && name === kept))
}

/** CASCADE takes along what nobody has listed; then nothing is dropped. */
async function assertOthersStand(
  database: Database,
  emptied: Emptied,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  const after = await listOthers(database, emptied)
  const lost = [...before].filter(([id]) => !after.has(id)).map(([, text]) => text)
  if (lost.length === 0) return
  const { text } = database.description
  throw new RevError('REV_LIFE_OUTSIDE', { database: text, schemas: emptied.schemas, objects: lost.slice(0, 20) })
}

async function listOthers({ connection }: Database, { schemas, own }: Emptied): Promise<Map<string, string>> {
  const { rows } = await connection.query(OTHERS, [[...schemas], own.schema, [...own.names]])
  return new Map(rows.map(({ id, text }) => [String(id), String(text)]))
}
