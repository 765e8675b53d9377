import type { Knex } from 'knex'
import { RevError } from '../../../errors/index.ts'
import { mysqlSettings } from '../../mysql-settings.ts'
import type { ScriptFacts } from '../script-dialect.ts'

/** What the driver's connection has for a character set, which must be one of UTF-8. */
export interface ConnectionCharset {
  /** `utf8mb3` is what MySQL and the drivers have long called `utf8`. */
  readonly charset: 'utf8mb4' | 'utf8mb3'
  readonly collation: string
}

// What a driver connects with that is told nothing; each of them knows collations by numbers.
const DEFAULTS: Readonly<Record<string, string>> = { mysql: 'utf8_general_ci' }
const DEFAULT = 'utf8mb4_unicode_ci'
const NUMBERS: Readonly<Record<number, string>> = {
  33: 'utf8_general_ci',
  45: 'utf8mb4_general_ci',
  46: 'utf8mb4_bin',
  83: 'utf8_bin',
  192: 'utf8_unicode_ci',
  224: 'utf8mb4_unicode_ci',
  255: 'utf8mb4_0900_ai_ci',
}

/**
 * Under which character set and collation the driver would connect: views and triggers remember them, and what has no
 * collation of its own is compared by them. Throws REV_OFFLINE_CHARSET where that is no UTF-8, as the script is.
 */
export function connectionCharset({
  knexConfig,
  dialect,
}: Pick<ScriptFacts, 'knexConfig' | 'dialect'>): ConnectionCharset {
  const { charset, charsetNumber } = mysqlSettings(knexConfig.connection)
  const number = charsetNumber || numberOfPool(knexConfig)
  const numbered = number ? (NUMBERS[Number(number)] ?? String(number)) : undefined
  const asked = charset ? String(charset) : (numbered ?? DEFAULTS[dialect.driver ?? ''] ?? DEFAULT)
  const [, version, rest = '_general_ci'] = /^utf8(mb3|mb4|)(_\w+)?$/i.exec(asked) ?? []
  if (version === undefined) throw new RevError('REV_OFFLINE_CHARSET', { charset: asked })
  const name = version.toLowerCase() === 'mb4' ? 'utf8mb4' : 'utf8mb3'
  return { charset: name, collation: `${name}${rest.toLowerCase()}` }
}

/** The statement by which the session gets them, without a semicolon. */
export function setNames({ charset, collation }: ConnectionCharset): string {
  const isPrimary = collation === `${charset}_general_ci`
  // MariaDB, which passes over what is for MySQL 5.7 and later, puts the collation of its `character_set_collations` in the
  // place of this one and of no other when a driver connects, and for a name without a collation, too.
  const collate = isPrimary ? `/*!50700 COLLATE ${collation} */` : `COLLATE ${collation}`
  return `SET NAMES ${charset} ${collate}`
}

/** SQL for whether the session has another collation; undefined for one that every server has. */
export function hasNot({ charset, collation }: ConnectionCharset): string | undefined {
  if (collation === `${charset}_general_ci`) return undefined
  const older = collation.replace(/^utf8mb3_/, 'utf8_')
  const names = older === collation ? [collation] : [collation, older]
  return names.map((name) => `@@SESSION.collation_connection <> '${name}'`).join(' AND ')
}

// A pool that the project has made itself knows nothing but the number.
function numberOfPool(config: Knex.Config): unknown {
  type Pool = {
    readonly pool?: Pool
    readonly config?: { readonly connectionConfig?: { readonly charsetNumber?: unknown } }
  }
  const { connectionPool } = config as { connectionPool?: Pool }
  return (connectionPool?.pool ?? connectionPool)?.config?.connectionConfig?.charsetNumber
}
