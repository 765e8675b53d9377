import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

function project(): TempProject {
  const config = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }
  const created = createTempProject({ files: { 'knexfile.json': JSON.stringify(config) } })
  created.revision(creates('aaaa1111', null, { message: 'first' }))
  created.revision(creates('bbbb1111', 'aaaa1111', { message: 'second' }))
  return created
}

const failing = (created: TempProject): void => {
  const upgrade = `await knex('aaaa1111').insert({ id: 4711 }); await knex('aaaa1111').insert({ id: 4711 })`
  created.revision({ revision: 'cccc1111', down: 'bbbb1111', message: 'third', upgrade })
}

describe('rev status', () => {
  it('lists what is pending, and makes no file', async () => {
    const { rev, path } = project()

    const { stdout, stderr, code } = await rev(['status'])

    expect(stdout).toBe(`PENDING  aaaa1111  first\nPENDING  bbbb1111  second\n2 pending in ${path}/dev.sqlite3\n`)
    expect(stderr).toContain('nothing was applied by rev')
    expect(code).toBe(0)
    expect((await rev(['status', '--exit-code'])).code).toBe(3)
    expect(existsSync(`${path}/dev.sqlite3`)).toBe(false)
  })

  it('shows a failure with its error, and says by its exit code whether all is well', async () => {
    const created = project()
    const { rev } = created
    await rev(['upgrade', '--reason', 'ticket 42'])
    expect(await rev(['status', '--exit-code', '-q'])).toMatchObject({ code: 0, stderr: '' })
    failing(created)
    await rev(['upgrade'])

    const { stdout, stderr, code } = await rev(['status', '--exit-code'])

    expect([code, stderr]).toEqual([3, ''])
    const lines = stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/g, 'WHEN').replace(/ +\d+ ms/g, '  N ms')
    expect(lines.split('\n')).toEqual([
      'APPLIED  WHEN  N ms  aaaa1111  first',
      'APPLIED  WHEN  N ms  bbbb1111  second',
      'FAILED   WHEN  N ms  cccc1111  third',
      '  statement 2 of the attempt: UNIQUE constraint failed: aaaa1111.id',
      expect.stringMatching(/^2 applied, 1 failed in \/.*dev\.sqlite3 \(times in UTC\)$/),
      '',
    ])
    expect((await rev(['status'])).code).toBe(0)
    expect((await rev(['status', 'bbbb', '--exit-code'])).code).toBe(0)
    expect((await rev(['status', '--pending'])).stdout).not.toContain('APPLIED')
    expect((await rev(['status', '-v'])).stdout).toContain('"ticket 42"')
  })

  it('gives the documented shape, whatever the exit code', async () => {
    const created = project()
    failing(created)
    await created.rev(['upgrade'])

    const { stdout, code } = await created.rev(['status', '--json', '--exit-code'])

    expect(code).toBe(3)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ rev: 1, command: 'status', ok: false, run: null, target: [] })
    expect(result.counts).toMatchObject({ APPLIED: 2, FAILED: 1, PENDING: 0 })
    expect(result.revisions[2]).toMatchObject({
      revision: 'cccc1111',
      state: 'FAILED',
      message: 'third',
      stamped: false,
      unfinished: null,
      event: { direction: 'upgrade', outcome: 'failed', failedStatement: 2, error: expect.stringContaining('UNIQUE') },
    })
  })

  it('finds the revision that a killed process was at', async () => {
    const created = project()
    const upgrade = `await knex('aaaa1111').insert({ id: 1 }); context.log('inside'); await new Promise((end) => setTimeout(end, 60_000))`
    created.revision({ revision: 'cccc1111', down: 'bbbb1111', message: 'third', upgrade })
    created.revision(creates('dddd1111', 'cccc1111'))
    const killed = startRev(['upgrade'], { cwd: created.path })
    await killed.saw(/inside/)
    const during = (await created.rev(['status'])).stdout
    killed.process.kill('SIGKILL')
    await killed.done

    const { stdout, code } = await created.rev(['status', '--exit-code'])

    expect(during).toContain('the lock is held: it is at work')
    expect(during).not.toContain('INTERRUPTED')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^INTERRUPTED {2}\S+ \S+ +cccc1111 {2}third$/m)
    expect(stdout).toMatch(/2 applied, 1 pending, 1 interrupted/)
    expect(stdout).toContain('was cut off')
  })

  it('goes on where the files cannot be read, and refuses a target that nobody knows', async () => {
    const { rev, write } = project()
    await rev(['upgrade'])
    expect(await rev(['status', 'dddd'])).toMatchObject({ code: 1, stdout: '' })
    write('versions/broken.ts', 'export const revision = ')

    const { stdout, stderr, code } = await rev(['status', '--exit-code'])

    expect(stdout).toContain('2 applied')
    expect(stderr).toContain('the revision files cannot be read')
    expect(code).toBe(3)
  })

  it('shows seeds in the same table, which change nothing about the exit code', async () => {
    const created = project()
    const { rev } = created
    created.write(
      'seeds/1_rows.mjs',
      `export const seed = 'rows'\nexport const depends_on = 'base_rows'\nexport async function run(knex, { upsert }) {\n  await upsert('aaaa1111', [{ id: 7 }], { key: 'id' })\n}\n`,
    )
    created.write('seeds/2_base.csv', '# seed: base_rows\n# table: bbbb1111\n# key: id\nid\n1\n2\n')
    await rev(['upgrade'])

    const before = await rev(['status', '--exit-code'])

    expect(before).toMatchObject({ code: 0, stderr: '' })
    expect(before.stdout).toMatch(
      /^revision {2}APPLIED .* aaaa1111 {3}first\nrevision {2}APPLIED .* bbbb1111 {3}second\nseed {6}new {26,}base_rows {2}2_base\.csv\nseed {6}new {26,}rows {7}1_rows\.mjs\n2 applied; seeds: 2 new in .*\(no table of seeds yet; times in UTC\)\n$/,
    )
    await rev(['seed', 'run'])
    const { stdout } = await rev(['status'])
    expect(stdout).toMatch(/^seed {6}done {5}\S+ \S+ +\d+ ms {2}base_rows {2}2_base\.csv$/m)
    expect(stdout).toContain('2 applied; seeds: 2 done in ')
    expect((await rev(['status', '--pending'])).stdout).toMatch(/^2 applied; seeds: 2 done in /)
    expect((await rev(['status', 'bbbb'])).stdout).not.toContain('seed')
    const json = JSON.parse((await rev(['status', '--json'])).stdout)
    expect(json).toMatchObject({
      ok: true,
      environment: null,
      hasSeedFiles: true,
      seedTable: 'read',
      seedCounts: { done: 2, new: 0 },
      seeds: [
        { seed: 'base_rows', state: 'done', last: { rows: 2 }, event: { direction: 'seed' }, appliedSince: [] },
        { seed: 'rows', state: 'done', mode: 'once', environments: null },
      ],
    })
    created.write('seeds/3_broken.mjs', 'export const seed = 1')
    const broken = await rev(['status', '--exit-code'])
    expect(broken.code).toBe(0)
    expect(broken.stderr).toContain('the seed files cannot be read')
    expect(broken.stdout).toContain('(without the seed files; times in UTC)')
  })
})
