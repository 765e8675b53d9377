import type { Operation } from '../history.ts'

/** What Knex and people ask MySQL's catalogue. */
export const mysqlReadingOperations: readonly Operation[] = [
  {
    title: 'null allowed and forbidden',
    upgrade: async (knex) => {
      await knex.schema.createTable('asked', (table) => {
        table.increments('id')
        table.integer('n').notNullable()
        table.string('t', 60).nullable()
      })
      await knex('asked').insert({ n: 1, t: 'x' })
      await knex.schema.alterTable('asked', (table) => table.setNullable('n'))
      await knex.schema.alterTable('asked', (table) => table.dropNullable('t'))
    },
    downgrade: (knex) => knex.schema.dropTable('asked'),
  },
  {
    title: 'an index made where it is missing',
    upgrade: async (knex) => {
      const named = async (name: string): Promise<number> => {
        const [rows] = await knex.raw(
          'select count(*) as found from information_schema.statistics where table_schema = database() and table_name = ? and index_name = ?',
          ['asked', name],
        )
        return Number(rows[0].found)
      }
      if ((await named('asked_n')) === 0)
        await knex.schema.alterTable('asked', (table) => table.index(['n'], 'asked_n'))
      if ((await named('asked_n')) === 0) throw new Error('never')
    },
    downgrade: (knex) => knex.schema.alterTable('asked', (table) => table.dropIndex(['n'], 'asked_n')),
  },
  {
    title: 'what SHOW says',
    upgrade: async (knex) => {
      const [columns] = await knex.raw("show columns from asked like 't'")
      const [tables] = await knex.raw("show tables like 'ask%'")
      const [keys] = await knex.raw("show keys from asked where Key_name = 'PRIMARY'")
      await knex('asked').insert({ n: 2, t: `${columns[0].Type} ${columns[0].Null} ${tables.length} ${keys.length}` })
    },
    downgrade: (knex) => knex('asked').where({ n: 2 }).del(),
  },
  {
    title: 'everything of one kind changed',
    upgrade: async (knex) => {
      const rows = await knex('information_schema.tables')
        .select('table_name as name')
        .where({ table_schema: knex.raw('database()'), table_type: 'BASE TABLE' })
        .where('table_name', 'like', 'side%')
        .orderBy('table_name')
      for (const { name } of rows)
        await knex.schema.alterTable(name, (table) => table.timestamp('deleted_at').nullable())
    },
    downgrade: async (knex) => {
      for (const side of ['left', 'middle', 'right']) {
        await knex.schema.alterTable(`side_${side}`, (table) => table.dropColumn('deleted_at'))
      }
    },
  },
  {
    title: 'the foreign keys of a table',
    upgrade: async (knex) => {
      const [rows] = await knex.raw(
        `select constraint_name as name from information_schema.key_column_usage
         where constraint_schema = database() and table_name = 'jobs' and referenced_table_name is not null order by 1`,
      )
      await knex('asked').insert({ n: 3, t: rows.map(({ name }: { name: string }) => name).join() })
    },
    downgrade: (knex) => knex('asked').where({ n: 3 }).del(),
  },
]
