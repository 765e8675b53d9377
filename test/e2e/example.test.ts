import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import { repository, runRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const ENVIRONMENTS = { sqlite: 'development', postgresql: 'postgres', mysql: 'mysql' }
const HEAD = 'd70c3e91b5a8'
const BILLING_BASE = '87d1c6940bea'
const BILLING_TIP = '3ce05b97f82d'
const BEFORE_SPLIT = '60ad3f84b91c'
const USERS = 1200

describeEachDialect('the worked example', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    for (const path of ['versions', 'knexfile.ts']) {
      cpSync(join(repository, path), join(project.path, path), { recursive: true })
    }
    return project.remove
  })

  /** The knexfile as it is; only the SQLite file is put where the test can look into it. */
  const rev = async (...args: string[]): Promise<string> => {
    const place = db.dialect === 'sqlite' ? ['--connection', db.url()] : []
    const options = { cwd: project.path, env: { DATABASE_URL: db.url() } }
    const result = await runRev([...args, '--env', ENVIRONMENTS[db.dialect], ...place], options)
    expect(result, result.stderr).toMatchObject({ code: 0 })
    return result.stdout
  }
  const rows = async (): Promise<string[]> => JSON.parse(await rev('current', '--json')).rows.sort()

  test('goes up, down and up again, each way leaving what it found', async () => {
    const empty = await db.dump()
    await rev('upgrade', 'head')
    const head = await db.dump()
    await rev('downgrade', 'base')
    expect(await db.dump()).toBe(empty)

    await rev('upgrade', 'head')

    expect(await db.dump()).toBe(head)
    expect(await rows()).toEqual([HEAD])
    await rev('current', '--check-heads')
  })

  test('goes up and down by scripts, each way leaving what a run leaves', async () => {
    const shadow = db.dialect === 'mysql' ? ['--shadow-url', db.url()] : []
    const runScript = async (...args: string[]): Promise<void> => {
      const result = await db.client(await rev(...args, ...shadow))
      expect(result, result.stderr).toMatchObject({ code: 0 })
    }
    await db.empty()
    await rev('upgrade', 'head')
    const head = await db.dump()
    await rev('downgrade', 'base')
    const base = await db.dump()
    await db.empty()

    await runScript('upgrade', '--sql', 'head')
    expect(await db.dump()).toBe(head)
    await rev('current', '--check-heads')
    await runScript('downgrade', '--sql', `${HEAD}:base`)
    expect(await db.dump()).toBe(base)
    expect(await rows()).toEqual([])
  })

  test('carries the data through the batches and the split, and back', async () => {
    const knex = db.knex()
    await rev('downgrade', 'base')
    await rev('upgrade', BEFORE_SPLIT)
    await rev('upgrade', BILLING_BASE)
    const users = Array.from({ length: USERS }, (_, index) => ({
      email: `User.${index}@Example.org`,
      role: index === 0 ? 'admin' : 'guest',
      full_name: index % 3 === 0 ? null : `Ünal "${index}" O'Neil`,
      bio: index % 2 === 0 ? null : 'line one\nline two \\ ?',
    }))
    await knex.batchInsert('users', users, 100)
    const [first] = await knex('users').orderBy('id').pluck('id')
    await knex('jobs').insert({ title: 'clean the attic', assignee_id: first })
    await knex('activity_logs').insert({ user_id: first, action: 'signed in' })
    await knex('billing_accounts').insert({ owner_id: first, plan: 'team' })
    const before = await db.dump()

    await rev('upgrade', 'head')

    expect(await countOf('user_profiles')).toBe(USERS)
    expect(await countOf('countries')).toBe(12)
    expect(await knex('users').where({ id: first }).pluck('email_key')).toEqual(['user.0@example.org'])
    expect(await knex('users').whereNull('email_key')).toEqual([])
    expect(
      await knex('user_profiles')
        .where({ user_id: first + 1 })
        .first(),
    ).toMatchObject({
      full_name: users[1]?.full_name,
      bio: users[1]?.bio,
    })
    expect(await rows()).toEqual([HEAD])

    await rev('downgrade', BEFORE_SPLIT)

    expect(await db.dump()).toBe(before)
    expect(await rows()).toEqual([BEFORE_SPLIT, BILLING_BASE].sort())
  })

  test('brings billing with what it needs, and leaves the rest', async () => {
    await rev('downgrade', 'base')

    await rev('upgrade', BILLING_TIP)

    const tables = await db.tables()
    expect(tables).toEqual(expect.arrayContaining(['billing_accounts', 'countries', 'invoices', 'users']))
    expect(await knexColumns('user_profiles')).not.toContain('country_code')
  })

  const countOf = async (table: string): Promise<number> => {
    const [row] = await db.knex()(table).count({ count: '*' })
    return Number(row?.count)
  }
  const knexColumns = async (table: string): Promise<string[]> => Object.keys(await db.knex()(table).columnInfo())
})
