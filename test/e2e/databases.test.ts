import { createServer } from 'node:net'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { describeSideBySide, type TestDatabase } from '../support/databases.ts'
import { revBin, start } from '../support/run-cli.ts'
import { createTempProject, revisionSource, type TempProject } from '../support/temp-project.ts'

/** A revision that creates a table, in the folder of its database. */
function creates(revision: string, down: string | null, requires?: readonly object[]): string {
  return revisionSource({
    ...{ revision, down },
    upgrade: `await knex.schema.createTable('${revision}', (table) => { table.increments('id') })`,
    downgrade: `await knex.schema.dropTable('${revision}')`,
    ...(requires ? { extra: `export const requires = ${JSON.stringify(requires)}` } : {}),
  })
}

const sqliteFile = (filename: string) => ({
  client: 'better-sqlite3',
  connection: { filename },
  useNullAsDefault: true,
})

const tablesOf = async (db: TestDatabase) => (await db.tables()).filter((name) => !name.startsWith('rev_'))

describeSideBySide('three databases of three kinds', (dbs) => {
  const { postgresql: app, mysql: analytics, sqlite: reports } = dbs

  beforeEach(async () => {
    for (const db of Object.values(dbs)) await db.empty()
  })

  // app: users <- feed, which requires events of analytics; reports: sums, which requires feed of app.
  function project(change: (project: TempProject) => void = () => {}): TempProject {
    const databases = { reports: reports.knexConfig(), app: app.knexConfig(), analytics: analytics.knexConfig() }
    const made = createTempProject({ files: { 'knexfile.json': JSON.stringify({ development: { databases } }) } })
    made.write('versions/app/users.ts', creates('users', null))
    made.write('versions/app/feed.ts', creates('feed', 'users', [{ database: 'analytics', revision: 'events' }]))
    made.write('versions/analytics/events.ts', creates('events', null))
    made.write('versions/analytics/visits.ts', creates('visits', 'events'))
    made.write('versions/reports/sums.ts', creates('sums', null, [{ database: 'app', revision: 'feed' }]))
    change(made)
    return made
  }

  it('go up and down together, each after what it requires', async () => {
    const { rev } = project()

    const up = await rev(['upgrade', 'head', '--all-databases'])
    expect(up.code).toBe(0)
    expect(up.stdout).toMatch(
      /^analytics\n {2}upgrade: 2 steps done, .* is now at visits\napp\n {2}upgrade: 2 steps done, .* is now at feed\nreports\n {2}upgrade: 1 step done, .* is now at sums\n$/,
    )
    expect(up.stderr).toMatch(
      /^analytics\nupgrade of .*: 2 steps\n[\s\S]*\napp\nupgrade of .*: 2 steps\n[\s\S]*\nreports\nupgrade of .*: 1 step\n/,
    )
    expect(await tablesOf(app)).toEqual(['feed', 'users'])
    expect(await tablesOf(analytics)).toEqual(['events', 'visits'])
    expect(await tablesOf(reports)).toEqual(['sums'])

    const again = await rev(['upgrade', 'head', '--all-databases'])
    expect(again.stdout.match(/nothing to do for upgrade/g)).toHaveLength(3)

    const status = await rev(['status', '--database', 'app', '--database', 'reports', '--exit-code'])
    expect(status.code).toBe(0)
    expect(status.stdout).toMatch(/^app\n {2}APPLIED .* users[\s\S]*\nreports\n {2}APPLIED .* sums/)
    expect(status.stdout).not.toContain('visits')

    const down = await rev(['downgrade', 'base', '--all-databases'])
    expect(down.stdout.match(/^\w+$/gm)).toEqual(['reports', 'app', 'analytics'])
    for (const db of Object.values(dbs)) expect(await tablesOf(db)).toEqual([])
  })

  it('are checked for what they require before anything is run', async () => {
    const { rev, write, clear } = project()

    const alone = await rev(['upgrade', 'head', '--database', 'app'])
    expect(alone).toMatchObject({ code: 1, stdout: '' })
    expect(alone.stderr).toMatch(
      /REV_REQUIREMENT_UNMET[\s\S]*"feed" \(.*feed\.ts\) requires "events" of "analytics" \(.*\), which is at base\n {2}hint: .*rev upgrade events --database analytics\n$/,
    )
    expect(await app.tables()).toEqual([])

    // What the plan does not reach is not asked for.
    expect((await rev(['upgrade', 'users', '--database', 'app'])).code).toBe(0)
    expect((await rev(['upgrade', 'events', '--database', 'analytics'])).code).toBe(0)
    expect((await rev(['upgrade', 'head', '--database', 'app'])).code).toBe(0)

    const held = await rev(['downgrade', 'base', '--database', 'analytics'])
    expect(held).toMatchObject({ code: 1, stdout: '' })
    expect(held.stderr).toMatch(
      /REV_REQUIREMENT_HELD[\s\S]*"events" is required by "feed" \(.*\) of "app"[\s\S]*hint: .*--database app\n$/,
    )
    expect(await tablesOf(analytics)).toEqual(['events'])

    // What may hold it, but cannot be read, is named.
    write('versions/reports/broken.ts', 'export const revision = (')
    const unread = await rev(['downgrade', 'base', '--database', 'analytics'])
    expect(unread).toMatchObject({ code: 1, stdout: '' })
    expect(unread.stderr).toMatch(/REV_REQUIREMENT_UNREADABLE: .* revisions of "reports" require[\s\S]*broken\.ts/)
    clear('versions/reports/broken.ts')

    // Of both together the one that is required goes last.
    const both = await rev(['downgrade', 'base', '--database', 'analytics', '--database', 'app'])
    expect(both).toMatchObject({ code: 0, stdout: expect.stringMatching(/^app\n[\s\S]*\nanalytics\n/) })
  })

  it('change nothing at all when one of them cannot begin', async () => {
    const { rev } = project(({ write }) => {
      write('versions/reports/sums.ts', creates('sums', null, [{ database: 'app', revision: 'fed' }]))
    })

    const run = await rev(['upgrade', 'head', '--all-databases'])

    expect(run.code).toBe(1)
    expect(run.stdout).toBe('reports\n  failed: REV_REQUIREMENT_UNKNOWN\napp\n  not run\nanalytics\n  not run\n')
    expect(run.stderr).toMatch(/reports: error REV_REQUIREMENT_UNKNOWN[\s\S]*no such revision; did you mean "feed"\?/)
    expect(run.stderr).toMatch(/error REV_DATABASES_FAILED: .* failed: reports \(REV_REQUIREMENT_UNKNOWN\); not run: /)
    for (const db of Object.values(dbs)) expect(await db.tables()).toEqual([])
    expect((await rev(['check', '--database', 'reports'])).stderr).toContain('REV_REQUIREMENT_UNKNOWN')
    expect((await rev(['check', '--database', 'app'])).code).toBe(0)
  })

  describe('of which one fails', () => {
    const broken = () =>
      project(({ write }) => {
        write(
          'versions/analytics/visits.ts',
          revisionSource({ revision: 'visits', down: 'events', upgrade: `await knex.raw('selec 1')`, downgrade: '' }),
        )
        write('versions/app/feed.ts', creates('feed', 'users'))
      })

    it('stop there, and say what is done, what is not, and what to type', async () => {
      const { rev } = broken()

      const run = await rev(['upgrade', 'head', '--database', 'analytics', '--database', 'app'])

      expect(run.code).toBe(1)
      expect(run.stdout).toBe('analytics\n  failed: REV_STEP_FAILED\napp\n  not run\n')
      expect(run.stderr).toMatch(/analytics: error REV_STEP_FAILED: .*visits/)
      expect(run.stderr).toMatch(
        /error REV_DATABASES_FAILED: rev upgrade did not come through on 1 of 2 databases; failed: analytics \(REV_STEP_FAILED\); not run: app\.\n {2}hint: .*--continue-on-error/,
      )
      expect(await tablesOf(analytics)).toEqual(['events'])
      expect(await app.tables()).toEqual([])
    })

    it('go on with --continue-on-error, and fail all the same', async () => {
      const { rev } = broken()

      const run = await rev(['upgrade', '--all-databases', '--continue-on-error', '--json'])

      expect(run.code).toBe(1)
      const result = JSON.parse(run.stdout)
      expect(result).toMatchObject({
        rev: 1,
        command: 'upgrade',
        ok: false,
        databases: [
          { database: 'app', state: 'done', result: { command: 'upgrade', rows: ['feed'] }, error: null },
          { database: 'reports', state: 'done', result: { rows: ['sums'] }, error: null },
          { database: 'analytics', state: 'failed', result: null, error: { code: 'REV_STEP_FAILED', exit: 1 } },
        ],
      })
      expect(await tablesOf(reports)).toEqual(['sums'])
    })

    it('are not gone on with where a part of the way has failed, and are told to be done in part', async () => {
      const { rev } = project(({ write }) => {
        write('versions/analytics/events.ts', creates('events', null, [{ database: 'app', revision: 'users' }]))
        write(
          'versions/analytics/visits.ts',
          revisionSource({ revision: 'visits', down: 'events', upgrade: `await knex.raw('selec 1')`, downgrade: '' }),
        )
      })

      const run = await rev(['upgrade', 'head', '--database', 'app', '--database', 'analytics'])

      expect(run.stdout.replace(/: 1 step .*/, '')).toBe(
        'app\n  upgrade\nanalytics\n  failed: REV_STEP_FAILED\napp\n  not run\n',
      )
      expect(run.stderr).toMatch(/failed: analytics \(REV_STEP_FAILED\); done in part: app\.\n/)
    })

    it('leave to a look what it can see', async () => {
      const { rev, write, read } = broken()
      const knexfile = JSON.parse(read('knexfile.json'))
      knexfile.development.databases.app.connection = { host: '127.0.0.1', port: 1, user: 'x', password: 'hunter2' }
      const file = write('closed.json', JSON.stringify(knexfile))

      const run = await rev(['status', '--all-databases', '--continue-on-error', '--knexfile', file])

      expect(run.code).toBe(1)
      expect(run.stdout).toMatch(
        /reports\n {2}.*sums[\s\S]*app\n {2}failed: REV_DATABASE_CONNECT_FAILED\nanalytics\n {2}.*events/,
      )
      expect(run.stderr).not.toContain('hunter2')
    })
  })

  it('are looked at before one is set up, and not any more after a signal', async () => {
    const { path, rev, write, read } = project()
    const connections: (() => void)[] = []
    const server = createServer((socket) => {
      socket.on('error', () => {})
      connections.shift()?.()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as { port: number }
    const knexfile = JSON.parse(read('knexfile.json'))
    const { databases } = knexfile.development
    const closed = { client: 'pg', connection: { host: '127.0.0.1', port: 1, user: 'x' } }
    databases.reports = closed
    write('closed.json', JSON.stringify(knexfile))
    const silent = { client: 'pg', connection: { host: '127.0.0.1', port, user: 'x' }, acquireConnectionTimeout: 1500 }
    write(
      'silent.json',
      JSON.stringify({ databases: { reports: silent, app: silent, analytics: databases.analytics } }),
    )

    const setup = await rev(['setup', '--all-databases', '--knexfile', 'closed.json'])

    expect(setup.code).toBe(1)
    expect(setup.stdout).toBe('reports\n  failed: REV_DATABASE_CONNECT_FAILED\napp\n  not run\nanalytics\n  not run\n')
    expect(await app.tables()).toEqual([])

    const asked = new Promise<void>((resolve) => connections.push(resolve))
    const running = start(process.execPath, [revBin, 'upgrade', '--all-databases', '--knexfile', 'silent.json'], {
      cwd: path,
    })
    await asked
    running.process.kill('SIGINT')
    const stopped = await running.done
    expect(stopped.code).toBe(130)
    expect(stopped.stdout).toMatch(/^reports\n {2}failed: \w+\napp\n {2}not run\nanalytics\n {2}not run\n$/)
  })

  it('answer a check that says no with 3, and a failure beside it with 1', async () => {
    const { rev, write, read } = project()

    const no = await rev(['current', '--check-heads', '--all-databases', '--continue-on-error'])
    expect(no.code).toBe(3)
    const knexfile = JSON.parse(read('knexfile.json'))
    knexfile.development.databases.app.connection = { host: '127.0.0.1', port: 1, user: 'x' }
    write('closed.json', JSON.stringify(knexfile))
    const broken = ['--all-databases', '--continue-on-error', '--knexfile', 'closed.json']
    expect((await rev(['current', '--check-heads', ...broken])).code).toBe(1)
    expect((await rev(['status', '--exit-code', ...broken])).code).toBe(1)
  })

  it('are not begun with where a name is wrong or a configuration', async () => {
    const { rev, write, read } = project()

    const wrong = await rev(['status', '--database', 'reports', '--database', 'ap'])
    expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--database app') })
    const knexfile = JSON.parse(read('knexfile.json'))
    knexfile.development.databases.analytics.rev = { versionTabel: 'x' }
    write('typo.json', JSON.stringify(knexfile))
    const typo = ['upgrade', 'users', '--database', 'analytics', '--database', 'app', '--knexfile', 'typo.json']
    expect(await rev(typo)).toMatchObject({ code: 2, stdout: '' })
    const others = await rev([...typo, '--continue-on-error'])
    expect(others).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^app\n {2}upgrade: 1 step .*\nanalytics\n {2}failed: REV_CONFIG_INVALID\n$/),
    })
  })

  it('say in lines for log collectors which one each line is about', async () => {
    const { rev } = project()

    const run = await rev(['upgrade', 'head', '--all-databases', '--log-format', 'json'])

    const lines = run.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    const starts = lines.filter(({ event }) => event === 'database:start')
    expect(starts.map(({ databaseName, number, databases }) => [databaseName, number, databases])).toEqual([
      ['analytics', 1, 3],
      ['app', 2, 3],
      ['reports', 3, 3],
    ])
    const steps = lines.filter(({ event }) => event === 'step:done')
    expect(steps.map(({ databaseName, revision }) => `${databaseName} ${revision}`)).toEqual([
      'analytics events',
      'analytics visits',
      'app users',
      'app feed',
      'reports sums',
    ])

    // An error from before the first was begun says, too, whose it is; that of all in the end is nobody's. What only follows
    // from the first, here that nothing can be taken away from below reports, is not told.
    const far = await rev(['downgrade', '-2', '--all-databases', '--log-format', 'json'])
    const errors = far.stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(errors.map(({ code, databaseName }) => [code, databaseName])).toEqual([
      ['REV_GRAPH_TOO_FAR', 'reports'],
      ['REV_DATABASES_FAILED', undefined],
    ])
  })

  it('are set up together, with their seeds', async () => {
    const { rev } = project(({ write }) => {
      write(
        'seeds/app/people.mjs',
        `export const seed = 'people'\nexport const run = (knex, { upsert }) => upsert('users', [{ id: 7 }], { key: 'id' })\n`,
      )
    })

    const run = await rev(['setup', '--all-databases'])

    expect(run.code).toBe(0)
    expect(run.stdout).toMatch(/^analytics\n[\s\S]*\napp\n[\s\S]*seed run: 1 seed done[\s\S]*\nreports\n/)
    expect(await app.knex()('users').pluck('id')).toEqual([7])
    expect((await rev(['seed', 'status', '--all-databases'])).stdout).toMatch(/app\n {2}.*people/)
  })

  it('cannot be written into one script, whose header says what it requires', async () => {
    const { rev } = project()

    expect((await rev(['upgrade', '--all-databases', '--sql'])).stderr).toContain('REV_USAGE_CONFLICTING_OPTIONS')
    const script = await rev(['upgrade', 'head', '--sql', '--database', 'app'])
    expect(script.stdout).toMatch(/^--\s+REQUIRES events of the database analytics: see that it is applied there$/m)
  })

  it('need a name where one of them is meant', async () => {
    const { rev } = project()

    const none = await rev(['upgrade', 'head'])
    expect(none).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/REV_CONFIG_DATABASE_NEEDED.*\n.*--database reports/),
    })
    const wrong = await rev(['heads', '--database', 'analitics'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/"analitics"[\s\S]*--database analytics/) })
    const two = await rev(['downgrade', '-1', '--database', 'app', '--all-databases'])
    expect(two).toMatchObject({ code: 2, stderr: expect.stringContaining('REV_USAGE_CONFLICTING_OPTIONS') })
    const several = await rev(['db', 'drop', '--database', 'app', '--database', 'reports', '--force'])
    expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining('can be given once') })
    const made = await rev(['revision', '-m', 'more', '--database', 'app'])
    expect(made.stdout).toMatch(/versions\/app\/\w+_more\.\w+\n$/)
  })
})

describe('revisions of two databases that require each other', () => {
  it('are found by check, when none of them can be the first', async () => {
    const databases = { app: sqliteFile('app.sqlite3'), analytics: sqliteFile('analytics.sqlite3') }
    const { write, rev } = createTempProject({ files: { 'knexfile.json': JSON.stringify({ databases }) } })
    write('versions/app/a1.ts', creates('a1', null, [{ database: 'analytics', revision: 'c2' }]))
    write('versions/app/a2.ts', creates('a2', 'a1'))
    write('versions/analytics/c1.ts', creates('c1', null, [{ database: 'app', revision: 'a2' }]))
    write('versions/analytics/c2.ts', creates('c2', 'c1'))

    const check = await rev(['check', '--all-databases'])
    expect(check.code).toBe(1)
    expect(check.stderr).toMatch(/REV_REQUIREMENT_CIRCLE[\s\S]*"a1" \(.*\) of "app"\n[\s\S]*of "analytics"/)
    const up = await rev(['upgrade', '--all-databases'])
    expect(up).toMatchObject({ code: 1, stderr: expect.stringContaining('REV_REQUIREMENT_UNMET') })

    // Here each requires only what is below in the other, and they go by turns.
    write('versions/app/a1.ts', creates('a1', null))
    write('versions/app/a2.ts', creates('a2', 'a1', [{ database: 'analytics', revision: 'c1' }]))
    write('versions/analytics/c1.ts', creates('c1', null, [{ database: 'app', revision: 'a1' }]))
    expect((await rev(['check', '--all-databases'])).code).toBe(0)
    for (const command of [['upgrade', 'heads'], ['setup']]) {
      const turns = await rev([...command, '--all-databases'])
      expect(turns.code).toBe(0)
      expect(turns.stdout).toMatch(
        /^app\n[\s\S]* at a1\n[\s\S]*^analytics\n[\s\S]* at c2\n[\s\S]*^app\n[\s\S]* at a2\n/m,
      )
      const down = await rev(['downgrade', 'base', '--all-databases'])
      expect(down.code).toBe(0)
      expect(down.stdout).toMatch(/^app\n.* at a1\nanalytics\n.* at base\napp\n.* at base\n$/)
    }
  })

  it('go by turns as far as was asked for, and no further', async () => {
    const databases = { app: sqliteFile('app.sqlite3'), analytics: sqliteFile('analytics.sqlite3') }
    const { write, rev } = createTempProject({ files: { 'knexfile.json': JSON.stringify({ databases }) } })
    write('versions/app/a1.ts', creates('a1', null))
    write('versions/app/a2.ts', creates('a2', 'a1', [{ database: 'analytics', revision: 'c1' }]))
    write('versions/app/a3.ts', creates('a3', 'a2'))
    write('versions/analytics/c1.ts', creates('c1', null, [{ database: 'app', revision: 'a1' }]))
    write('versions/analytics/c2.ts', creates('c2', 'c1'))
    write('versions/analytics/c3.ts', creates('c3', 'c2'))
    const all = async (...args: string[]) => rev([...args, '--all-databases'])
    const steps = (text: string) => text.match(/(up|down)grade \w+ -> \w+/g)

    const expected = ['upgrade base -> a1', 'upgrade base -> c1', 'upgrade c1 -> c2', 'upgrade a1 -> a2']
    expect(steps((await all('upgrade', '+2', '--plan')).stdout)).toEqual(expected)
    expect(steps((await all('upgrade', '+2')).stderr)).toEqual(expected)
    expect((await all('upgrade', 'heads')).code).toBe(0)

    const down = ['a3 -> a2', 'a2 -> a1', 'c3 -> c2', 'c2 -> c1', 'c1 -> base', 'a1 -> base'].map(
      (s) => `downgrade ${s}`,
    )
    for (const target of ['base', '-3']) {
      const plan = await all('downgrade', target, '--plan')
      expect(plan).toMatchObject({ code: 0, stdout: expect.stringContaining('3 steps from c3 to base') })
      expect(steps(plan.stdout)).toEqual(down)
    }
    expect(steps((await all('downgrade', '-3')).stderr)).toEqual(down)

    // A setup looks at its target, too, and begins where the database is.
    expect(steps((await all('setup', '+1')).stderr)).toEqual(['upgrade base -> a1', 'upgrade base -> c1'])
    expect(steps((await all('setup', '+1')).stderr)).toEqual(['upgrade a1 -> a2', 'upgrade c1 -> c2'])

    const far = await all('downgrade', '-9')
    expect(far).toMatchObject({
      code: 1,
      stdout: 'app\n  failed: REV_GRAPH_TOO_FAR\nanalytics\n  failed: REV_GRAPH_TOO_FAR\n',
    })
    // One that cannot even begin is told once, however often it would have had to wait.
    write('versions/analytics/c2.ts', creates('c2', 'c1', [{ database: 'app', revision: 'a4' }]))
    write('versions/app/a4.ts', creates('a4', 'a3', [{ database: 'analytics', revision: 'c3' }]))
    await all('downgrade', 'base')
    const stuck = await all('upgrade', 'heads')
    expect(stuck.stdout).toBe('app\n  failed: REV_REQUIREMENT_UNMET\nanalytics\n  failed: REV_REQUIREMENT_UNMET\n')
  })
})

describe('two names for one database', () => {
  it('are refused before anything is run, unless their files are the same', async () => {
    const databases = { app: sqliteFile('one.sqlite3'), analytics: sqliteFile('one.sqlite3') }
    const { write, rev } = createTempProject({ files: { 'knexfile.json': JSON.stringify({ databases }) } })
    write('versions/app/a1.ts', creates('a1', null))
    write('versions/analytics/c1.ts', creates('c1', null))

    const same = await rev(['upgrade', '--all-databases'])
    expect(same).toMatchObject({ code: 1, stdout: 'app\n  not run\nanalytics\n  failed: REV_DATABASES_SAME\n' })
    expect(same.stderr).toMatch(/"app" and "analytics" are the same database \(.*one\.sqlite3\)/)

    const shards = { databases, rev: { versionLocations: 'versions/app' } }
    write('shards.json', JSON.stringify(shards))
    expect((await rev(['upgrade', '--all-databases', '--knexfile', 'shards.json'])).code).toBe(0)
    const apart = { ...databases, analytics: { ...databases.analytics, rev: { versionTable: 'analytics_version' } } }
    write('apart.json', JSON.stringify({ databases: apart }))
    expect((await rev(['upgrade', '--all-databases', '--allow-non-empty', '--knexfile', 'apart.json'])).code).toBe(0)
  })
})
