import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

const half = `
  await knex.schema.createTable('half', (table) => { table.increments('id') })
  await knex('nowhere').insert({ id: 1 })`

describeEachDialect('a step that fails', (db) => {
  beforeEach(() => db.empty())
  const rollsBackDdl = db.dialect !== 'mysql'

  test('keeps what was done before it and runs nothing after it', async () => {
    const rev = openRev(db, [
      creates('aaa', null),
      { revision: 'bbb', down: 'aaa', upgrade: half },
      creates('ccc', 'bbb'),
    ])

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_STEP_FAILED')
    expect(error.details).toMatchObject({ revision: 'bbb', done: ['aaa'], failed: 'bbb', notRun: ['ccc'] })
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await tablesOf(db)).not.toContain('ccc')
  })

  test('names its file, the line and the statement', async () => {
    const rev = openRev(db, [{ revision: 'aaa', upgrade: half }])

    const error = await errorOf(rev.upgrade())

    const source = rev.project.read('versions/aaa_revision_aaa.ts').split('\n')
    expect(error.details).toMatchObject({
      file: expect.stringContaining('aaa_revision_aaa.ts'),
      line: source.findIndex((line) => line.includes('nowhere')) + 1,
      statement: expect.stringContaining('nowhere'),
    })
  })

  test('leaves nothing where DDL is rolled back, and says what it leaves where it is not', async () => {
    const rev = openRev(db, [{ revision: 'aaa', upgrade: half }])

    const error = await errorOf(rev.upgrade())

    expect(error.details).toMatchObject({ rolledBack: rollsBackDdl })
    expect(await tablesOf(db)).toEqual(rollsBackDdl ? [] : ['half'])
    expect(await rowsOf(db)).toEqual([])
  })

  test('leaves its rows out, even where DDL commits by itself', async () => {
    await db.knex().schema.createTable('notes', (table) => table.increments('id'))
    const upgrade = `await knex('notes').insert({ id: 1 })\nthrow new Error('changed my mind')`
    const rev = openRev(db, [{ revision: 'aaa', upgrade }])

    const error = await errorOf(rev.upgrade({ allowNonEmpty: true }))

    expect(error.details).toMatchObject({ driverMessage: 'changed my mind', rolledBack: true })
    expect(await db.knex()('notes').select()).toEqual([])
  })

  test('on the way down keeps its row', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', 'aaa', { downgrade: `throw new Error('no')` })])
    await rev.upgrade()

    const error = await errorOf(rev.downgrade({ target: 'base' }))

    expect(error.details).toMatchObject({ direction: 'downgrade', failed: 'bbb', notRun: ['aaa'] })
    expect(await rowsOf(db)).toEqual(['bbb'])
  })

  test('is run again as if nothing had happened, once it is corrected', async () => {
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: `throw new Error('no')` }])
    await errorOf(rev.upgrade())

    rev.project.clear('versions')
    // Under another name: Node keeps a module for as long as the process lives.
    for (const revision of [creates('aaa', null), creates('bbb', 'aaa', { message: 'corrected' })]) {
      rev.project.revision(revision)
    }
    const again = await rev.upgrade()

    expect(again.steps.map((step) => step.revision)).toEqual(['bbb'])
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
  })

  test('keeps what it did before the failure when it opts out of its transaction', async () => {
    const rev = openRev(db, [{ revision: 'aaa', upgrade: half, extra: 'export const transaction = false' }])

    const error = await errorOf(rev.upgrade())

    expect(error.details).toMatchObject({ rolledBack: false, committedStatements: 1 })
    expect(await tablesOf(db)).toEqual(['half'])
    expect(await rowsOf(db)).toEqual([])
  })

  test('concerns itself alone when another revision opts out', async () => {
    const optsOut = creates('aaa', null, { extra: 'export const config = { transaction: false }' })
    const rev = openRev(db, [optsOut, { revision: 'bbb', down: 'aaa', upgrade: half }])

    const error = await errorOf(rev.upgrade())

    expect(error.details).toMatchObject({ failed: 'bbb', rolledBack: rollsBackDdl })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })
})

describeEachDialect('a run that is one transaction', (db) => {
  beforeEach(() => db.empty())

  test('leaves nothing at all when its last step fails, or is refused where DDL commits by itself', async () => {
    const rev = openRev(db, [creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: half }])

    const error = await errorOf(rev.upgrade({ singleTransaction: true }))

    expect(error.code).toBe(db.dialect === 'mysql' ? 'REV_DATABASE_SINGLE_TRANSACTION' : 'REV_STEP_FAILED')
    expect(await tablesOf(db)).toEqual([])
  })
})
