import type { Operation } from '../history.ts'

/** What only this dialect can do, each building on the common ones before. */
export const sqliteOperations: readonly Operation[] = [
  {
    title: 'a trigger with a body',
    upgrade: async (knex) => {
      await knex.raw(`create trigger final_ai after insert on final begin
        update final set n = case when new.n > 5 then 5 else new.n end where n = new.n; -- it's; a comment
        insert into jobs (user_id, title) values (1, 'by; trigger');
      end`)
      await knex('final').insert({ n: 9 })
    },
    downgrade: (knex) => knex.raw('drop trigger final_ai'),
  },
  {
    title: 'a savepoint of its own, gone back to behind a question',
    upgrade: async (knex) => {
      await knex.raw('savepoint "Mine"')
      await knex('jobs').del()
      if (await knex.schema.hasTable('jobs')) await knex.raw('rollback to mine')
      await knex('jobs').insert({ user_id: 1, title: 'behind the savepoint' })
      if (await knex.schema.hasTable('jobs')) await knex.raw('release savepoint mine')
    },
    downgrade: (knex) => knex('jobs').where({ title: 'behind the savepoint' }).del(),
  },
  {
    title: 'savepoints of its own with comments, names alike, and one that Knex takes away',
    upgrade: async (knex) => {
      const ask = (): Promise<boolean> => knex.schema.hasTable('jobs')
      const add = (title: string) => knex('jobs').insert({ user_id: 1, title })
      await knex.raw('/* keep */ savepoint "a b"')
      await add('savepoint 1')
      await knex.raw('savepoint "a c" -- another')
      await add('savepoint 2')
      if (await ask()) await knex.raw('/* b */ rollback to/**/"a b"')
      await add('savepoint 3')
      if (await ask()) await add('savepoint 4')
      await knex.raw('savepoint a')
      await knex
        .transaction(async (trx) => {
          await trx.raw('savepoint a')
          await trx('jobs').insert({ user_id: 1, title: 'savepoint 5' })
          throw new Error('undo')
        })
        .catch(() => {})
      if (await ask()) await knex.raw('rollback to a')
      await add('savepoint 6')
      if (await ask()) await add('savepoint 7')
    },
    downgrade: (knex) => knex('jobs').where('title', 'like', 'savepoint %').del(),
  },
  {
    title: 'numbers as the driver binds them',
    upgrade: async (knex) => {
      await knex.raw('create table numbers (any, t text, i integer, r real)')
      const values = [
        0,
        -0,
        1.5,
        5_000_000_000,
        2 ** 53,
        0.1,
        1 / 3,
        1e300,
        5e-324,
        -1e-7,
        Number.NaN,
        Infinity,
        123n,
        2n ** 62n,
      ]
      for (const value of values) await knex('numbers').insert({ any: value, i: value, r: value })
      await knex('numbers').insert([7, true, false, 2n].map((value) => ({ any: value, t: value })))
      await knex.raw('insert into numbers (any, i) values (7 / ?, 7 / ?)', [2, 2n as unknown as number])
    },
    downgrade: (knex) => knex.schema.dropTable('numbers'),
  },
  {
    title: 'names in every kind of quotes',
    upgrade: (knex) => knex.raw('create table [odd; name] (`a;b` int, "c;d" text default \'e;f\')'),
    downgrade: (knex) => knex.raw('drop table "odd; name"'),
  },
  {
    title: 'a partial index, a generated column and a table without rowid',
    upgrade: async (knex) => {
      await knex.raw('create index final_n on final (n) where n > 1')
      await knex.raw('create table gen (a int primary key, b int as (a * 2)) without rowid')
      await knex.raw('insert into gen (a) values (?)', [4])
    },
    downgrade: (knex) => knex.schema.dropTable('gen'),
  },
  {
    title: 'a column renamed by raw SQL, one added and one dropped',
    upgrade: async (knex) => {
      await knex.raw('alter table gen rename column a to aa')
      await knex.schema.alterTable('users', (table) => table.string('extra').defaultTo('x'))
      await knex.raw('alter table users drop column extra')
    },
    downgrade: () => {},
  },
  {
    title: 'text with NUL and a date',
    upgrade: (knex) => knex('numbers').insert({ any: 'a\u0000b', t: 'x\r\ny', i: new Date(86_400_000), r: true }),
    downgrade: () => {},
  },
  {
    title: 'what the revision changed last, behind a question and behind a rebuild',
    upgrade: async (knex) => {
      await knex.raw('create table marked (id integer primary key autoincrement, x)')
      await knex.raw('create table last_changes (at text, rowid_of_last, changed)')
      const note = (at: string) => knex.raw(`insert into last_changes values ('${at}', last_insert_rowid(), changes())`)
      await knex('marked').insert([{ id: 50 }, { id: 51 }])
      if (await knex.schema.hasTable('final')) await note('a question')
      await knex('marked').insert({ id: 60 })
      await knex.schema.alterTable('last_changes', (table) => table.renameColumn('at', 'behind'))
      await note('a renaming')
      await knex('marked').insert({ id: 70 })
      await knex.schema.alterTable('final', (table) => table.setNullable('n'))
      await note('a rebuild')
      await knex('marked').del()
      await knex('last_changes').insert({ behind: 'nothing' })
      await knex.schema.alterTable('marked', (table) => table.dropColumn('x'))
      await knex.raw("insert into last_changes select 'the rebuild of an empty table', last_insert_rowid(), 0")
    },
    downgrade: (knex) => knex.schema.dropTable('last_changes').dropTable('marked'),
  },
]
