import type { Operation } from '../history.ts'

/** What people ask PostgreSQL's catalogue. */
export const postgresqlReadingOperations: readonly Operation[] = [
  {
    title: 'a constraint made where it is missing',
    upgrade: async (knex) => {
      await knex.schema.createTable('asked', (table) => {
        table.integer('n')
        table.string('t', 30)
      })
      const named = (name: string) =>
        knex.raw('select 1 from pg_constraint where conrelid = ?::regclass and conname = ?', ['asked', name])
      if ((await named('asked_n')).rows.length === 0)
        await knex.raw('alter table asked add constraint asked_n check (n > 0)')
      if ((await named('asked_n')).rows.length === 0) throw new Error('never')
    },
    downgrade: (knex) => knex.schema.dropTable('asked'),
  },
  {
    title: 'names that may be there or not',
    upgrade: async (knex) => {
      const { rows } = await knex.raw("select to_regclass('asked') is not null as here, to_regclass(?) as gone", [
        'never',
      ])
      const [{ here, gone }] = rows
      await knex('asked').insert({ n: 1, t: `${here} ${gone}` })
    },
    downgrade: (knex) => knex('asked').where({ n: 1 }).del(),
  },
  {
    title: 'indexes, labels and columns by name',
    upgrade: async (knex) => {
      const index = await knex('pg_indexes').where({ tablename: 'users' }).orderBy('indexname').pluck('indexname')
      const labels = await knex('pg_enum')
        .join('pg_type', 'pg_type.oid', 'pg_enum.enumtypid')
        .where('typname', 'mood')
        .pluck('enumlabel')
      const column = await knex('information_schema.columns')
        .where({ table_schema: 'public', table_name: 'asked', column_name: 't' })
        .first('data_type', 'character_maximum_length')
      await knex('asked').insert({ n: 2, t: `${index.length} ${labels.join()} ${column?.character_maximum_length}` })
    },
    downgrade: (knex) => knex('asked').where({ n: 2 }).del(),
  },
  {
    title: 'everything of one kind changed',
    upgrade: async (knex) => {
      const tables: { table_name: string }[] = await knex
        .select('table_name')
        .from('information_schema.tables')
        .where({ table_schema: 'public', table_type: 'BASE TABLE' })
        .whereLike('table_name', 'side_%')
        .orderBy('table_name')
      for (const { table_name: name } of tables) {
        await knex.schema.alterTable(name, (table) => table.timestamp('deleted_at', { useTz: true }))
      }
    },
    downgrade: async (knex) => {
      for (const side of ['left', 'middle', 'right']) {
        await knex.schema.alterTable(`side_${side}`, (table) => table.dropColumn('deleted_at'))
      }
    },
  },
  {
    title: 'a table of another schema',
    upgrade: async (knex) => {
      if (await knex.schema.withSchema('billing').hasTable('invoices')) {
        if (!(await knex.schema.withSchema('billing').hasColumn('invoices', 'total'))) {
          await knex.schema.withSchema('billing').alterTable('invoices', (table) => table.decimal('total', 10, 2))
        }
      }
      const info = await knex('invoices').withSchema('billing').columnInfo('total')
      await knex('asked').insert({ n: 3, t: info.type })
    },
    downgrade: (knex) => knex('asked').where({ n: 3 }).del(),
  },
  {
    title: 'a search path that is left behind',
    upgrade: async (knex) => {
      await knex.raw('create table billing.left_behind (id int); set search_path to billing')
      if (!(await knex.schema.hasTable('left_behind'))) throw new Error('never')
    },
    downgrade: (knex) => knex.raw('drop table billing.left_behind'),
  },
  {
    title: 'questions after it, and another one in a block',
    upgrade: async (knex) => {
      const { t } = await knex('asked').columnInfo()
      if (await knex.schema.hasTable('left_behind')) throw new Error('never')
      await knex('asked').insert({ n: 4, t: String(t?.maxLength) })
      await knex.raw('do $$ begin set search_path to billing; end $$')
      if (!(await knex.schema.hasTable('left_behind'))) throw new Error('never')
    },
    downgrade: (knex) => knex.raw('delete from asked where n = 4'),
  },
  {
    title: 'questions after the block',
    upgrade: async (knex) => {
      if (await knex.schema.hasTable('asked')) await knex('asked').insert({ n: 5 })
    },
    downgrade: (knex) => knex.raw('delete from asked where n = 5'),
  },
]
