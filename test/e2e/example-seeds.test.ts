import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import { type RunResult, repository, runRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const ENVIRONMENTS = { sqlite: 'development', postgresql: 'postgres', mysql: 'mysql' }

describeEachDialect('the seeds of the worked example', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    for (const path of ['versions', 'seeds', 'knexfile.ts']) {
      cpSync(join(repository, path), join(project.path, path), { recursive: true })
    }
    return project.remove
  })

  const rev = async (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<RunResult> => {
    const place = db.dialect === 'sqlite' ? ['--connection', db.url()] : []
    const options = { cwd: project.path, env: { DATABASE_URL: db.url(), ...env } }
    const result = await runRev([...words, '--env', ENVIRONMENTS[db.dialect], ...place], options)
    expect(result, result.stderr).toMatchObject({ code: 0 })
    return result
  }
  const countOf = async (table: string): Promise<number> =>
    Number((await db.knex()(table).count({ count: '*' }))[0]?.count)

  test('fill it, make up a password once, and have nothing to do the second time', async () => {
    await rev(['upgrade', 'head'])

    const first = await rev(['seed', 'run'])

    const told = /admin@example\.com has the password (\S+), which is told only now/.exec(first.stderr)
    expect(told?.[1]).toMatch(/^[\w-]{16}$/)
    expect(first.stdout).toMatch(/^seed run: 5 seeds done, /)
    expect(await countOf('countries')).toBeGreaterThanOrEqual(50)
    expect(await countOf('activity_logs')).toBe(5000)
    expect(await countOf('jobs')).toBe(63)
    const admins = await db.knex()('users').where({ role: 'admin' })
    expect(admins).toHaveLength(1)
    expect(admins[0].password_hash).toMatch(/^scrypt:[\da-f]{32}:[\da-f]{64}$/)
    const filled = await db.dump()
    expect(filled).not.toContain(told?.[1])

    const second = await rev(['seed', 'run'])

    expect(second.stdout).toMatch(/^nothing to do for seed run: 5 seeds done in /)
    expect(await db.dump()).toBe(filled)
    await rev(['seed', 'run', '--force'])
    expect(await countOf('jobs')).toBe(63)
  })

  test('take the password of the administrator from the environment, and tell nobody', async () => {
    await db.knex()('users').where({ role: 'admin' }).delete()

    const { stdout, stderr } = await rev(['seed', 'run', 'admin', '--force', '-v'], {
      ADMIN_PASSWORD: 'correct horse battery',
    })

    expect(stdout + stderr).not.toContain('correct horse')
    expect(stderr).not.toContain('told only now')
    expect(await db.knex()('users').where({ role: 'admin' })).toHaveLength(1)
  })

  test('do not take an empty password from the environment', async () => {
    await db.knex()('users').where({ role: 'admin' }).delete()

    const { stderr } = await rev(['seed', 'run', 'admin', '--force'], { ADMIN_PASSWORD: '', ADMIN_EMAIL: '' })

    expect(stderr).toMatch(/admin@example\.com has the password [\w-]{16}, which is told only now/)
  })

  test('have two scenarios, which come and go alone and together', async () => {
    const before = await db.dump()
    await rev(['seed', 'run', '--scenario', 'power-user', '--scenario', 'overdue-customer'])
    expect(await countOf('invoices')).toBe(38)

    await rev(['seed', 'undo', '--scenario', 'power-user', '--force'])

    expect(await countOf('invoices')).toBe(2)
    await rev(['seed', 'run', '--scenario', 'power-user'])
    await rev(['seed', 'clean', '--force'])
    expect(await db.dump()).toBe(before)
    await rev(['check', '--db'])
    await rev(['doctor'])
  })

  test('can all be taken back', async () => {
    await rev(['seed', 'undo', 'countries', 'admin', 'users', 'jobs', 'activity_logs', '--force'])

    expect(await countOf('users')).toBe(0)
    expect(await countOf('activity_logs')).toBe(0)
    // Those that came with a revision stay.
    expect(await countOf('countries')).toBe(12)
    await rev(['downgrade', 'base'])
    await rev(['upgrade', 'head'])
  })
})
