import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

describeEachDialect('an upgrade that is to take back what it did', (db) => {
  beforeEach(() => db.empty())
  const fails = { revision: 'ccc', down: 'bbb', upgrade: `throw new Error('no')` }

  test('downgrades it again, newest first, when a later step fails', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', 'aaa'), fails])
    await rev.upgrade({ target: 'aaa' })

    const error = await errorOf(rev.upgrade({ onFailure: 'downgrade' }))

    expect(error.code).toBe('REV_STEP_FAILED')
    expect(error.details).toMatchObject({ done: ['bbb'], failed: 'ccc', takenBack: ['bbb'] })
    expect(error.message).toContain('downgraded again: bbb.')
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await tablesOf(db)).toEqual(['aaa'])
  })

  test('does so by the setting, too, back to where there was nothing, and records it', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', 'aaa'), fails], {
      settings: { onFailure: 'downgrade' },
    })

    const error = await errorOf(rev.upgrade())

    expect(error.details).toMatchObject({ takenBack: ['bbb', 'aaa'] })
    expect(await rowsOf(db)).toEqual([])
    expect(await tablesOf(db)).toEqual([])
    const { runs } = await rev.log()
    expect(runs).toHaveLength(1)
    expect(runs[0]).toMatchObject({ outcome: 'failed', rows: [] })
    expect(runs[0]?.events.map(({ revision, direction, outcome }) => `${direction} ${revision} ${outcome}`)).toEqual([
      'upgrade aaa done',
      'upgrade bbb done',
      'upgrade ccc failed',
      'downgrade bbb done',
      'downgrade aaa done',
    ])
  })

  test('keeps it without being asked', async () => {
    const error = await errorOf(openRev(db, [creates('aaa', null), { ...fails, down: 'aaa' }]).upgrade())

    expect(error.details).toMatchObject({ done: ['aaa'] })
    expect(error.details).not.toHaveProperty('takenBack')
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('touches nothing when one of the steps has no way back', async () => {
    const rev = openRev(db, [
      creates('aaa', null),
      creates('bbb', 'aaa', { downgrade: false, extra: `export const irreversible = 'it drops rows'` }),
      fails,
    ])

    const error = await errorOf(rev.upgrade({ onFailure: 'downgrade' }))

    expect(error.details).toMatchObject({
      takenBack: [],
      notTakenBack: expect.stringContaining('"bbb" cannot be reverted'),
    })
    expect(await rowsOf(db)).toEqual(['bbb'])
    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
  })

  test('stops where a way back fails, and says how far it came', async () => {
    const stuck = creates('aaa', null, { downgrade: `throw new Error('stuck')` })
    const rev = openRev(db, [stuck, creates('bbb', 'aaa'), fails])

    const error = await errorOf(rev.upgrade({ onFailure: 'downgrade' }))

    expect(error.details).toMatchObject({
      takenBack: ['bbb'],
      notTakenBack: 'the downgrade of "aaa" failed: stuck',
    })
    expect(await rowsOf(db)).toEqual(['aaa'])
  })

  test('touches nothing when the failed step is half way', async () => {
    const half = {
      revision: 'bbb',
      down: 'aaa',
      extra: 'export const transaction = false',
      upgrade: `await knex.schema.createTable('half', (t) => { t.increments('id') })\nthrow new Error('no')`,
    }
    const rev = openRev(db, [creates('aaa', null), half])

    const error = await errorOf(rev.upgrade({ onFailure: 'downgrade' }))

    expect(error.details).toMatchObject({ takenBack: [], notTakenBack: expect.stringContaining('"bbb" is half way') })
    expect(await rowsOf(db)).toEqual(['aaa'])
    expect(await tablesOf(db)).toEqual(['aaa', 'half'])
  })
})
