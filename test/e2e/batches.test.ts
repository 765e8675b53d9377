import { beforeAll, beforeEach, expect, test } from 'vitest'
import { rowsOf } from '../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../support/databases.ts'
import { revOnTerminal } from '../support/on-terminal.ts'
import { documentBlocks } from '../support/readme-blocks.ts'
import { type RunningProcess, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
// A million rows that were kept would be several hundred.
const MAY_GROW_MB = 80

/** The table `one` with rows from 1 on, n = 0, filled on the server. */
async function fill(db: TestDatabase, rows: number): Promise<void> {
  await db
    .knex()
    .raw('create table one (id integer not null primary key, n integer not null, words varchar(40) not null)')
  const words = "'some words that make a row longer'"
  if (db.dialect === 'postgresql') {
    await db.knex().raw(`insert into one select id, 0, ${words} from generate_series(1, ${rows}) as id`)
    return
  }
  const counted = `with recursive numbers (id) as (select 1 union all select id + 1 from numbers where id < 1000)`
  const select = `select (a.id - 1) * 1000 + b.id as id, 0 as n, ${words} as words from numbers a, numbers b where a.id <= ${Math.ceil(rows / 1000)}`
  const all = `select * from (${select}) filled where id <= ${rows}`
  await db
    .knex()
    .raw(db.dialect === 'mysql' ? `insert into one ${counted} ${all}` : `${counted} insert into one ${all}`)
}

/** How many rows have which n. */
async function tally(db: TestDatabase): Promise<Record<string, number>> {
  const rows: { n: number; rows: number | string }[] = await db
    .knex()('one')
    .groupBy('n')
    .select('n')
    .count({ rows: '*' })
  return Object.fromEntries(rows.map(({ n, rows }) => [String(n), Number(rows)]))
}

describeEachDialect('processes that go over rows in batches', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    project.write('knexfile.json', JSON.stringify(db.knexConfig()))
    return project.remove
  })
  beforeEach(() => {
    project.clear('versions')
    return db.empty()
  })
  const start = (env: Record<string, string> = {}, ...args: string[]): RunningProcess =>
    startRev(['upgrade', 'head', '--allow-non-empty', '--lock-timeout', '60s', ...args], { cwd: project.path, env })
  const revision = (upgrade: string): void => {
    project.revision({ revision: 'aaa', extra: OUTSIDE, upgrade })
  }

  test('that is killed in the middle of a batch goes on there, and each row is changed once', async () => {
    await fill(db, 500)
    revision(`
      await context.inBatches('one', { size: 50 }, async (rows, trx) => {
        await trx('one').whereBetween('id', [rows[0].id, rows.at(-1).id]).increment('n', 1)
        if (process.env.REV_TEST_HANG_AT !== String(rows[0].id)) return
        context.log('the batch hangs')
        await new Promise((resolve) => setTimeout(resolve, 120_000))
      })`)
    for (const at of ['1', '151', '351']) {
      const running = start({ REV_TEST_HANG_AT: at })
      await running.saw(/the batch hangs/)
      running.process.kill('SIGKILL')
      await running.done
    }

    const last = await start().done

    expect(last, last.stderr).toMatchObject({ code: 0 })
    expect(last.stderr).toContain('go on behind the 350 rows that are done')
    expect(await tally(db)).toEqual({ '1': 500 })
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await db.knex()('rev_step').select()).toEqual([])
  })

  test('that is killed again and again at any moment changes each row once', async () => {
    await fill(db, 3000)
    revision(`
      await context.inBatches('one', { size: 10 }, async (rows, trx) => {
        await trx('one').whereBetween('id', [rows[0].id, rows.at(-1).id]).increment('n', 1)
        if (rows[0].id % 100 === 1) context.log('at ' + rows[0].id)
      })`)
    for (const [at, after] of [
      [401, 3],
      [1001, 11],
      [1601, 17],
      [2201, 29],
    ] as const) {
      const running = start()
      await running.saw(new RegExp(`at ${at}\\b`))
      // Where it is then nobody knows, and it must not matter.
      await new Promise((resolve) => setTimeout(resolve, after))
      running.process.kill('SIGKILL')
      await running.done
      const left = await tally(db)
      expect(
        Object.keys(left).every((n) => n === '0' || n === '1'),
        JSON.stringify(left),
      ).toBe(true)
    }

    const last = await start().done

    expect(last, last.stderr).toMatchObject({ code: 0 })
    expect(await tally(db)).toEqual({ '1': 3000 })
  })

  test('that is interrupted says that it goes on, and does', async () => {
    await fill(db, 100)
    revision(`
      await context.inBatches('one', { size: 10, pauseMs: Number(process.env.REV_TEST_PAUSE ?? 0) }, async (rows, trx) => {
        await trx('one').whereBetween('id', [rows[0].id, rows.at(-1).id]).increment('n', 1)
        context.log('at ' + rows[0].id)
      })`)
    const running = start({ REV_TEST_PAUSE: '60000' })
    await running.saw(/at 1\b/)
    running.process.kill('SIGINT')
    const { code, stderr } = await running.done

    expect(code, stderr).toBe(130)
    expect(await start().done).toMatchObject({ code: 0 })
    expect(await tally(db)).toEqual({ '1': 100 })
  })

  test('tell in lines of JSON how far they are', async () => {
    await fill(db, 25)
    revision(`await context.inBatches('one', { size: 10, name: 'ones' }, () => {})`)

    const { stderr } = await start({}, '--log-format', 'json').done

    const lines = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines.filter(({ event }) => event === 'batch:done')).toMatchObject([
      {
        level: 'info',
        revision: 'aaa',
        name: 'ones',
        batch: 1,
        rows: 10,
        total: 25,
        message: expect.stringMatching(/ones, 10 of 25 rows \[#+-+\] 40%/),
      },
      { batch: 2, rows: 20 },
      { batch: 3, rows: 25 },
    ])
  })

  test('show on a terminal one line that is written over, with a bar', async () => {
    await fill(db, 40)
    revision(`await context.inBatches('one', { size: 10, pauseMs: 120, name: 'ones' }, () => {})`)

    const { code, stdout } = await revOnTerminal(['upgrade', 'head', '--allow-non-empty'], { cwd: project.path })

    expect(code, stdout).toBe(0)
    const last = stdout.split('\n').find((line) => line.includes('ones, '))
    const shown = (last ?? '').split('\r').map((part) => part.replaceAll('\u001b[K', ''))
    expect(shown.filter((part) => part.includes('ones, ')).at(-1)).toMatch(/ones, \d0 of 40 rows \[#+-*\] \d+%/)
    // Nothing of it is left on the screen when the step is done.
    expect(shown.at(-1)).toMatch(/^upgrade base -> aaa .* [\d.]+ m?s$/)
  })

  test('run as the README shows them', async () => {
    await db.knex().schema.createTable('users', (t) => {
      t.increments('id')
      t.string('name')
      t.string('full_name')
    })
    await db
      .knex()('users')
      .insert([{ name: 'Ada' }, { name: 'Grace', full_name: 'Grace Hopper' }])
    const example = documentBlocks('README.md').find(({ text }) => text.includes('inBatches('))
    project.write('versions/8f2c1d7e4a90_names.mjs', example?.text ?? '')

    const { code, stderr } = await start().done

    expect(code, stderr).toBe(0)
    expect(await db.knex()('users').orderBy('id').pluck('full_name')).toEqual(['Ada', 'Grace Hopper'])
    expect(await rowsOf(db)).toEqual(['8f2c1d7e4a90'])
  })

  test('need no more memory for many rows than for few', async () => {
    const rows = 1_000_000
    await fill(db, rows)
    revision(`
      const size = 2000
      let seen = 0
      let early = 0
      let most = 0
      await context.inBatches('one', { size }, async (rows, trx) => {
        await trx('one').whereBetween('id', [rows[0].id, rows.at(-1).id]).increment('n', 1)
        seen += rows.length
        const { rss } = process.memoryUsage()
        if (seen <= ${rows / 5}) early = Math.max(early, rss)
        most = Math.max(most, rss)
      })
      context.log('memory ' + JSON.stringify({ early, most }))`)

    const { code, stderr } = await start().done

    expect(code, stderr).toBe(0)
    expect(await tally(db)).toEqual({ '1': rows })
    const { early, most } = JSON.parse(/memory (\{.*\})/.exec(stderr)?.[1] ?? '{}') as { early: number; most: number }
    expect((most - early) / 2 ** 20).toBeLessThan(MAY_GROW_MB)
  })
})
