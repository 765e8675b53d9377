import { beforeAll, expect, test } from 'vitest'
import { type DialectName, describeEachDialect } from '../../support/databases.ts'
import { expectSound } from '../expect-sound.ts'
import { createField, type Field } from '../field.ts'
import { type Expectation, expectationOf } from '../history/expectation.ts'
import { findFaults } from '../history/find-faults.ts'
import { planHistory, writeHistory } from '../history/plan-history.ts'
import { randomFrom } from '../random.ts'
import { onlyShort } from '../settings.ts'

/** What was done to the version table behind rev's back, and what takes it back. */
interface Poison {
  readonly what: string
  readonly poison: readonly string[]
  readonly cure: readonly string[]
  /** What `rev upgrade` ends with. */
  readonly code: string
  readonly only?: readonly DialectName[]
}

describeEachDialect(
  'a version table',
  (db) => {
    const history = planHistory(db.dialect, randomFrom(3), { size: 24 })
    // Somewhere in the middle, where there is one row.
    const merge = history.revisions.find(({ down }) => down.length === 2)
    const middle = merge?.id ?? ''
    const [below = ''] = merge?.down ?? []
    let field: Field
    let expected: Expectation
    beforeAll(async () => {
      field = await createField(db)
      writeHistory(field.project, history)
      const { code, stderr } = await field.rev(['upgrade', middle])
      expect(code, stderr).toBe(0)
      expected = expectationOf(history)
      carryOut(history.revisions.findIndex(({ id }) => id === middle) + 1)
      return field.remove
    })
    /** As far as so many of the revisions, which stand in the order in which they are run here. */
    const carryOut = (count: number): void => {
      for (const revision of history.revisions.slice(0, count)) {
        if (!expected.isApplied(revision.id)) expected.carryOut('up', revision)
      }
    }

    const drop = 'drop table rev_version'
    const own = 'create table rev_version (version_num varchar(255) not null primary key)'
    const put = (...ids: string[]): string[] => ids.map((id) => `insert into rev_version values ('${id}')`)
    const remake = [drop, own, ...put(middle)]
    const poisons: readonly Poison[] = [
      {
        what: 'without rows',
        poison: ['delete from rev_version'],
        cure: put(middle),
        code: 'REV_DATABASE_VERSION_TABLE',
      },
      { what: 'that was dropped', poison: [drop], cure: [own, ...put(middle)], code: 'REV_DATABASE_NOT_EMPTY' },
      {
        what: 'with a row that no file knows',
        poison: put('stranger'),
        cure: [`delete from rev_version where version_num = 'stranger'`],
        code: 'REV_DATABASE_UNKNOWN_ROW',
      },
      {
        what: 'with a row of another case',
        poison: [`update rev_version set version_num = '${middle.toUpperCase()}'`],
        cure: [`update rev_version set version_num = '${middle}'`],
        code: 'REV_DATABASE_UNKNOWN_ROW',
      },
      {
        what: 'with a row below another',
        poison: put(below),
        cure: [`delete from rev_version where version_num = '${below}'`],
        code: 'REV_GRAPH_OVERLAPPING_ROWS',
      },
      {
        what: 'with a row twice',
        poison: [drop, 'create table rev_version (version_num varchar(255))', ...put(middle, middle)],
        cure: remake,
        code: 'REV_DATABASE_VERSION_TABLE',
      },
      {
        what: 'with a row that is NULL',
        poison: [drop, 'create table rev_version (version_num varchar(255))', 'insert into rev_version values (null)'],
        cure: remake,
        code: 'REV_DATABASE_VERSION_TABLE',
      },
      {
        what: 'of numbers',
        poison: [drop, 'create table rev_version (version_num integer)', 'insert into rev_version values (7)'],
        cure: remake,
        code: 'REV_DATABASE_VERSION_TABLE',
      },
      {
        what: 'with another column',
        poison: [drop, 'create table rev_version (version varchar(255))', ...put(middle)],
        cure: remake,
        code: 'REV_DATABASE_VERSION_TABLE',
      },
      {
        what: 'that is a view',
        poison: [drop, `create view rev_version as select '${middle}' as version_num`],
        cure: ['drop view rev_version', own, ...put(middle)],
        code: 'REV_DATABASE_QUERY_FAILED',
      },
    ]

    test.each(poisons)(
      '$what is found before anything is run, and is right again once it is cured',
      async ({ poison, cure, code }) => {
        for (const sql of poison) await db.knex().raw(sql)

        const refused = await field.rev(['upgrade', 'head', '--json'])

        expect(refused.code, refused.stderr).toBe(1)
        expect(JSON.parse(refused.stdout).error.code, refused.stderr).toBe(code)
        for (const sql of cure) await db.knex().raw(sql)
        expect(await findFaults(db, expected)).toEqual([])
        expect(await field.rows()).toEqual([middle])
      },
    )

    test('that was cured is as good as before', async () => {
      const { code, stderr } = await field.rev(['upgrade', 'head'])

      expect(code, stderr).toBe(0)
      carryOut(history.revisions.length)
      await expectSound(field, expected)
    })
  },
  onlyShort('postgresql'),
)
