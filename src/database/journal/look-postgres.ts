import { nameColumnOf, postgresqlAim } from '../../sql/postgresql-aim.ts'
import type { QualifiedName } from '../../sql/statement-names.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { invalidIndexes, type TableIndex, tableIndexes } from './indexes.ts'
import { DONE, NOT_DONE, type StatementLook, UNKNOWN } from './settlement.ts'

const NOTHING_TO_LEARN = async (): Promise<undefined> => undefined

/** Looks at what a statement that PostgreSQL refuses in a transaction would change. */
export function lookPostgres(connection: PinnedConnection, sql: string): StatementLook {
  const aim = postgresqlAim(sql)
  switch (aim.kind) {
    case 'repeatable':
      return {
        before: NOTHING_TO_LEARN,
        settle: async () => ({ state: 'not-done', leftovers: await reindexLeftovers(connection, aim.reindexed) }),
      }
    case 'create-index':
      return lookAtNewIndex(connection, aim.table, aim.name)
    case 'drop-index':
      return lookAtDroppedIndexes(connection, aim.indexes)
    case 'enum-value':
      return lookAtText(() => enumLabels(connection, aim.type))
    case 'named':
      return lookAtText(() => isNamed(connection, aim.catalogue, aim.name))
    default:
      return { before: NOTHING_TO_LEARN, settle: async () => UNKNOWN }
  }
}

/** What changes wholly or not at all, as text. */
function lookAtText(look: () => Promise<string | undefined>): StatementLook {
  return {
    before: look,
    async settle(before) {
      const now = await look()
      if (before === undefined || now === undefined) return UNKNOWN
      return now === before ? NOT_DONE : DONE
    },
  }
}

const signOf = ({ name, isValid }: TableIndex): string => `${isValid ? '' : '!'}${name}`

function lookAtNewIndex(connection: PinnedConnection, table: QualifiedName, name: string | undefined): StatementLook {
  const look = async (): Promise<readonly TableIndex[]> => {
    const found = await tableIndexes(connection, table)
    return name === undefined ? found : found.filter((index) => index.name === name)
  }
  const unfinished = (indexes: readonly TableIndex[]): string[] =>
    indexes
      .filter(({ isValid, isBuilding }) => !isValid && !isBuilding)
      .map(({ sql }) => `drop index concurrently if exists ${sql}`)
  return {
    // Of its name: IF NOT EXISTS would be content with it, and no query would use it.
    leftovers: async () => (name === undefined ? [] : unfinished(await look())),
    before: async () => JSON.stringify((await look()).map(signOf)),
    async settle(before) {
      if (before === undefined) return UNKNOWN
      const then = new Set(JSON.parse(before) as string[])
      const added = (await look()).filter((index) => !then.has(signOf(index)))
      if (added.some(({ isValid }) => isValid)) return DONE
      // Not valid and not there before: what the attempt that was cut off has left.
      return { state: 'not-done', leftovers: unfinished(added) }
    },
  }
}

function lookAtDroppedIndexes(connection: PinnedConnection, indexes: readonly QualifiedName[]): StatementLook {
  const { dialect, query } = connection
  return {
    before: NOTHING_TO_LEARN,
    async settle() {
      const names = indexes.map(({ schema, name }) =>
        [schema, name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join('.'),
      )
      const { rows } = await query(`select ${names.map(() => 'to_regclass(?) is null').join(' and ')} as gone`, names)
      return rows[0]?.gone === true ? DONE : NOT_DONE
    },
  }
}

/** REINDEX CONCURRENTLY builds a new index beside the old one, and a failed attempt leaves it as `..._ccnew`. */
async function reindexLeftovers(connection: PinnedConnection, about: QualifiedName | undefined): Promise<string[]> {
  if (about === undefined) return []
  const found = await invalidIndexes(connection)
  return found
    .filter(
      ({ name, table }) => /_cc(?:new|old)\d*$/.test(name) && (table === about.name || name.startsWith(about.name)),
    )
    .map(({ sql }) => `drop index concurrently if exists ${sql}`)
}

async function enumLabels({ query, dialect }: PinnedConnection, type: QualifiedName): Promise<string | undefined> {
  const name = [type.schema, type.name].flatMap((part) => (part === undefined ? [] : [dialect.quote(part)])).join('.')
  const { rows } = await query(
    `select string_agg(enumlabel, ',' order by enumsortorder) as labels from pg_catalog.pg_enum where enumtypid = to_regtype(?)`,
    [name],
  )
  const labels = rows[0]?.labels
  return typeof labels === 'string' ? labels : undefined
}

async function isNamed(
  { query }: PinnedConnection,
  catalogue: 'pg_database' | 'pg_tablespace' | 'pg_subscription',
  name: string,
): Promise<string | undefined> {
  try {
    const { rows } = await query(`select 1 from pg_catalog.${catalogue} where ${nameColumnOf(catalogue)} = ?`, [name])
    return rows.length === 0 ? 'absent' : 'there'
  } catch {
    // Subscriptions are shown to administrators only.
    return undefined
  }
}
