import { beforeEach, describe, expect, it } from 'vitest'
import { describeSideBySide, type TestDatabase } from '../support/databases.ts'
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
    const { rev } = project()

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
    expect(run.stdout).toBe('analytics\n  not run\napp\n  not run\nreports\n  failed: REV_REQUIREMENT_UNKNOWN\n')
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
    const sqlite = (filename: string) => ({
      client: 'better-sqlite3',
      connection: { filename },
      useNullAsDefault: true,
    })
    const databases = { app: sqlite('app.sqlite3'), analytics: sqlite('analytics.sqlite3') }
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
})
