import { setImmediate } from 'node:timers/promises'
import type { Operation } from '../history.ts'

const logTable: Operation = {
  title: 'a table to write down what was done',
  upgrade: (knex) => knex.schema.createTable('done', (table) => table.string('what', 40)),
  downgrade: (knex) => knex.schema.dropTable('done'),
}

/** Transactions and promises as people write them. */
export const handlingOperations: readonly Operation[] = [
  logTable,
  {
    title: 'transactions three deep, the middle one given up',
    upgrade: (knex) =>
      knex.transaction(async (outer) => {
        await outer('done').insert({ what: 'outer' })
        const middle = outer.transaction(async (trx) => {
          await trx('done').insert({ what: 'middle' })
          await trx.transaction((inner) => inner('done').insert({ what: 'inner' }))
          throw new Error('given up')
        })
        await middle.catch(() => outer('done').insert({ what: 'caught' }))
      }),
    downgrade: (knex) => knex('done').whereIn('what', ['outer', 'caught']).del(),
  },
  {
    title: 'transactions ended by hand',
    upgrade: async (knex) => {
      const kept = await knex.transaction()
      await kept('done').insert({ what: 'kept by hand' })
      await kept.commit()
      const lost = await knex.transaction()
      await lost('done').insert({ what: 'lost by hand' })
      await lost.rollback()
    },
    downgrade: (knex) => knex('done').where({ what: 'kept by hand' }).del(),
  },
  {
    title: 'a statement handed to a transaction',
    upgrade: (knex) =>
      knex.transaction(async (trx) => {
        await knex('done').transacting(trx).insert({ what: 'transacting' })
        await trx.raw('update done set what = ? where what = ?', ['transacted', 'transacting'])
      }),
    downgrade: (knex) => knex('done').where({ what: 'transacted' }).del(),
  },
  {
    title: 'transactions of its own in a revision without one',
    transaction: false,
    upgrade: async (knex) => {
      await knex.transaction(async (trx) => {
        await trx('done').insert({ what: 'first' })
        await trx('done').where({ what: 'first' }).update({ what: 'first, changed' })
      })
      const failed = knex.transaction(async (trx) => {
        await trx('done').insert({ what: 'second' })
        throw new Error('not this one')
      })
      await failed.catch(() => {})
      await knex('done').insert({ what: 'third' })
    },
    downgrade: (knex) => knex('done').whereIn('what', ['first, changed', 'third']).del(),
  },
  {
    title: 'a batch within a transaction',
    upgrade: (knex) =>
      knex.transaction((trx) =>
        trx.batchInsert(
          'done',
          Array.from({ length: 7 }, (_, index) => ({ what: `batch ${index}` })),
          2,
        ),
      ),
    downgrade: (knex) => knex('done').where('what', 'like', 'batch %').del(),
  },
  {
    title: 'work between the statements',
    upgrade: async (knex) => {
      for (const what of ['x', 'y', 'z']) {
        await setImmediate()
        await knex('done').insert({ what })
      }
      await Promise.allSettled([knex('done').where({ what: 'x' }).del(), knex('done').where({ what: 'z' }).del()])
    },
    downgrade: (knex) => knex('done').where({ what: 'y' }).del(),
  },
  {
    title: 'results handed on without a look',
    upgrade: async (knex) => {
      const results = []
      results.push(await knex('done').insert({ what: 'a result' }))
      results.push(await knex('done').where({ what: 'a result' }).update({ what: 'another result' }))
      results.push(await knex.raw('update done set what = what where 1 = 0'))
      return { results }
    },
    downgrade: (knex) => knex('done').where({ what: 'another result' }).del(),
  },
  {
    title: 'results of which only the kind is asked',
    upgrade: async (knex) => {
      const results: readonly (readonly [string, unknown])[] = [
        ['inserted', await knex('done').insert({ what: 'counted' })],
        ['updated', await knex('done').where({ what: 'counted' }).update({ what: 'counted' })],
        ['deleted', await knex('done').where({ what: 'counted' }).del()],
        ['raw', await knex.raw('update done set what = what where 1 = 0')],
        ['schema', await knex.schema.createTable('kinds_of_results', (table) => table.increments('id'))],
        ['batches', await knex.batchInsert('done', [{ what: 'counted' }, { what: 'counted' }], 1)],
      ]
      for (const [what, result] of results)
        if (Array.isArray(result)) await knex('done').insert({ what: `${what}: a list` })
    },
    downgrade: (knex) =>
      knex.schema
        .dropTable('kinds_of_results')
        .then(() => knex('done').where('what', 'like', '%: a list').orWhere({ what: 'counted' }).del()),
  },
  {
    title: 'a callback in place of a promise',
    upgrade: (knex) =>
      new Promise<void>((resolve, reject) => {
        knex('done')
          .insert({ what: 'by callback' })
          .asCallback((error: Error | null) => (error ? reject(error) : resolve()))
      }),
    downgrade: (knex) => knex('done').where({ what: 'by callback' }).del(),
  },
]
