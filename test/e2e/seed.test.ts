import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { run, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const CONFIG = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }

function project(rev: object = {}): TempProject {
  const environments = { development: { ...CONFIG, rev }, production: { ...CONFIG, rev: { ...rev, protected: true } } }
  const created = createTempProject({ files: { 'knexfile.json': JSON.stringify(environments) } })
  created.revision(creates('things', null))
  created.write(
    'seeds/1_base.mjs',
    `/** The basis. */\nexport const seed = 'base'\nexport const depends_on = 'things'\nexport async function run(knex, { upsert }) {\n  await upsert('things', [{ id: 1 }, { id: 2 }], { key: 'id' })\n  return { secret: 'hunter2' }\n}\n`,
  )
  created.write(
    'seeds/2_fake.mjs',
    `export const seed = 'fake'\nexport const environments = ['development']\nexport const scenario = 'demo'\nexport const depends_on = 'base'\nexport async function run(knex, { upsert, log }) {\n  log('making it up')\n  await upsert('things', [{ id: 3 }], { key: 'id' })\n}\n`,
  )
  return created
}

describe('rev seed', () => {
  it('shows, plans, runs and takes back, in text', async () => {
    const { rev, path } = project()

    expect((await rev(['seed', 'status'])).stdout).toBe('new         base  once\nnew         fake  once\n')
    expect(existsSync(`${path}/dev.sqlite3`)).toBe(false)
    expect(await rev(['seed', 'run'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('run first: rev upgrade things'),
    })
    await rev(['upgrade'])
    expect((await rev(['seed', 'plan', '--scenario', 'demo'])).stdout).toMatch(
      /^2 seeds would run in .*:\n {2}1 {2}base {2}\(new\) {2}The basis\.\n {2}2 {2}fake {2}\(new\)\n$/,
    )
    const ran = await rev(['seed:run', '--scenario', 'demo'])
    expect(ran.stdout).toMatch(/^seed run: 2 seeds done, 3 rows written in .*\n$/)
    expect(ran.stderr).toMatch(/^seed base {2}The basis\. {2}2 rows, \d+ ms$/m)
    expect(ran.stderr).toMatch(/^ {2}fake: making it up$/m)
    expect(ran.stdout + ran.stderr).not.toContain('hunter2')
    expect((await rev(['seed', 'run'])).stdout).toMatch(/^nothing to do for seed run: 1 seed done in /)
    expect((await rev(['seed', 'status'])).stdout).toMatch(
      /^done {8}base {2}once {6}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}2 rows {2}\d+ ms$/m,
    )
    expect((await rev(['seed', 'status', '-v'])).stdout).toContain(
      'after base; scenario demo; environments development; ',
    )

    const unasked = await rev(['seed', 'clean'])
    expect(unasked).toMatchObject({ code: 2, stdout: '' })
    expect(unasked.stderr).toMatch(/REV_SEED_UNCONFIRMED[\s\S]*hint: .*--force/)
    expect((await rev(['seed', 'clean', '--force'])).stdout).toMatch(
      /^seed clean: 1 seed undone, 1 row removed or changed in /,
    )
    expect((await rev(['seed', 'undo', 'fake', '--force'])).stdout).toMatch(/^nothing to do for seed undo/)
    expect((await rev(['seed', 'stamp', 'fake', '--reason', 'by hand'])).stdout).toMatch(
      /^seed stamp: fake counts as done in /,
    )
    expect((await rev(['log', '-n', '1'])).stdout).toMatch(/seed stamp done .*"by hand"/)
  })

  it('says the same as JSON, without what a seed gave back', async () => {
    const { rev, path } = project()
    const json = async (...words: string[]): Promise<Record<string, unknown>> =>
      JSON.parse((await rev([...words, '--json', '-q'])).stdout)
    await rev(['upgrade'])

    const ran = await json('seed', 'run')
    expect(ran).toEqual({
      rev: 1,
      command: 'seed run',
      database: `${path}/dev.sqlite3`,
      environment: 'development',
      runId: expect.any(String),
      seeds: [
        {
          seed: 'base',
          message: 'The basis.',
          file: `${path}/seeds/1_base.mjs`,
          mode: 'once',
          why: 'new',
          statements: 2,
          rows: 2,
          ms: expect.any(Number),
        },
      ],
      left: [],
    })
    expect(await json('seed', 'plan', 'fake')).toMatchObject({
      command: 'seed plan',
      seeds: [{ seed: 'fake', why: 'new' }],
      left: [{ seed: 'base', why: 'done' }],
    })
    expect(await json('seed', 'status')).toMatchObject({
      command: 'seed status',
      protected: false,
      seeds: [
        { seed: 'base', state: 'done', environments: null, last: { state: 'done', rows: 2 } },
        {
          seed: 'fake',
          state: 'new',
          environments: ['development'],
          scenarios: ['demo'],
          dependsOn: ['base'],
          last: null,
        },
      ],
      gone: [],
    })
    expect(await json('seed', 'undo', 'base', '--force')).toMatchObject({
      command: 'seed undo',
      seeds: [{ seed: 'base', by: 'keys', rows: 2 }],
    })
    expect(await json('seed', 'stamp', 'base')).toMatchObject({ command: 'seed stamp', seeds: ['base'] })
    expect(await json('seed', 'run', 'nope')).toMatchObject({
      command: 'seed run',
      error: { code: 'REV_SEED_UNKNOWN', exit: 1 },
    })
    expect(await json('seed', 'rnu')).toMatchObject({ command: null, error: { code: 'REV_USAGE_UNKNOWN_COMMAND' } })
  })

  it('is careful in a protected environment', async () => {
    const { rev, path } = project()
    const inProduction = (...words: string[]) => rev([...words, '--env', 'production'])
    await inProduction('upgrade')

    expect(await inProduction('seed', 'run')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('rev seed run base'),
    })
    expect((await inProduction('seed', 'run', 'fake')).stderr).toContain('REV_SEED_PROTECTED')
    expect(await inProduction('seed', 'run', 'base')).toMatchObject({ code: 0 })
    expect(await inProduction('seed', 'undo', 'base', '--force')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`--yes-i-mean ${path}/dev.sqlite3`),
    })
    expect(await inProduction('seed', 'undo', 'base', '--yes-i-mean', `${path}/dev.sqlite3`)).toMatchObject({ code: 0 })
  })

  it('writes a script, to standard output or a file, and touches nothing', async () => {
    const { rev, read, path } = project()

    const { stdout, code } = await rev(['seed', 'run', 'base', '--sql'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^-- seed things -> things, for sqlite/)
    expect(stdout).toContain('--   base\n--       seeds/1_base.mjs sha256:')
    const file = await rev(['seed', 'run', 'base', '--sql', '--output', 'base.sql'])
    expect(file).toMatchObject({ code: 0, stdout: `wrote 1 step to ${path}/base.sql\n` })
    expect(read('base.sql')).toBe(stdout)
    expect(JSON.parse((await rev(['seed', 'run', 'base', '--sql', '--json'])).stdout)).toMatchObject({
      command: 'sql',
      direction: 'seed',
      from: ['things'],
      steps: 1,
      script: stdout,
    })
    expect(existsSync(`${path}/dev.sqlite3`)).toBe(false)
    expect(await rev(['seed', 'run', '--sql', '--wait'])).toMatchObject({ code: 2 })
    expect(await rev(['seed', 'run', '--sql', '--env', 'production'])).toMatchObject({ code: 2 })
  })

  it('writes JSON lines for log collectors', async () => {
    const { rev } = project()
    await rev(['upgrade'])

    const { stderr } = await rev(['seed', 'run', '--scenario', 'demo', '--log-format', 'json'])

    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ event }) => event)).toEqual(
      ['seeds:start', 'seed:start', 'seed:done', 'seed:start', 'log', 'seed:done'].concat('seeds:done'),
    )
    expect(lines[2]).toMatchObject({
      level: 'info',
      seed: 'base',
      number: 1,
      seeds: 2,
      rows: 2,
      run: expect.any(String),
    })
  })
})

describe('rev seed make', () => {
  it.each([
    ['typescript', { type: 'module' as const, files: { 'tsconfig.json': '{}' } }, '.ts'],
    ['javascript', { type: 'module' as const }, '.js'],
    ['commonjs', { type: 'commonjs' as const }, '.js'],
  ])('writes a seed that runs, in a project of %s', async (_name, options, extension) => {
    const created = createTempProject(options)
    created.write('knexfile.json', JSON.stringify(CONFIG))
    created.write(
      'make.mjs',
      `import knex from 'knex'
      const db = knex(${JSON.stringify(CONFIG)})
      await db.schema.createTable('table_name', (t) => { t.string('code'); t.string('name'); t.string('email') })
      await db.destroy()`,
    )
    expect(await run(process.execPath, ['make.mjs'], { cwd: created.path })).toMatchObject({ code: 0 })

    const made = await created.rev(['seed', 'make', 'countries'])
    const fake = await created.rev(['seed:make', 'people', '-t', 'fake'])

    expect(made).toMatchObject({ code: 0, stdout: `${created.path}/seeds/countries${extension}\n` })
    expect(fake).toMatchObject({ code: 0, stdout: `${created.path}/seeds/people${extension}\n` })
    const ran = await created.rev(['seed', 'run', '--json'])
    expect(ran.code, ran.stderr).toBe(0)
    expect(JSON.parse(ran.stdout)).toMatchObject({
      environment: null,
      seeds: [{ seed: 'countries', mode: 'onchange', rows: 1 }],
      left: [{ seed: 'people', why: 'elsewhere' }],
    })
    // A knexfile without environments may be told where it is.
    const there = await created.rev(['seed', 'run', '--json'], { env: { REV_ENV: 'test' } })
    expect(there.code, there.stderr).toBe(0)
    expect(JSON.parse(there.stdout)).toMatchObject({ environment: 'test', seeds: [{ seed: 'people', rows: 1000 }] })
    expect(await created.rev(['seed', 'make', 'countries'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('REV_FILE_ALREADY_EXISTS'),
    })
    expect(await created.rev(['seed', 'make', '../x'])).toMatchObject({ code: 2 })
    expect(await created.rev(['seed', 'make', 'x', '-t', 'data'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('REV_FILE_TEMPLATE_NOT_FOUND'),
    })
  })
})

it('asks on a terminal before it removes rows, where somebody can answer', async () => {
  const created = project()
  await created.rev(['upgrade'])
  await created.rev(['seed', 'run'])

  // A pipe is no terminal: nobody is asked, and nothing is removed.
  const piped = await startRev(['seed', 'undo', 'base'], { cwd: created.path, input: 'y\n' }).done

  expect(piped).toMatchObject({ code: 2 })
  expect((await created.rev(['seed', 'status'])).stdout).toMatch(/^done/)
})
