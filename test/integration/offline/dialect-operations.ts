import type { DialectName } from '../../support/databases.ts'
import type { Operation } from './history.ts'

const postgresql: readonly Operation[] = [
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

const mysql: readonly Operation[] = [
  {
    title: 'a trigger and a procedure with bodies',
    upgrade: async (knex) => {
      await knex.raw('create table audit (note varchar(200))')
      await knex.raw(`create trigger final_ai after insert on final for each row
        begin
          insert into audit values (concat('n;', new.n));
          insert into audit values ('$$');
        end;`)
      await knex.raw(
        'create procedure twice(in n int) begin declare m int default n; insert into final values (m * 2); end',
      )
      await knex.raw('call twice(?)', [21])
      await knex('final').insert({ n: 5 })
    },
    downgrade: (knex) =>
      Promise.all([knex.raw('drop trigger final_ai'), knex.raw('drop procedure twice'), knex.raw('drop table audit')]),
  },
  {
    title: 'columns of MySQL',
    upgrade: (knex) =>
      knex.schema.createTable('kinds', (table) => {
        table.charset('utf8mb4')
        table.collate('utf8mb4_bin')
        table.engine('InnoDB')
        table.increments('id')
        table.tinyint('t').unsigned()
        table.specificType('m', 'mediumtext')
        table.enu('e', ['x', 'y']).comment('one of two')
        table.json('doc')
        table.comment('kinds of columns')
      }),
    downgrade: (knex) => knex.schema.dropTable('kinds'),
  },
  {
    title: 'bytes, lists and zones',
    upgrade: async (knex) => {
      await knex('kinds').insert({
        t: 255,
        m: 'x\\y\u0000z\r\n',
        e: 'y',
        doc: JSON.stringify({ path: 'c:\\dir', emoji: '😀' }),
      })
      await knex.raw('update kinds set t = t - ? where id in (?) and e = ?', [-0, [1, 2, 3], 'y'])
      await knex.raw("update kinds set t = t -? where e = 'never'", [-3])
    },
    downgrade: (knex) => knex('kinds').del(),
  },
  {
    title: 'schema and rows in turns, with a savepoint between',
    upgrade: async (knex) => {
      await knex('final').insert({ n: 7 })
      await knex.transaction(async (trx) => {
        await trx('final').insert({ n: 8 })
        await trx.schema.createTable('between_rows', (table) => table.integer('n'))
        await trx('between_rows').insert({ n: 9 })
      })
      await knex('final').insert({ n: 10 })
    },
    downgrade: (knex) => knex.schema.dropTable('between_rows'),
  },
  {
    title: 'altered columns and keys',
    upgrade: async (knex) => {
      await knex.schema.alterTable('kinds', (table) => {
        table.string('m', 300).notNullable().defaultTo('a\\b').alter()
        table.integer('after_t').after('t')
        table.dropColumn('e')
      })
      await knex.schema.alterTable('jobs', (table) => table.dropForeign('parent_id'))
    },
    downgrade: () => {},
  },
  {
    title: 'a default with a backslash and a comment with a quote',
    upgrade: (knex) =>
      knex.raw(
        "create table slashes (a varchar(20) default 'c:\\\\x', b int comment 'it''s; # not -- a comment') # end",
      ),
    downgrade: (knex) => knex.schema.dropTable('slashes'),
  },
  {
    title: 'a full text index',
    upgrade: (knex) => knex.raw('alter table slashes add fulltext index slashes_a (a)'),
    downgrade: () => {},
  },
]

const sqlite: readonly Operation[] = [
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
]

/** What only one dialect can do. */
export const dialectOperations: Readonly<Record<DialectName, readonly Operation[]>> = { postgresql, mysql, sqlite }
