import type { Operation } from '../history.ts'

/** What only this dialect can do, each building on the common ones before. */
export const postgresqlOperations: readonly Operation[] = [
  {
    title: 'several raw statements in one text',
    upgrade: (knex) =>
      knex.raw(`
        create table multi (a int, b text); -- a comment; with a semicolon
        insert into multi values (1, 'x;y'), (2, $t$it's; $$ quoted $t$);
        /* nested /* comment; */ */ create index multi_a on multi (a);
      `),
    downgrade: (knex) => knex.raw('drop table multi'),
  },
  {
    title: 'a function and a trigger',
    upgrade: async (knex) => {
      await knex.raw(`create function touch() returns trigger language plpgsql as $body$
        begin new.b := coalesce(new.b, '') || ';t'; return new; end $body$`)
      await knex.raw('create trigger multi_touch before insert on multi for each row execute function touch()')
      await knex('multi').insert({ a: 3, b: 'z' })
    },
    downgrade: (knex) => knex.raw('drop trigger multi_touch on multi; drop function touch()'),
  },
  {
    title: 'a function of the SQL standard',
    upgrade: (knex) =>
      knex.raw('create function add_one(n int) returns int language sql begin atomic select n + 1; end;'),
    downgrade: (knex) => knex.raw('drop function add_one(int)'),
  },
  {
    title: 'arrays, objects, bytes and intervals',
    upgrade: async (knex) => {
      await knex.raw(
        'create table kinds (tags text[], grid int[][], doc jsonb, raw bytea, span interval, at timestamp, on_day date)',
      )
      await knex('kinds').insert({
        tags: ['a', 'b "q"', "it's", 'back\\slash', null, ''],
        grid: [
          [1, 2],
          [3, 4],
        ],
        doc: { deep: { quote: "it's", list: [1, null, true] } },
        raw: Buffer.from([0, 92, 39, 255]),
        span: '1 day 02:03:04',
        at: new Date(Date.UTC(2024, 6, 1, 10, 20, 30, 40)),
        on_day: new Date(Date.UTC(2024, 6, 1, 12)),
      })
    },
    downgrade: (knex) => knex.schema.dropTable('kinds'),
  },
  {
    title: 'a question mark that is an operator',
    upgrade: (knex) => knex.raw("update kinds set doc = '{}' where doc \\? 'deep' and tags[1:1] = ?", [['a']]),
    downgrade: () => {},
  },
  {
    title: 'an enum of the database and comments',
    upgrade: (knex) =>
      knex.schema.createTable('moods', (table) => {
        table.enu('mood', ['sad', 'ok'], { useNative: true, enumName: 'mood' })
        table.string('note').comment("it's a column; really")
        table.comment('a table of moods')
      }),
    downgrade: (knex) => knex.schema.dropTable('moods').raw('drop type mood'),
  },
  {
    title: 'altered columns',
    upgrade: async (knex) => {
      await knex.schema.alterTable('users', (table) => {
        table.renameColumn('nick', 'nickname')
        table.string('name', 500).alter()
        table.setNullable('email')
      })
      await knex.schema.alterTable('users', (table) => table.dropNullable('email'))
      await knex.schema.alterTable('users', (table) => table.dropColumn('nickname'))
    },
    downgrade: () => {},
  },
  {
    title: 'a schema, a sequence and a materialized view',
    upgrade: async (knex) => {
      await knex.schema.createSchema('billing')
      await knex.schema.withSchema('billing').createTable('invoices', (table) => table.increments('id'))
      await knex.raw('create sequence billing.numbers start 100')
      await knex.raw("select setval('billing.numbers', 500)")
      await knex.schema.createMaterializedView('mv', (view) => view.as(knex('users').select('id')))
      await knex.schema.refreshMaterializedView('mv')
    },
    downgrade: (knex) => knex.raw('drop materialized view mv; drop schema billing cascade'),
  },
  {
    title: 'a partial index built concurrently',
    transaction: false,
    upgrade: (knex) => knex.raw('create index concurrently users_active on users (email) where active'),
    downgrade: (knex) => knex.raw('drop index concurrently users_active'),
  },
  {
    title: 'numbers of every size',
    upgrade: async (knex) => {
      await knex.raw('create table numbers (id serial, b bigint, n numeric, d double precision, r real)')
      await knex('numbers').insert([
        { b: 9223372036854775807n, n: '123456789012345678901234567890.5', d: Number.NaN, r: 1.5 },
        { b: -9223372036854775808n, n: 0.1, d: Number.POSITIVE_INFINITY, r: -1e-10 },
        { b: 0, n: -0, d: 1.7976931348623157e308, r: 3 },
      ])
    },
    downgrade: (knex) => knex.schema.dropTable('numbers'),
  },
]
