import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

const line = [creates('aaa', null), creates('bbb', 'aaa'), creates('ccc', 'bbb')]

describeEachDialect('version rows', (db) => {
  beforeEach(() => db.empty())

  test('that no file knows are told by current and stop the rest', async () => {
    const rev = openRev(db, line)
    await rev.upgrade()
    await db.knex()('rev_version').update({ version_num: 'zzz' })

    const current = await rev.current()
    const up = await errorOf(rev.upgrade())
    const down = await errorOf(rev.downgrade({ target: 'base' }))

    expect(current).toMatchObject({ rows: ['zzz'], unknown: ['zzz'], atHeads: false })
    expect([up.code, down.code]).toEqual(['REV_DATABASE_UNKNOWN_ROW', 'REV_DATABASE_UNKNOWN_ROW'])
    expect(up.details).toMatchObject({ rows: ['zzz'] })
    expect(await rowsOf(db)).toEqual(['zzz'])
  })

  test('that cannot be written stop a run before its first statement', async () => {
    const rev = openRev(db, [
      creates('aaa', null),
      creates('bbb', 'aaa', { extra: 'export const transaction = false' }),
    ])
    await rev.upgrade({ target: 'aaa' })
    await db.knex().raw('drop table rev_version')
    await db.knex().raw(`create view rev_version as select 'aaa' as version_num`)

    const error = await errorOf(rev.upgrade())
    await db.knex().raw('drop view rev_version')

    expect(error.code).toBe('REV_DATABASE_QUERY_FAILED')
    expect(await tablesOf(db)).toEqual(['aaa'])
  })

  test('that are gone do not make a run begin at the base, unless that is asked for', async () => {
    const rev = openRev(db, [
      {
        revision: 'aaa',
        upgrade: `if (!(await knex.schema.hasTable('aaa'))) await knex.schema.createTable('aaa', (t) => { t.increments('id') })\nawait knex('aaa').insert({})`,
      },
    ])
    await rev.upgrade()
    await db.knex()('rev_version').delete()

    const error = await errorOf(rev.upgrade())
    const left = await db.knex()('aaa').pluck('id')
    const { steps } = await rev.upgrade({ allowNonEmpty: true })

    expect(error).toMatchObject({ code: 'REV_DATABASE_VERSION_TABLE' })
    expect(error.message).toContain('"aaa" was applied')
    expect(left).toHaveLength(1)
    expect(steps).toHaveLength(1)
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('that are gone since a downgrade or a stamp to the base are no reason to refuse', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', 'aaa')])
    await rev.upgrade()
    await rev.downgrade({ target: 'base' })
    await rev.upgrade()
    await rev.stamp({ targets: ['base'] })
    await db.knex().schema.dropTable('aaa')
    await db.knex().schema.dropTable('bbb')

    const { steps } = await rev.upgrade()

    expect(steps).toHaveLength(2)
  })

  test('that no file knows are taken away by a stamp with purge', async () => {
    const rev = openRev(db, line)
    await rev.upgrade()
    await db.knex()('rev_version').update({ version_num: 'zzz' })

    await rev.stamp({ targets: ['ccc'], purge: true })

    expect(await rowsOf(db)).toEqual(['ccc'])
  })

  test('that change under a run undo its step', async () => {
    const upgrade = `await knex('rev_version').delete()`
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_DATABASE_ROW_MISMATCH')
    expect(error.details).toMatchObject({ found: 0 })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('are wanted before anything is run in a database that has tables', async () => {
    await db.knex().schema.createTable('customers', (table) => table.increments('id'))
    const rev = openRev(db, line)

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_DATABASE_NOT_EMPTY')
    expect(error.details).toMatchObject({ tables: ['customers'], count: 1 })
    expect(await db.tables()).toEqual(['customers'])
  })

  test('can be begun in a database that has tables, when that is asked for', async () => {
    await db.knex().schema.createTable('customers', (table) => table.increments('id'))
    const rev = openRev(db, line)

    await rev.upgrade({ allowNonEmpty: true })

    expect(await tablesOf(db)).toEqual(['aaa', 'bbb', 'ccc', 'customers'])
  })

  test('are kept apart by case', async () => {
    const rev = openRev(db, [creates('aaa', null)])
    await rev.upgrade()
    await db.knex()('rev_version').update({ version_num: 'AAA' })

    expect((await rev.current()).unknown).toEqual(['AAA'])
  })

  test('are in the schema and the table that the settings name', async () => {
    if (db.dialect !== 'postgresql') return
    const settings = { schema: 'bookkeeping', versionTable: 'steps' }
    const rev = openRev(db, line, { config: { ...db.knexConfig(), rev: settings } })

    await rev.upgrade()

    expect(await db.knex()('bookkeeping.steps').pluck('version_num')).toEqual(['ccc'])
    expect(await db.tables()).toEqual(['aaa', 'bbb', 'ccc'])
  })
})

describeEachDialect('a revision that cannot be reverted', (db) => {
  beforeEach(() => db.empty())

  test('is refused before anything is run', async () => {
    const final = creates('bbb', 'aaa', {
      downgrade: false,
      extra: `export const irreversible = 'the names are hashed'`,
    })
    const rev = openRev(db, [creates('aaa', null), final, creates('ccc', 'bbb')])
    await rev.upgrade()

    const error = await errorOf(rev.downgrade({ target: 'base' }))

    expect(error.code).toBe('REV_IRREVERSIBLE')
    expect(error.details).toMatchObject({ revisions: [{ revision: 'bbb', reason: 'the names are hashed' }] })
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb', 'ccc'])
  })

  test('does not stop a downgrade that ends above it', async () => {
    const final = creates('bbb', 'aaa', {
      downgrade: false,
      extra: `export const irreversible = 'the names are hashed'`,
    })
    const rev = openRev(db, [creates('aaa', null), final, creates('ccc', 'bbb')])
    await rev.upgrade()

    await rev.downgrade({ target: 'bbb' })

    expect(await rowsOf(db)).toEqual(['bbb'])
  })
})
