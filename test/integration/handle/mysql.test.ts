import { expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { revError, runHandle, stepFailure } from './run-handle.ts'

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

    it('fails when a rollback of its own comes after DDL has ended the transaction', async () => {
      const before = await runHandle(db, async (knex) => {
        await knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
        await knex
          .transaction(async (trx: typeof knex) => {
            await trx('item').insert({ id: 1 })
            throw new Error('undo me')
          })
          .catch(() => {})
        await knex('item').insert({ id: 2 })
      })
      expect(revError(before, 'REV_STEP_ROLLBACK_LOST').code).toBe('REV_STEP_ROLLBACK_LOST')
      expect(before.facts).toMatchObject({ committedStatements: 3 })
      expect(await applied()).toBe(0)
    })

    it.each([true, false])(
      'fails when DDL inside took a rollback its effect (transaction: %s)',
      async (transaction) => {
        const ran = await runHandle(
          db,
          async (knex) => {
            await knex
              .transaction(async (trx: typeof knex) => {
                await trx('item').insert({ id: 1 })
                await trx.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
                throw new Error('undo me')
              })
              .catch(() => {})
          },
          { transaction },
        )
        expect(revError(ran, 'REV_STEP_ROLLBACK_LOST').code).toBe('REV_STEP_ROLLBACK_LOST')
        expect(await ids()).toEqual([1])
        expect(await applied()).toBe(0)
      },
    )

    it('lets a rollback of its own pass that had something to undo', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex
          .transaction(async (trx: typeof knex) => {
            await trx('item').insert({ id: 1 })
            throw new Error('undo me')
          })
          .catch(() => {})
        await knex('item').insert({ id: 2 })
      })
      expect(ran.error).toBeUndefined()
      expect(await ids()).toEqual([2])
    })

    it.each(['analyze', 'optimize', 'check', 'repair'])('says what %s table has committed', async (verb) => {
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.raw(`${verb} table item`)
        throw new Error('boom')
      })
      expect(stepFailure(ran)).toMatchObject({ committedStatements: 2, rolledBack: false })
      expect(await ids()).toEqual([1])
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
