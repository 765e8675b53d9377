import { beforeAll, describe, expect, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'
import { createField, type Field } from './field.ts'
import { appliedBy, expectationOf } from './history/expectation.ts'
import { findFaults } from './history/find-faults.ts'
import { planHistory, writeHistory } from './history/plan-history.ts'
import { randomFrom } from './random.ts'

// Nothing that these suites find sound is worth anything unless the same look finds what is wrong.
describeEachDialect('the check of a history', (db) => {
  const history = planHistory(db.dialect, randomFrom(7), { size: 40 })
  const expected = expectationOf(history)
  let field: Field
  beforeAll(async () => {
    field = await createField(db)
    writeHistory(field.project, history)
    await field.rev(['upgrade', 'head'])
    expected.upgradeAll()
    return field.remove
  })

  test('finds nothing when all was carried out once', async () => {
    expect(await findFaults(db, expected)).toEqual([])
  })

  const kind = (name: string) => {
    const found = history.revisions.find((revision) => revision.kind === name)
    if (found === undefined) throw new Error(`no ${name} in this history`)
    return found
  }
  const { id: table } = kind('table')
  const { id: column, traces } = kind('column')
  const [altered] = traces.columns ?? []
  const { id: rows, lane } = kind('rows')
  const { traces: raised } = kind('backfill')

  // Each with what takes it back, so that the next one begins with a sound database.
  const mischief: readonly [what: string, work: string, fault: RegExp, ...undo: string[]][] = [
    [
      'a statement that ran twice',
      `insert into ledger (rev, way, part) values ('${rows}', 'up', 1)`,
      new RegExp(`^${rows} \\(rows\\): ledger row up 1 is there 2x, not 1x$`),
      `delete from ledger where rev = '${rows}'`,
      `insert into ledger (rev, way, part) values ('${rows}', 'up', 1)`,
    ],
    [
      'a statement that did not run',
      `delete from ledger where rev = '${rows}'`,
      new RegExp(`^${rows} \\(rows\\): ledger row up 1 is there 0x, not 1x$`),
      `insert into ledger (rev, way, part) values ('${rows}', 'up', 1)`,
    ],
    [
      'a step that was counted twice',
      `update lanes set ups = ups + 1 where name = '${lane}'`,
      new RegExp(`^lane ${lane}: ups, downs and chain are \\d+, 0, \\d+, not \\d+, 0, \\d+$`),
      `update lanes set ups = ups - 1 where name = '${lane}'`,
    ],
    [
      'steps in another order',
      `update lanes set chain = chain + 1 where name = '${lane}'`,
      new RegExp(`^lane ${lane}: `),
      `update lanes set chain = chain - 1 where name = '${lane}'`,
    ],
    [
      'an index that is missing',
      db.dialect === 'mysql' ? `drop index i_${table} on t_${table}` : `drop index i_${table}`,
      new RegExp(`^${table} \\(table\\): index i_${table} is missing$`),
      `create index i_${table} on t_${table} (w)`,
    ],
    [
      'rows that were filled in twice',
      `insert into t_${table} (w) values (1)`,
      new RegExp(`^${table} \\(table\\): table t_${table} has 21 rows, not 20$`),
      `delete from t_${table} where id > 20`,
    ],
    [
      'a column that was raised twice',
      `update ${altered?.table} set c_${column} = c_${column} + 1 where id = 3`,
      new RegExp(`^${column} \\(column\\): 1 rows of ${altered?.table}.c_${column} were not raised exactly once$`),
      `update ${altered?.table} set c_${column} = 1`,
    ],
    [
      'a batch that was raised twice',
      `update ${raised.raises} set v = v + 1 where id = 3`,
      new RegExp(`^table ${raised.raises}: the sum of v is \\d+, not \\d+$`),
      `update ${raised.raises} set v = v - 1 where id = 3`,
    ],
    [
      'a table of nobody',
      'create table left_behind (id int)',
      /^table left_behind is nobody's$/,
      'drop table left_behind',
    ],
  ]
  test.each(mischief)('finds %s', async (_what, work, fault, ...undo) => {
    await db.knex().raw(work)
    try {
      const faults = await findFaults(db, expected)

      expect(faults).toContainEqual(expect.stringMatching(fault))
      expect(faults.length).toBeLessThan(3)
    } finally {
      for (const statement of undo) await db.knex().raw(statement)
    }
  })

  test('finds a revision that counts as applied and was never run', async () => {
    const ahead = expected.copy()
    ahead.downgradeAll()

    const faults = await findFaults(db, ahead)

    expect(faults).toContainEqual(`${table} (table): table t_${table} is there and should not be`)
    expect(faults).toContainEqual(`${table} (table): ledger row down 1 is there 0x, not 1x`)
  })
})

describe('a history that was made up', () => {
  test.each(['sqlite', 'postgresql', 'mysql'] as const)(
    'has each kind, branches and merges, and comes out the same (%s)',
    (dialect) => {
      const history = planHistory(dialect, randomFrom(11), { size: 110 })

      const kinds = new Set(history.revisions.map(({ kind }) => kind))
      expect(history.revisions.length).toBeGreaterThanOrEqual(110)
      expect(history.revisions.filter(({ down }) => down.length === 2)).toHaveLength(3)
      expect(kinds.size).toBe({ sqlite: 12, postgresql: 13, mysql: 14 }[dialect])
      expect(appliedBy(history, [history.head]).size).toBe(history.revisions.length)
      expect(planHistory(dialect, randomFrom(11), { size: 110 })).toEqual(history)
      expect(planHistory(dialect, randomFrom(12), { size: 110 })).not.toEqual(history)
    },
  )
})
