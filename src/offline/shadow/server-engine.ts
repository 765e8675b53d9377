import type { Reporter } from '../../events.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import type { ShadowEngine } from './engine.ts'
import { schemaStatements } from './schemas.ts'
import { makeScratchDatabase, startFailure } from './scratch-database.ts'
import type { OpenShadowOptions } from './shadow-options.ts'
import { assertShadowUrl } from './shadow-url.ts'
import { reachesOutside } from './stay-inside.ts'

const USUAL_CLIENT: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'pg',
  mysql: 'mysql2',
  sqlite: 'better-sqlite3',
}

/**
 * A scratch database on the server of a URL. One that cannot be dropped in the end is named in a notice. Throws
 * REV_OFFLINE_SHADOW_URL and REV_OFFLINE_SHADOW_START.
 */
export async function startOnServer(options: OpenShadowOptions, family: SqlFamily, url: string): Promise<ShadowEngine> {
  const { knexConfig, settings, directory, report } = options
  assertShadowUrl(url, family)
  // Not a class of the project's: where that one connects to is not known.
  const client = typeof knexConfig.client === 'string' ? knexConfig.client : USUAL_CLIENT[family]
  const statements = schemaStatements(family, knexConfig, settings.schema)
  try {
    const scratch = await makeScratchDatabase({ client, connection: url, directory, statements })
    const { connection, proof, place } = scratch
    const name = `a scratch database on ${place}`
    const close = (): Promise<void> => scratch.drop().catch((error) => tellLeft(report, scratch.name, place, error))
    const refuse = (sql: string): string | undefined => {
      const outside = reachesOutside(sql, family, scratch.surroundings)
      return outside === undefined ? undefined : `it would reach ${outside}, which the shadow leaves alone`
    }
    return { kind: 'server', name, connection, proof, refuse, close }
  } catch (error) {
    throw startFailure('a scratch database on the server of --shadow-url', error, remedyFor)
  }
}

/** What helps, in the words of the option: rev's usual hints speak of the connection of the project. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  // Of rev's own statements only the one that makes the database is refused so.
  [
    /permission denied|access denied for user .* to database/i,
    'let the user of --shadow-url create databases, or name a server where it may',
  ],
  [
    /access denied for user|password authentication failed|^[^:]*: role .* does not exist/i,
    'the server does not accept this user: correct user and password of --shadow-url',
  ],
  [
    /unknown database|database .* does not exist/i,
    'name a database that is there in --shadow-url: rev connects to it, and makes the scratch database beside it',
  ],
  [/ECONNREFUSED/, 'nothing listens there: start the server, or correct host and port of --shadow-url'],
  [/ENOTFOUND|EAI_AGAIN/, 'this host name is not known here: correct the host of --shadow-url'],
]

const remedyFor = (reason: string): string | undefined => REMEDIES.find(([pattern]) => pattern.test(reason))?.[1]

function tellLeft(report: Reporter, name: string, place: string, error: unknown): void {
  const { reason } = startFailure(name, error).details
  const message = `the scratch database ${name} on ${place} could not be dropped (${reason}): drop it by hand`
  report({ type: 'notice', code: 'REV_NOTICE_SHADOW_LEFT', message })
}
