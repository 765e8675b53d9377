import { readUrl } from '../../database/connection-url.ts'
import { RevError } from '../../errors/index.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'

const FAMILY_OF: Readonly<Record<string, SqlFamily>> = {
  postgres: 'postgresql',
  postgresql: 'postgresql',
  mysql: 'mysql',
  mysql2: 'mysql',
  mariadb: 'mysql',
}
const TITLE: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'PostgreSQL',
  mysql: 'MySQL/MariaDB',
  sqlite: 'SQLite',
}

/** Throws REV_OFFLINE_SHADOW_URL unless the URL is one of a server for this project. Shows no more of it than its scheme. */
export function assertShadowUrl(url: string, family: SqlFamily): void {
  const refuse = (reason: string): RevError => new RevError('REV_OFFLINE_SHADOW_URL', { reason, dialect: family })
  if (family === 'sqlite') throw refuse('SQLite has no server')
  const [, scheme = ''] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? []
  if (scheme === '' || !URL.canParse(url) || readUrl(url)?.isClear !== true) {
    throw refuse(
      'it cannot be read as a URL, or not in one way only; in user and password / is written %2F, @ %40, ? %3F, # %23, : %3A and % %25',
    )
  }
  const meant = FAMILY_OF[scheme.toLowerCase()]
  if (meant === undefined) throw refuse(`"${scheme}://" is not how the URL of a server begins`)
  if (meant !== family)
    throw refuse(`"${scheme}://" is ${TITLE[meant]}, and the client of this project is for ${TITLE[family]}`)
}
