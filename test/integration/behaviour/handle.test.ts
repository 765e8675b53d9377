import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

describeEachDialect('a revision that forgets its work', (db) => {
  beforeEach(() => db.empty())

  const forgetful: [name: string, body: string, state: string][] = [
    ['a write that is built and never run', `knex('aaa').insert({ id: 1 })`, 'never-run'],
    ['a table that is built and never created', `knex.schema.dropTable('aaa')`, 'never-run'],
  ]
  for (const [name, upgrade, state] of forgetful) {
    test(`fails for ${name}`, async () => {
      const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

      const error = await errorOf(rev.upgrade())

      expect(error.code).toBe('REV_STEP_FORGOTTEN')
      expect(error.details).toMatchObject({ revision: 'bbb', state, line: expect.any(Number) })
      expect(await rowsOf(db)).toEqual(['aaa'])
      expect(await tablesOf(db)).toEqual(['aaa'])
    })
  }

  test('fails for an insert that is not awaited; on SQLite it is done by then', async () => {
    const upgrade = `knex('aaa').insert({ id: 1 }).then(() => {})`
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

    const outcome = await rev.upgrade().then(
      () => 'done',
      (error) => error.code,
    )

    expect(outcome).toBe(db.dialect === 'sqlite' ? 'done' : 'REV_STEP_FORGOTTEN')
    expect(await db.knex()('aaa').pluck('id')).toEqual(db.dialect === 'sqlite' ? [1] : [])
    expect(await rowsOf(db)).toEqual(db.dialect === 'sqlite' ? ['bbb'] : ['aaa'])
  })

  test('does not fail for a select that is never run', async () => {
    const upgrade = `knex('aaa').select()`
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

    await rev.upgrade()

    expect(await rowsOf(db)).toEqual(['bbb'])
  })
})

describeEachDialect('the handle of a revision', (db) => {
  beforeEach(() => db.empty())

  test('runs nested transactions one after the other', async () => {
    const upgrade = `
      await knex.transaction(async (trx) => { await trx('aaa').insert({ id: 1 }) })
      await knex.transaction(async (trx) => { await trx('aaa').insert({ id: 2 }); throw new Error('undo') }).catch(() => {})
      await knex('aaa').insert({ id: 3 })`
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

    await rev.upgrade()

    expect(await db.knex()('aaa').orderBy('id').pluck('id')).toEqual([1, 3])
  })

  test('is not to be used beside a transaction that is open on it', async () => {
    const upgrade = `
      await knex.transaction(async (trx) => {
        await trx('aaa').insert({ id: 1 })
        await knex('aaa').insert({ id: 2 })
      })`
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade }])

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_STEP_CONCURRENT_TRANSACTION')
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await db.knex()('aaa').select()).toEqual([])
  })

  test('refuses to be destroyed', async () => {
    const rev = openRev(db, [{ revision: 'aaa', upgrade: 'await knex.destroy()' }])

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_STEP_DESTROYED_HANDLE')
    expect(await rowsOf(db)).toEqual([])
  })
})
