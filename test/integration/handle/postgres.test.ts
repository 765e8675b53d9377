import { expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { revError, revisionFile, runHandle, stepFailure } from './run-handle.ts'

describeEachDialect(
  'the transaction of a step',
  (db) => {
    const { applied, ids } = itemTables(db)

    it('notices a failed statement whose error was caught', async () => {
      const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex('item').insert({ id: 1 })
  try {
    await knex.raw('select * from missing')
  } catch {}
}
`)
      const ran = await runHandle(db, upgrade, { file })

      expect(revError(ran, 'REV_STEP_TRANSACTION_ABORTED').details).toMatchObject({
        file,
        line: line('await knex.raw'),
        statement: 'select * from missing',
      })
      expect(await ids()).toEqual([])
      expect(await applied()).toBe(0)
    })

    it.each([
      `insert into item (id) values (2); commit; insert into item (id) values (3)`,
      `insert into item (id) values (2); commit; begin; insert into item (id) values (3)`,
      'select 1; end; start transaction',
    ])('does not call rolled back what a hidden commit kept when the step fails: %s', async (sql) => {
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.raw(sql)
        throw new Error('boom')
      })

      expect(stepFailure(ran)).toMatchObject({ committedStatements: 2, rolledBack: false })
      expect(await ids()).toContain(1)
      expect(await applied()).toBe(0)
    })

    it('does not know what is left when the transaction after a hidden commit is aborted', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.raw('insert into item (id) values (2); commit; begin; select * from missing')
      })

      expect(stepFailure(ran)).toMatchObject({ uncertain: true, rolledBack: false })
    })

    // The package is not installed here, as in most projects.
    it('fails when a stream cannot be opened, instead of waiting for its rows', async () => {
      const ran = await runHandle(db, async (knex) => {
        for await (const row of knex('item').stream()) expect(row).toBeDefined()
      })

      expect(stepFailure(ran).driverMessage).toContain('pg-query-stream')
      expect(await applied()).toBe(0)
    })

    it('accepts one that failed in a transaction of its own', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex.transaction((trx: typeof knex) => trx.raw('select * from missing')).catch(() => {})
        await knex('item').insert({ id: 1 })
      })

      expect(ran.error).toBeUndefined()
      expect(await ids()).toEqual([1])
    })

    it.each(['insert into item (id) values (1); commit', 'insert into item (id) values (1); commit; begin'])(
      'notices the end of the transaction inside "%s"',
      async (sql) => {
        const ran = await runHandle(db, (knex) => knex.raw(sql))

        revError(ran, 'REV_STEP_TRANSACTION_ENDED')
        expect(await applied()).toBe(0)
      },
    )

    it('accepts the body of a function', async () => {
      const ran = await runHandle(db, (knex) =>
        knex.raw('create function one() returns int language plpgsql as $$ begin return 1; end $$'),
      )

      expect(ran.error).toBeUndefined()
      expect(await applied()).toBe(1)
    })

    it('cancels the running statement when the run is interrupted', async () => {
      const stop = new AbortController()
      setTimeout(() => stop.abort('SIGINT'), 50)
      const started = Date.now()
      const ran = await runHandle(db, (knex) => knex.raw('select pg_sleep(20)'), { signal: stop.signal })

      revError(ran, 'REV_INTERRUPTED')
      expect(Date.now() - started).toBeLessThan(10_000)
    })

    it('reports a constraint that fails at COMMIT', async () => {
      await db.knex().raw('alter table item add constraint self unique (name) deferrable initially deferred')
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert([
          { id: 1, name: 'x' },
          { id: 2, name: 'x' },
        ])
      })

      expect(stepFailure(ran)).toMatchObject({ statement: 'COMMIT', rolledBack: true })
      expect(await applied()).toBe(0)
    })
  },
  { only: ['postgresql'] },
)
