import { beforeEach, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

// aaa ──┬── bbb ──┬── ddd
//       └── ccc ──┘
const fork = [creates('aaa', null), creates('bbb', 'aaa'), creates('ccc', 'aaa')]
const merge = { revision: 'ddd', down: ['bbb', 'ccc'] }

describeEachDialect('branches', (db) => {
  beforeEach(() => db.empty())

  test('have a row for each head, and a single one after their merge', async () => {
    const rev = openRev(db, [...fork, merge])

    await rev.upgrade({ target: ['bbb', 'ccc'] })
    const apart = await rowsOf(db)
    await rev.upgrade()
    const merged = await rowsOf(db)
    await rev.downgrade({ target: 'ddd', only: true })

    expect(apart).toEqual(['bbb', 'ccc'])
    expect(merged).toEqual(['ddd'])
    expect(await rowsOf(db)).toEqual(['bbb', 'ccc'])
  })

  test('make "head" ambiguous, and nothing is run', async () => {
    const rev = openRev(db, fork)

    const error = await errorOf(rev.upgrade())

    expect(error.code).toBe('REV_GRAPH_MULTIPLE_HEADS')
    expect(error.details).toMatchObject({ heads: ['bbb', 'ccc'] })
    expect(await db.tables()).toEqual([])
  })

  test('are joined by a merge revision that rev writes', async () => {
    const rev = openRev(db, fork)
    await rev.upgrade({ target: 'heads' })

    await rev.merge({ revisions: ['heads'], message: 'join' })
    const merged = await rev.upgrade()

    expect(merged.steps).toHaveLength(1)
    expect(await rowsOf(db)).toEqual(merged.rows)
  })

  test('are reverted one by one, the other keeping its row', async () => {
    const rev = openRev(db, fork)
    await rev.upgrade({ target: 'heads' })

    await rev.downgrade({ target: 'bbb', only: true })

    expect(await rowsOf(db)).toEqual(['ccc'])
    expect(await tablesOf(db)).toEqual(['aaa', 'ccc'])
  })

  test('bring what they depend on', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', null, { labels: 'billing', dependsOn: 'aaa' })])

    await rev.upgrade({ target: 'billing@head' })

    expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
    expect(await rowsOf(db)).toEqual(['bbb'])
  })

  test('that depend on a revision are reverted with it', async () => {
    const rev = openRev(db, [creates('aaa', null), creates('bbb', null, { dependsOn: 'aaa' })])
    await rev.upgrade({ target: 'bbb' })

    await rev.downgrade({ target: 'base' })

    expect(await tablesOf(db)).toEqual([])
    expect(await rowsOf(db)).toEqual([])
  })
})
