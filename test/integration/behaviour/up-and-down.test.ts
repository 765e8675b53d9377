import { beforeEach, expect, test } from 'vitest'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'

// aaa ── bbb ── ccc
const line = [creates('aaa', null), creates('bbb', 'aaa'), creates('ccc', 'bbb')]

describeEachDialect('a line of revisions', (db) => {
  beforeEach(() => db.empty())

  test('goes up, down and up again', async () => {
    const rev = openRev(db, line)

    const up = await rev.upgrade()
    const down = await rev.downgrade({ target: '-2' })
    const again = await rev.upgrade({ target: '+1' })

    expect(up.steps.map((step) => step.revision)).toEqual(['aaa', 'bbb', 'ccc'])
    expect(down.steps.map((step) => step.revision)).toEqual(['ccc', 'bbb'])
    expect(again.steps.map((step) => step.revision)).toEqual(['bbb'])
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    expect(await rowsOf(db)).toEqual(['bbb'])
  })

  test('leaves nothing of its own after the whole way down', async () => {
    const rev = openRev(db, line)

    await rev.upgrade()
    await rev.downgrade({ target: 'base' })

    expect(await tablesOf(db)).toEqual([])
    expect(await rowsOf(db)).toEqual([])
  })

  test('has nothing to do the second time', async () => {
    const rev = openRev(db, line)
    await rev.upgrade()

    const second = await rev.upgrade()

    expect(second.steps).toEqual([])
    expect(second.rows).toEqual(['ccc'])
  })

  test('is stamped without running anything', async () => {
    const rev = openRev(db, line)

    await rev.stamp({ targets: ['bbb'] })
    const rest = await rev.plan({ direction: 'upgrade', target: 'head' })

    expect(await tablesOf(db)).toEqual([])
    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(rest.steps.map((step) => step.revision)).toEqual(['ccc'])
  })

  test('is asked for without creating anything', async () => {
    const rev = openRev(db, line)

    const current = await rev.current()
    const plan = await rev.plan({ direction: 'upgrade', target: 'head' })

    expect(current).toMatchObject({ exists: false, rows: [], atHeads: false })
    expect(plan.steps).toHaveLength(3)
    expect(await db.tables()).toEqual([])
  })

  test('runs exactly the one revision that "only" names', async () => {
    const rev = openRev(db, line)

    await rev.upgrade({ target: 'aaa', only: true })

    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('is reported step by step', async () => {
    const heard = recordingReporter()
    const rev = openRev(db, line, { reporter: heard.report })

    await rev.upgrade({ target: 'bbb' })

    expect(heard.of('step:start').map((event) => event.revision)).toEqual(['aaa', 'bbb'])
    expect(heard.of('step:done').map((event) => event.rows)).toEqual([['aaa'], ['bbb']])
    expect(heard.of('run:done')).toHaveLength(1)
  })

  test('is given the arguments of the run', async () => {
    const heard = recordingReporter()
    const upgrade = 'context.log([context.x.size, context.tag, context.direction, context.dialect].join(" "))'
    const rev = openRev(db, [{ revision: 'aaa', upgrade }], { reporter: heard.report })

    await rev.upgrade({ x: { size: '7' }, tag: 'nightly' })

    expect(heard.of('log').map((event) => event.text)).toEqual([`7 nightly upgrade ${db.dialect}`])
  })

  test('runs on an instance that the caller keeps', async () => {
    const rev = openRev(db, line, { knex: db.knex() })

    await rev.upgrade()
    await rev.close()

    expect(await db.knex()('ccc').select()).toEqual([])
  })

  test('works on a table that is named alembic_version', async () => {
    await db.knex().schema.createTable('alembic_version', (table) => {
      table.string('version_num', 32).notNullable().primary()
    })
    await db.knex()('alembic_version').insert({ version_num: 'aaa' })
    const rev = openRev(db, line, { config: { ...db.knexConfig(), rev: { versionTable: 'alembic_version' } } })

    const up = await rev.upgrade()

    expect(up.steps.map((step) => step.revision)).toEqual(['bbb', 'ccc'])
    expect(await db.knex()('alembic_version').pluck('version_num')).toEqual(['ccc'])
  })
})
