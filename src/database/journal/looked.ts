import type { PinnedConnection } from '../pinned-connection.ts'

/** How what a statement changes looked before it, and where names without a schema were looked for. */
export interface Looked {
  readonly state: string | undefined
  /** The search path of PostgreSQL, the database of MySQL; undefined for that of the connection. */
  readonly place: string | undefined
}

/** As the journal keeps it; undefined when there is nothing to keep. */
export function toLooked(state: string | undefined, place: string | undefined): string | undefined {
  if (place !== undefined) return JSON.stringify({ state: state ?? null, place })
  return state === undefined ? undefined : JSON.stringify({ state })
}

export function fromLooked(text: string | undefined): Looked {
  if (text === undefined) return { state: undefined, place: undefined }
  const { state, place } = JSON.parse(text) as { state?: string | null; place?: string }
  return { state: state ?? undefined, place }
}

const PLACE: Readonly<Record<string, string>> = {
  postgresql: "select current_setting('search_path') as place",
  mysql: 'select database() as place',
}

/** Where the session looks for names without a schema now. */
export async function placeOf({ query, dialect }: PinnedConnection): Promise<string | undefined> {
  const sql = PLACE[dialect.name]
  if (sql === undefined) return undefined
  const { rows } = await query(sql)
  const place = rows[0]?.place
  return typeof place === 'string' ? place : undefined
}

/** Lets the session look there while `work` lasts. */
export async function atPlace<T>(
  connection: PinnedConnection,
  place: string | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (place === undefined) return work()
  const own = await placeOf(connection)
  await goTo(connection, place)
  try {
    return await work()
  } finally {
    if (own !== undefined) await goTo(connection, own)
  }
}

async function goTo({ query, dialect }: PinnedConnection, place: string): Promise<void> {
  if (dialect.name === 'postgresql') await query("select pg_catalog.set_config('search_path', ?, false)", [place])
  else await query(`use ${dialect.quote(place)}`)
}
