import type { Operation } from '../history.ts'

const create: Operation = {
  title: 'tables that Knex will rebuild',
  upgrade: async (knex) => {
    await knex.schema.createTable('owners', (table) => {
      table.increments('id')
      table.string('name', 40).notNullable()
    })
    await knex.schema.createTable('pets', (table) => {
      table.increments('id')
      table.integer('owner_id').references('owners.id').onDelete('CASCADE')
      table.string('name', 40).notNullable().defaultTo("o'pet; -- x").index()
      table.string('kind', 10).nullable()
      table.integer('age')
      table.timestamps()
    })
    await knex('owners').insert([{ name: 'one' }, { name: 'two' }])
    await knex('pets').insert([
      { owner_id: 1n, name: 'a', kind: 'cat', age: 3n },
      { owner_id: 2n, name: 'b', kind: 'dog', age: 4n },
    ])
    await knex('pets').where({ name: 'b' }).del()
    await knex.raw('create trigger pets_after after update on pets begin update owners set name = name; end')
    await knex.raw('create view pet_names as select name from pets')
  },
  downgrade: (knex) => knex.raw('drop view pet_names').then(() => knex.schema.dropTable('pets').dropTable('owners')),
}

/** What Knex asks SQLite before it rebuilds a table, and what people ask. */
export const sqliteReadingOperations: readonly Operation[] = [
  create,
  {
    title: 'a column altered',
    upgrade: (knex) =>
      knex.schema.alterTable('pets', (table) => table.text('kind').notNullable().defaultTo('?').alter()),
    downgrade: (knex) => knex.schema.alterTable('pets', (table) => table.string('kind', 10).nullable().alter()),
  },
  {
    title: 'a column dropped, with the index on it',
    upgrade: async (knex) => {
      await knex.schema.alterTable('pets', (table) => table.index(['age'], 'pets_age'))
      await knex.schema.alterTable('pets', (table) => table.dropIndex(['age'], 'pets_age'))
      await knex.schema.alterTable('pets', (table) => table.dropColumn('age'))
    },
    downgrade: (knex) => knex.schema.alterTable('pets', (table) => table.integer('age')),
  },
  {
    title: 'columns dropped from the parent of a cascade',
    upgrade: async (knex) => {
      await knex.schema.alterTable('owners', (table) => {
        table.string('x')
        table.string('y')
      })
      await knex.schema.alterTable('owners', (table) => table.dropColumns('x', 'y'))
    },
    downgrade: () => {},
  },
  {
    title: 'null allowed and forbidden',
    upgrade: async (knex) => {
      await knex.schema.alterTable('pets', (table) => table.setNullable('name'))
      await knex.schema.alterTable('owners', (table) => table.setNullable('name'))
      await knex.schema.alterTable('owners', (table) => table.dropNullable('name'))
    },
    downgrade: (knex) => knex.schema.alterTable('pets', (table) => table.dropNullable('name')),
  },
  {
    title: 'foreign keys dropped and made again',
    upgrade: async (knex) => {
      await knex.schema.alterTable('pets', (table) => table.dropForeign(['owner_id']))
      await knex.schema.alterTable('pets', (table) =>
        table.foreign('owner_id').references('id').inTable('owners').onDelete('SET NULL'),
      )
    },
    downgrade: () => {},
  },
  {
    title: 'a primary key put on and taken off',
    upgrade: async (knex) => {
      await knex.schema.createTable('unkeyed', (table) => {
        table.integer('a').notNullable()
        table.integer('b').notNullable()
      })
      await knex('unkeyed').insert({ a: 1n, b: 2n })
      await knex.schema.alterTable('unkeyed', (table) => table.primary(['a', 'b'], { constraintName: 'unkeyed_key' }))
      await knex.schema.alterTable('unkeyed', (table) => table.dropPrimary('unkeyed_key'))
    },
    downgrade: (knex) => knex.schema.dropTable('unkeyed'),
  },
  {
    title: 'timestamps dropped',
    upgrade: (knex) => knex.schema.alterTable('pets', (table) => table.dropTimestamps()),
    downgrade: (knex) => knex.schema.alterTable('pets', (table) => table.timestamps()),
  },
  {
    title: 'many changes of one table',
    upgrade: (knex) =>
      knex.schema.alterTable('pets', (table) => {
        table.string('colour', 10).defaultTo('grey')
        table.string('kind', 30).notNullable().defaultTo('pet').alter()
        table.renameColumn('colour', 'color')
      }),
    downgrade: (knex) => knex.schema.alterTable('pets', (table) => table.dropColumn('color')),
  },
  {
    title: 'a reference added to a table that is there',
    upgrade: (knex) =>
      knex.schema.alterTable('pets', (table) => {
        table.integer('second_owner').references('id').inTable('owners')
      }),
    downgrade: (knex) =>
      knex.schema
        .alterTable('pets', (table) => table.dropForeign(['second_owner']))
        .then(() => knex.schema.alterTable('pets', (table) => table.dropColumn('second_owner'))),
  },
  {
    title: 'questions to the catalogue',
    upgrade: async (knex) => {
      const tables = await knex('sqlite_master').where({ type: 'table' }).whereLike('name', 'pet%').pluck('name')
      const columns = await knex.raw('pragma table_info(pets)')
      const indexes = await knex.raw("select name from pragma_index_list('pets')")
      const [found] = await knex.raw(
        "select count(*) as n from sqlite_master where type = 'trigger' and tbl_name = ?",
        ['pets'],
      )
      const text = [tables.join(), columns.map(({ name }: { name: string }) => name).join(), indexes.length, found.n]
      await knex('owners').insert({ name: text.join(';').slice(0, 200) })
    },
    downgrade: () => {},
  },
]
