import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ShadowEngine } from './engine.ts'
import { type Exchange, PgliteStream } from './pglite-stream.ts'
import type { ProjectPackage } from './project-package.ts'
import { startFailure } from './scratch-database.ts'

export const PGLITE = '@electric-sql/pglite'

/** What rev uses of PGlite. */
interface Pglite {
  readonly waitReady: Promise<void>
  exec(sql: string): Promise<unknown>
  execProtocolRaw(messages: Uint8Array): Promise<Uint8Array>
  runExclusive<T>(work: () => Promise<T>): Promise<T>
  close(): Promise<void>
}
interface PgliteModule {
  readonly PGlite: new (options: { extensions: Record<string, unknown> }) => Pglite
}

/**
 * PostgreSQL within this process, reached with the project's own driver over the wire protocol, so that answers are what
 * the driver makes of them. It has one session. Throws REV_OFFLINE_SHADOW_START.
 */
export async function startPglite(found: ProjectPackage, statements: readonly string[]): Promise<ShadowEngine> {
  const name = `PGlite ${found.version}`
  const mark = `rev_shadow_${randomBytes(8).toString('hex')}`
  let server: Pglite | undefined
  const close = async (): Promise<void> => {
    await server?.close().catch(() => undefined)
  }
  try {
    const { PGlite } = found.require(found.entry) as PgliteModule
    server = new PGlite({ extensions: extensionsOf(found) })
    await server.waitReady
    await server.exec(`comment on database postgres is '${mark}'`)
    for (const statement of statements) await server.exec(statement)
    const sql = `select shobj_description(oid, 'pg_database') as answer from pg_database where datname = current_database()`
    return { kind: 'pglite', name, connection: connectionTo(server), proof: { sql, answer: mark }, close }
  } catch (error) {
    await close()
    throw startFailure(name, error)
  }
}

/** The extensions that come with the package; without this PGlite knows none of them. */
function extensionsOf({ entry, require }: ProjectPackage): Record<string, unknown> {
  const folder = join(dirname(entry), 'contrib')
  if (!existsSync(folder)) return {}
  const files = readdirSync(folder).filter((file) => file.endsWith('.cjs'))
  return Object.assign({}, ...files.map((file) => require(join(folder, file)) as object)) as Record<string, unknown>
}

function connectionTo(server: Pglite): ShadowEngine['connection'] {
  let isTaken = false
  const exchange: Exchange = (messages) => server.runExclusive(() => server.execProtocolRaw(messages))
  const stream = (): PgliteStream => {
    const opened = new PgliteStream(exchange)
    // A second session would be the first one under another name.
    if (isTaken) return opened.destroy(new Error('PGlite has one session'))
    isTaken = true
    return opened.once('close', () => {
      isTaken = false
    })
  }
  // Everything that the driver would otherwise take from the environment.
  const settings = { stream, host: 'localhost', port: 5432, user: 'postgres', password: '', database: 'postgres' }
  return { ...settings, ssl: false } as ShadowEngine['connection']
}
