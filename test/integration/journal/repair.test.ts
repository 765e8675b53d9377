import { beforeEach, expect, test } from 'vitest'
import { createRev } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'

const OUTSIDE = 'export const transaction = false'
const ONE = `await knex.schema.createTable('one', (t) => { t.increments('id'); t.integer('n') })`
const half = (message: string, last: string): RevisionText => ({
  revision: 'bbb',
  down: 'aaa',
  message,
  extra: OUTSIDE,
  upgrade: `${ONE}\nawait knex('one').insert({ n: 1 })\n${last}`,
  downgrade: `await knex('one').del()\nawait knex.schema.dropTable('one')`,
})

describeEachDialect('rev repair', (db) => {
  beforeEach(() => db.empty())
  const numbers = async (): Promise<number[]> => (await db.knex()('one').orderBy('id').pluck('n')).map(Number)
  const stopHalfWay = async () => {
    const rev = openRev(db, [creates('aaa', null), half('first', `await knex('nowhere').insert({ n: 2 })`)])
    await errorOf(rev.upgrade())
    return rev
  }

  test('--resume goes on where upgrade would not, because somebody has looked', async () => {
    await stopHalfWay()
    const edited = half('second', `await knex('one').insert({ n: 3 })`)
    // The insert that is done has gone from the file: an upgrade cannot tell whether that is meant.
    const upgrade = edited.upgrade?.replace(`await knex('one').insert({ n: 1 })\n`, '') ?? ''
    const rev = openRev(db, [creates('aaa', null), { ...edited, upgrade }])
    expect((await errorOf(rev.upgrade())).code).toBe('REV_JOURNAL_UNCLEAR')

    const result = await rev.repair({ revision: 'bbb', action: 'resume', reason: 'moved' })

    expect(result).toMatchObject({ command: 'repair', revision: 'bbb', before: ['aaa'], rows: ['bbb'] })
    expect(await numbers()).toEqual([1, 3])
    const { runs } = await rev.log({ limit: 1 })
    expect(runs[0]).toMatchObject({ direction: 'upgrade', outcome: 'done', reason: 'moved' })
  })

  test('--rerun forgets what was done and begins from the beginning', async () => {
    await stopHalfWay()
    await db.knex().schema.dropTable('one')
    const rev = openRev(db, [creates('aaa', null), half('second', '')])

    await rev.repair({ revision: 'bbb', action: 'rerun' })

    expect(await numbers()).toEqual([1])
    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(await db.knex()('rev_step').select()).toEqual([])
  })

  test('--applied takes the word of somebody who did the rest by hand', async () => {
    const rev = await stopHalfWay()

    const result = await rev.repair({ revision: 'bbb', action: 'applied', reason: 'the rest was done by hand' })

    expect(result).toMatchObject({ before: ['aaa'], rows: ['bbb'], steps: [] })
    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(await numbers()).toEqual([1])
    expect(await rev.upgrade()).toMatchObject({ steps: [] })
    const { runs } = await rev.log({ revision: 'bbb', limit: 1 })
    expect(runs[0]).toMatchObject({ direction: 'repair:applied', reason: 'the rest was done by hand', rows: ['bbb'] })
    await expect(rev.check({ database: true })).resolves.toMatchObject({ database: { rows: ['bbb'] } })
  })

  test('--reverted takes the word of somebody who undid what was there', async () => {
    const rev = await stopHalfWay()
    await db.knex().schema.dropTable('one')

    await rev.repair({ revision: 'bbb', action: 'reverted', reason: 'dropped' })

    expect(await rowsOf(db)).toEqual(['aaa'])
    await openRev(db, [creates('aaa', null), half('second', '')]).upgrade()
    expect(await numbers()).toEqual([1])
  })

  test('knows the two words for the way down', async () => {
    const stuck = (message: string): RevisionText => ({
      ...half(message, ''),
      downgrade: `await knex('one').del()\nthrow new Error('stuck')`,
    })
    const rev = openRev(db, [creates('aaa', null), stuck('first')])
    await rev.upgrade()
    await errorOf(rev.downgrade({ target: 'aaa' }))

    await rev.repair({ revision: 'bbb', action: 'applied', reason: 'the rows were put back' })
    expect(await rowsOf(db)).toEqual(['bbb'])

    await errorOf(rev.downgrade({ target: 'aaa' }))
    await db.knex().schema.dropTable('one')
    await rev.repair({ revision: 'bbb', action: 'reverted', reason: 'dropped' })
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await tablesOf(db)).toEqual(['aaa'])
  })

  test('--accept-edit records the file as it is now', async () => {
    const rev = openRev(db, [creates('aaa', null)])
    await rev.upgrade()
    const file = 'versions/aaa_revision_aaa.ts'
    rev.project.write(file, rev.project.read(file).replace(`increments('id')`, `bigIncrements('id')`))
    const found = await errorOf(rev.check({ database: true }))
    expect(found.message).toContain('rev repair aaa --accept-edit --reason')

    await rev.repair({ revision: 'aaa', action: 'accept-edit', reason: 'the same on this database' })

    await expect(rev.check({ database: true })).resolves.toMatchObject({ database: { notes: [] } })
    const again = await errorOf(rev.repair({ revision: 'aaa', action: 'accept-edit', reason: 'once more' }))
    expect(again.details).toMatchObject({ why: 'no-edit' })
  })

  test('--forget takes out a row that no file knows, and puts back the one that it took the place of', async () => {
    await openRev(db, [creates('aaa', null), creates('bbb', 'aaa')]).upgrade()
    const rev = openRev(db, [creates('aaa', null)])
    expect((await errorOf(rev.upgrade())).code).toBe('REV_DATABASE_UNKNOWN_ROW')

    await rev.repair({ revision: 'bbb', action: 'forget', reason: 'that branch was given up' })

    expect(await rowsOf(db)).toEqual(['aaa'])
    await expect(rev.check({ database: true })).resolves.toMatchObject({ database: { rows: ['aaa'] } })
  })

  test('--forget leaves a row alone when nobody knows what was below it', async () => {
    await openRev(db, [creates('aaa', null)]).stamp({ targets: ['aaa'] })
    const rev = openRev(db, [creates('xxx', null)])

    const error = await errorOf(rev.repair({ revision: 'aaa', action: 'forget', reason: 'gone' }))

    expect(error.details).toMatchObject({ why: 'rows-unknown' })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test.each([
    ['applied', 'nothing-unfinished'],
    ['reverted', 'nothing-unfinished'],
    ['resume', 'nothing-unfinished'],
    ['rerun', 'nothing-unfinished'],
    ['forget', 'has-file'],
    ['accept-edit', 'no-edit'],
  ] as const)('--%s does nothing to a revision that is whole', async (action, why) => {
    const rev = openRev(db, [creates('aaa', null)])
    await rev.upgrade()

    const error = await errorOf(rev.repair({ revision: 'aaa', action, reason: 'by mistake' }))

    expect(error.code).toBe('REV_REPAIR_NOTHING')
    expect(error.details).toMatchObject({ revision: 'aaa', option: `--${action}`, why })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('wants to know why, before it connects', async () => {
    const rev = createRev({ config: { client: 'pg', connection: { host: '127.0.0.1', port: 1 } }, revisions: [] })

    for (const action of ['applied', 'reverted', 'accept-edit', 'forget'] as const) {
      expect((await errorOf(rev.repair({ revision: 'aaa', action }))).code).toBe('REV_REPAIR_NEEDS_REASON')
    }
  })
})
