import type { Operation } from '../history.ts'

/** What PostgreSQL's schema has beyond tables and columns. */
export const postgresqlSchemaOperations: readonly Operation[] = [
  {
    title: 'types that only PostgreSQL has',
    upgrade: async (knex) => {
      await knex.schema.createTable('pg_types', (table) => {
        table.specificType('id', 'smallserial primary key')
        table.specificType('cash', 'money')
        table.specificType('fixed', 'char(3)')
        table.specificType('address', 'inet')
        table.specificType('network', 'cidr')
        table.specificType('bits', 'bit varying(8)')
        table.specificType('words', 'tsvector')
        table.specificType('place', 'point')
        table.specificType('years', 'int4range')
        table.specificType('span', 'tstzrange')
        table.specificType('tags', 'text[]').notNullable().defaultTo('{}')
        table.specificType('pause', 'interval').defaultTo('1 day')
        table.jsonb('doc').notNullable().defaultTo('{"a": "b?"}')
        table.uuid('key').defaultTo('123e4567-e89b-12d3-a456-426614174000')
        table.specificType('clock', 'time(3)')
        table.timestamp('local', { useTz: false, precision: 0 })
      })
      await knex('pg_types').insert({
        cash: '12.50',
        fixed: 'ab',
        address: '10.0.0.1/8',
        network: '10.0.0.0/8',
        bits: '101',
        words: "it's a 'fat' cat",
        place: '(1,2)',
        years: '[1,5)',
        span: '[2001-01-01 00:00+00, 2002-01-01 00:00+00)',
        tags: ['x', 'y z', '{"', '\\'],
        clock: '10:11:12.345',
        local: new Date(Date.UTC(2020, 5, 6, 7, 8, 9)),
      })
    },
    downgrade: (knex) => knex.schema.dropTable('pg_types'),
  },
  {
    title: 'identities and generated columns',
    upgrade: async (knex) => {
      await knex.raw(`create table generated (
        id bigint generated always as identity (start with 100 increment by 5) primary key,
        a integer not null, b integer generated always as (a * 2) stored
      )`)
      await knex('generated').insert([{ a: 1 }, { a: 2 }])
      await knex.raw('insert into generated (id, a) overriding system value values (?, ?)', [7, 3])
      await knex.raw('alter table generated alter column id restart with 500')
      await knex('generated').insert({ a: 4 })
    },
    downgrade: (knex) => knex.schema.dropTable('generated'),
  },
  {
    title: 'an enum that grows in a revision without a transaction',
    transaction: false,
    upgrade: async (knex) => {
      await knex.raw("create type size as enum ('small', 'it''s large')")
      await knex.raw("alter type size add value if not exists 'medium' before 'it''s large'")
      await knex.raw("alter type size rename value 'small' to 'tiny'")
      await knex.schema.createTable('sized', (table) => {
        table.enu('size', ['tiny', 'medium', "it's large"], { useNative: true, existingType: true, enumName: 'size' })
      })
      await knex('sized').insert([{ size: 'medium' }, { size: "it's large" }])
    },
    downgrade: (knex) => knex.schema.dropTable('sized').raw('drop type size'),
  },
  {
    title: 'domains and composite types',
    upgrade: (knex) =>
      knex.raw(`
        create domain email as text check (value ~ '^[^@]+@[^@]+$') not null default 'a@b';
        create type pair as (a int, b text);
        create table with_types (mail email, both_of pair);
        insert into with_types values (default, row(1, 'x'));
      `),
    downgrade: (knex) => knex.raw('drop table with_types; drop type pair; drop domain email'),
  },
  {
    title: 'checks by length, by pattern, and one that is validated later',
    upgrade: async (knex) => {
      await knex.schema.createTable('pg_checks', (table) => {
        table.string('short', 20).checkLength('<=', 5)
        table.string('code', 20).checkRegex('^[a-z]{2}[0-9]?$', 'pg_code')
        table.integer('n')
      })
      await knex.raw('alter table pg_checks add constraint pg_n check (n > 0) not valid')
      await knex.raw('alter table pg_checks validate constraint pg_n')
      await knex.schema.alterTable('pg_checks', (table) => table.dropChecks('pg_code'))
    },
    downgrade: (knex) => knex.schema.dropTable('pg_checks'),
  },
  {
    title: 'foreign keys that wait, made and dropped on tables that are there',
    upgrade: async (knex) => {
      await knex.schema.createTable('fk_parent', (table) => table.integer('id').primary())
      await knex.schema.createTable('fk_child', (table) => {
        table.integer('a').references('fk_parent.id').deferrable('deferred')
        table.integer('b')
        table.integer('c')
      })
      await knex.schema.alterTable('fk_child', (table) => {
        table.foreign('b').references('id').inTable('fk_parent').onDelete('SET DEFAULT').onUpdate('RESTRICT')
        table.foreign(['c'], 'fk_c').references(['id']).inTable('fk_parent')
      })
      await knex.schema.alterTable('fk_child', (table) => table.dropForeign(['c'], 'fk_c'))
      await knex('fk_child').insert({ a: 9 })
      await knex('fk_parent').insert({ id: 9 })
    },
    downgrade: (knex) => knex.schema.dropTable('fk_child').dropTable('fk_parent'),
  },
  {
    title: 'keys changed',
    upgrade: async (knex) => {
      await knex.schema.createTable('keys', (table) => {
        table.integer('a').notNullable()
        table.integer('b').notNullable()
        table.primary(['a'], { constraintName: 'keys_first' })
        table.unique(['b'], { deferrable: 'immediate' })
      })
      await knex.schema.alterTable('keys', (table) => table.dropPrimary('keys_first'))
      await knex.schema.alterTable('keys', (table) => table.primary(['a', 'b'], { constraintName: 'keys_both' }))
      await knex.raw('alter table keys rename constraint keys_both to keys_pair')
    },
    downgrade: (knex) => knex.schema.dropTable('keys'),
  },
  {
    title: 'indexes of every kind',
    upgrade: async (knex) => {
      await knex.schema.alterTable('pg_types', (table) => {
        table.index(['doc'], 'pg_doc', 'gin')
        table.index(['address'], 'pg_address', { predicate: knex.whereNotNull('address') })
        table.unique(['fixed', 'cash'], { indexName: 'pg_fixed', predicate: knex.whereRaw("fixed <> 'x;?'") })
      })
      await knex.raw("create index pg_lower on pg_types (lower(fixed) desc nulls last, (doc ->> 'a')) include (cash)")
      await knex.raw('create index pg_brin on pg_types using brin (local) with (pages_per_range = 4)')
      await knex.raw("create index pg_words on pg_types using gin (to_tsvector('simple', fixed))")
      await knex.raw('alter index pg_brin rename to pg_brin_two')
      await knex.schema.alterTable('pg_types', (table) => table.dropIndex([], 'pg_address'))
    },
    downgrade: (knex) => knex.raw('drop index pg_doc, pg_fixed, pg_lower, pg_brin_two, pg_words'),
  },
  {
    title: 'a constraint that excludes',
    upgrade: (knex) =>
      knex.raw('create table rooms (during tsrange, exclude using gist (during with &&) where (not isempty(during)))'),
    downgrade: (knex) => knex.schema.dropTable('rooms'),
  },
  {
    title: 'columns altered by Knex and by hand',
    upgrade: async (knex) => {
      await knex.raw("create table altering (n text default '1', m int, o varchar(5))")
      await knex('altering').insert({ n: '12', m: 1, o: 'x' })
      await knex.raw('alter table altering alter n drop default, alter n type integer using n::integer')
      await knex.schema.alterTable('altering', (table) => {
        table.bigInteger('m').notNullable().defaultTo(5).alter()
        table.string('o', 50).defaultTo('why?').alter({ alterNullable: false })
        table.setNullable('m')
      })
      await knex.schema.alterTable('altering', (table) => table.text('o').alter({ alterType: true }))
      await knex.raw('alter table altering alter m set statistics 50, alter o set storage external')
    },
    downgrade: (knex) => knex.schema.dropTable('altering'),
  },
  {
    title: 'tables in parts, by inheritance and without a log',
    upgrade: (knex) =>
      knex.raw(`
        create table parts (at date not null, n int) partition by range (at);
        create table parts_2020 partition of parts for values from ('2020-01-01') to ('2021-01-01');
        create table parts_rest partition of parts default;
        insert into parts values ('2020-05-01', 1), ('2022-05-01', 2);
        create table base_table (a int);
        create table derived (b int) inherits (base_table);
        create unlogged table volatile_table (a int) with (fillfactor = 70);
        alter table volatile_table set logged;
      `),
    downgrade: (knex) => knex.raw('drop table parts, derived, base_table, volatile_table'),
  },
  {
    title: 'views that check, that are renamed and that remember',
    upgrade: async (knex) => {
      await knex.schema.createView('checked_view', (view) => {
        view.columns(['n', 'm'])
        view.as(knex('numbers').select('id', 'b').where('id', '>', 0))
        view.checkOption()
      })
      await knex.schema.alterView('checked_view', (view) => view.column('m').rename('mm'))
      await knex.schema.renameView('checked_view', 'renamed_view')
      await knex.schema.createMaterializedView('remembered', (view) => {
        view.columns(['id'])
        view.as(knex('numbers').select('id'))
      })
      await knex.raw('create unique index remembered_id on remembered (id)')
    },
    downgrade: (knex) => knex.schema.dropMaterializedView('remembered').dropView('renamed_view'),
  },
  {
    title: 'work that no transaction may hold',
    transaction: false,
    upgrade: async (knex) => {
      await knex('numbers').insert({ n: 1 })
      await knex.schema.refreshMaterializedView('remembered', true)
      await knex.raw('create unique index concurrently if not exists numbers_id on numbers (id)')
      await knex.raw('vacuum (analyze) numbers')
      await knex.raw('reindex table concurrently numbers')
      await knex.raw('drop index concurrently if exists numbers_never')
    },
    downgrade: (knex) => knex.raw('drop index concurrently numbers_id'),
  },
  {
    title: 'schemas made, filled and left',
    upgrade: async (knex) => {
      await knex.schema.createSchemaIfNotExists('shop')
      await knex.schema.createSchemaIfNotExists('shop')
      await knex.schema.withSchema('shop').createTable('orders', (table) => {
        table.increments('id')
        table.integer('parent').references('id').inTable('shop.orders')
        table.enu('state', ['open', 'paid'], { useNative: true, enumName: 'state', schemaName: 'shop' })
      })
      await knex.schema.withSchema('shop').alterTable('orders', (table) => table.string('note').index())
      await knex.withSchema('shop').into('orders').insert({ state: 'paid', note: 'x' })
      await knex('orders').withSchema('shop').update({ note: 'y' })
      await knex('shop.orders').where('shop.orders.id', 1).update({ parent: 1 })
      await knex.schema.withSchema('shop').renameTable('orders', 'sales')
      await knex.raw('create schema gone; create table gone.t (a int)')
      await knex.schema.dropSchema('gone', true)
    },
    downgrade: (knex) => knex.schema.dropSchemaIfExists('shop', true),
  },
  {
    title: 'rights and rules',
    upgrade: (knex) =>
      knex.raw(`
        create table guarded (owner text, n int);
        alter table guarded enable row level security;
        create policy own_rows on guarded for select using (owner = current_user);
        grant select (n), update (n) on guarded to public;
        revoke all on function add_one(int) from public;
        create rule no_delete as on delete to guarded do instead nothing;
        comment on policy own_rows on guarded is 'it''s a policy; really';
        delete from guarded;
      `),
    downgrade: (knex) => knex.raw('drop table guarded'),
  },
  {
    title: 'statistics, collations, aggregates and casts',
    upgrade: (knex) =>
      knex.raw(`
        create statistics some_stats (dependencies) on b, n from numbers;
        create collation plain from "C";
        create table collated (a text collate plain);
        create aggregate total_of (int) (sfunc = int4pl, stype = int, initcond = '0');
        create text search configuration own_words (copy = simple);
        create operator === (leftarg = int, rightarg = int, function = int4eq);
      `),
    downgrade: (knex) =>
      knex.raw(`drop operator === (int, int); drop text search configuration own_words; drop aggregate total_of (int);
        drop table collated; drop collation plain; drop statistics some_stats`),
  },
]
