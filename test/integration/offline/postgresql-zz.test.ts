import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { creates, openRev } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { psql, scriptOf } from './postgresql-psql.ts'

describeEachDialect(
  'zz',
  (db) => {
    test('try', async () => {
      const rev = openRev(db, [
        creates('aaa', null),
        creates('bbb', 'aaa', {
          upgrade: `await knex.raw("set work_mem = '8MB'"); await knex.raw('set role pg_monitor'); await knex.raw('reset role'); await knex.schema.createTable('orders', (t) => { t.increments(); t.integer('uid') })`,
        }),
        creates('ccc', 'bbb', {
          extra: 'export const transaction = false',
          upgrade: `await knex.raw('create index concurrently orders_uid on orders (uid)'); await knex.raw('vacuum orders')`,
        }),
      ])
      const script = await scriptOf(rev)
      writeFileSync('/tmp/f-out.sql', script)
      const r = await psql(db, script)
      console.log(r)
      console.log(await db.knex()('rev_event').select())
      console.log(await rev.current())
      const again = await psql(db, script, 'ignores errors')
      console.log(again)
      expect(r.code).toBe(0)
    })
  },
  { only: ['postgresql'] },
)
