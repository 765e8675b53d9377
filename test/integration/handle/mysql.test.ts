import { expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { runHandle, stepFailure } from './run-handle.ts'

describeEachDialect(
  'the transaction of a step',
  (db) => {
    const { applied, ids } = itemTables(db)

    it('says what was committed when DDL ended the transaction', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
        await knex('item').insert({ id: 2 })
      })

      expect(ran.error).toBeUndefined()
      expect(ran.facts).toEqual({ statements: 3, implicitCommit: true, committedStatements: 3 })
      expect(await applied()).toBe(1)
    })

    it('keeps the version rows together after an implicit commit', async () => {
      const ran = await runHandle(
        db,
        (knex) => knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id')),
        {
          inside: async (connection) => {
            await connection.query("insert into applied (revision) values ('a1')")
            throw new Error('no')
          },
        },
      )

      expect(ran.error).toMatchObject({ message: 'no' })
      expect(await applied()).toBe(0)
    })

    it('counts what DDL committed before a failure, also when the DDL itself failed', async () => {
      const later = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
        await knex.raw('nonsense')
      })
      expect(stepFailure(later)).toMatchObject({ statements: 2, committedStatements: 2, rolledBack: false })

      const itself = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 2 })
        await knex.schema.dropTable('missing')
      })
      expect(stepFailure(itself)).toMatchObject({ committedStatements: 1, rolledBack: false })
      expect(await ids()).toEqual([1, 2])

      const rows = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 3 })
        await knex.raw('nonsense')
      })
      expect(stepFailure(rows)).toMatchObject({ statements: 1, committedStatements: 0, rolledBack: true })
      expect(await ids()).toEqual([1, 2])
    })
  },
  { only: ['mysql'] },
)
