import type { Operation } from '../history.ts'

/** What revisions ask before they act, everywhere. */
export const readingOperations: readonly Operation[] = [
  {
    title: 'a table made where it is missing',
    upgrade: async (knex) => {
      if (await knex.schema.hasTable('users'))
        await knex.schema.alterTable('users', (table) => table.string('asked', 20))
      if (!(await knex.schema.hasTable('users'))) throw new Error('never')
      if (!(await knex.schema.hasTable('guarded_by_name'))) {
        await knex.schema.createTable('guarded_by_name', (table) => table.increments('id'))
      }
    },
    downgrade: (knex) => knex.schema.dropTableIfExists('guarded_by_name'),
  },
  {
    title: 'columns added where they are missing',
    upgrade: async (knex) => {
      for (const column of ['id', 'one', 'two']) {
        if (await knex.schema.hasColumn('guarded_by_name', column)) continue
        await knex.schema.alterTable('guarded_by_name', (table) => table.integer(column).defaultTo(1))
      }
      await knex('guarded_by_name').insert({ two: 2 })
    },
    downgrade: () => {},
  },
  {
    title: 'columns as they are described',
    upgrade: async (knex) => {
      const columns = await knex('guarded_by_name').columnInfo()
      const names = Object.keys(columns).sort()
      await knex.schema.createTable('described', (table) => {
        for (const name of names) table.string(`${name}_text`, 10)
      })
      const { nullable } = await knex('guarded_by_name').columnInfo('one')
      if (nullable) await knex('described').insert({ one_text: 'nullable' })
    },
    downgrade: (knex) => knex.schema.dropTable('described'),
  },
  {
    title: 'several questions at once',
    upgrade: async (knex) => {
      const found = await Promise.all(['described', 'never', 'goods'].map((name) => knex.schema.hasTable(name)))
      await knex('described').insert({ two_text: found.map(Number).join('') })
    },
    downgrade: (knex) => knex('described').where('two_text', '101').del(),
  },
]
