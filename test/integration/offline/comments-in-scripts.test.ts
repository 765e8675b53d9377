import { expect, test } from 'vitest'
import { openRev, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { runScript } from './run-script.ts'
import { scriptOf } from './script-of.ts'

describeEachDialect(
  'a statement that is nothing but a comment',
  (db) => {
    const revisions = [
      {
        revision: 'a1',
        upgrade: `await knex.raw('-- only a comment')
          await knex.schema.createTable('a1', (table) => { table.integer('id') })
          await knex.raw('/* another */')`,
      },
    ]
    const counted = async (): Promise<unknown> =>
      db.knex()('rev_event').where({ revision: 'a1', outcome: 'done' }).pluck('statements')

    test('is left out of a script, and counts as it does in a run', async () => {
      await db.empty()
      await openRev(db, revisions).upgrade()
      const online = await counted()
      await db.empty()
      const script = await scriptOf(openRev(db, revisions))
      expect(script).not.toContain('only a comment')
      await runScript(db, script)
      expect(await tablesOf(db)).toEqual(['a1'])
      expect(await counted()).toEqual(online)
    })
  },
  { only: ['postgresql', 'mysql'] },
)
