import type { Chapter } from './chapters.ts'

/** A project that knows it is on PostgreSQL, and writes much of it by hand. */
export const postgresqlChapter: Chapter = (thing) => [
  {
    message: `schema and types of ${thing}`,
    upgrade: `
      await knex.raw(\`
        create schema ${thing};
        create type ${thing}.level as enum ('low', 'it''s; high');
        create domain ${thing}.code as text check (value ~ '^[a-z]{2,}$');
        comment on type ${thing}.level is $c$levels of ${thing}; 'quoted'$c$;
      \`)`,
    downgrade: `await knex.raw('drop schema ${thing} cascade')`,
  },
  {
    message: `the table of ${thing}`,
    upgrade: `
      await knex.schema.withSchema('${thing}').createTable('items', (table) => {
        table.bigIncrements('id')
        table.specificType('level', '${thing}.level').notNullable().defaultTo('low')
        table.specificType('code', '${thing}.code')
        table.jsonb('doc').notNullable().defaultTo('{}')
        table.specificType('tags', 'text[]').notNullable().defaultTo('{}')
        table.timestamp('seen_at', { useTz: true })
      })
      await knex.withSchema('${thing}').table('items').insert([
        { code: 'ab', doc: { why: 'a?b', list: ["it's"] }, tags: ['x', 'y z'], seen_at: new Date(Date.UTC(2020, 1, 2)) },
        { code: 'cd', level: "it's; high" },
      ])`,
    downgrade: `await knex.schema.withSchema('${thing}').dropTable('items')`,
  },
  {
    message: `a new level of ${thing}`,
    transaction: false,
    upgrade: `await knex.raw("alter type ${thing}.level add value if not exists 'middle' after 'low'")`,
    downgrade: `await knex.raw('select 1')`,
  },
  {
    message: `a journal of ${thing}, kept by a trigger`,
    upgrade: `
      await knex.raw(\`
        create table ${thing}.journal (id serial primary key, what text, item jsonb);
        create or replace function ${thing}.note() returns trigger language plpgsql as $body$
        declare word text := $q$it's; noted$q$;
        begin
          -- what happened; to which row
          insert into ${thing}.journal (what, item) values (word || ': ' || tg_op, to_jsonb(coalesce(new, old)) - 'seen_at');
          return coalesce(new, old);
        end $body$;
        create trigger items_note after insert or update or delete on ${thing}.items for each row execute function ${thing}.note();
      \`)
      await knex('${thing}.items').where({ code: 'ab' }).update({ level: 'middle' })`,
    downgrade: `await knex.raw(\`
      drop trigger items_note on ${thing}.items; drop function ${thing}.note(); drop table ${thing}.journal\`)`,
  },
  {
    message: `search in ${thing}`,
    upgrade: `
      await knex.raw(\`alter table ${thing}.items
        add column words tsvector generated always as (to_tsvector('simple', coalesce(doc ->> 'why', ''))) stored\`)
      await knex.raw('update ${thing}.items set doc = doc || ? where doc \\\\? ?', [{ searched: true }, 'why'])`,
    downgrade: `await knex.schema.withSchema('${thing}').alterTable('items', (table) => table.dropColumn('words'))`,
  },
  {
    message: `indexes of ${thing} without waiting`,
    transaction: false,
    upgrade: `
      await knex.raw('create index concurrently if not exists ${thing}_words on ${thing}.items using gin (words)')
      await knex.raw("create unique index concurrently ${thing}_code on ${thing}.items (code) where level <> 'low'")`,
    downgrade: `
      await knex.raw('drop index concurrently if exists ${thing}.${thing}_words')
      await knex.raw('drop index concurrently if exists ${thing}.${thing}_code')`,
  },
  {
    message: `rights and constraints of ${thing}, where they are missing`,
    upgrade: `
      const { rows } = await knex.raw("select conname from pg_constraint where conname = '${thing}_tags'")
      if (rows.length === 0) await knex.raw('alter table ${thing}.items add constraint ${thing}_tags check (cardinality(tags) < 9) not valid')
      await knex.raw('alter table ${thing}.items validate constraint ${thing}_tags')
      await knex.raw('grant usage on schema ${thing} to public; grant select on all tables in schema ${thing} to public')`,
    downgrade: `
      await knex.raw('revoke select on all tables in schema ${thing} from public; revoke usage on schema ${thing} from public')
      await knex.raw('alter table ${thing}.items drop constraint ${thing}_tags')`,
  },
  {
    message: `rows of ${thing} out of rows`,
    upgrade: `
      await knex.raw(\`with made as (
          insert into ${thing}.items (code, doc) select 'gen' || chr(96 + n), jsonb_build_object('n', n) from generate_series(1, :count) n
          returning id)
        update ${thing}.items set seen_at = timestamptz '2021-01-01 00:00+00' where id in (select id from made where id > :low)\`,
        { count: 5, low: 0 })
      await knex.raw("select setval(pg_get_serial_sequence('${thing}.items', 'id'), 1000)")`,
    downgrade: `await knex('${thing}.items').whereLike('code', 'gen%').del()`,
  },
  {
    message: `${thing} at a glance`,
    upgrade: `
      await knex.schema.withSchema('${thing}').createMaterializedView('glance', (view) => {
        view.as(knex('${thing}.items').select('level').count('* as n').groupBy('level'))
      })
      await knex.raw('create unique index glance_level on ${thing}.glance (level)')
      await knex.raw('alter table ${thing}.items rename column code to item_code')`,
    downgrade: `
      await knex.raw('alter table ${thing}.items rename column item_code to code')
      await knex.raw('drop materialized view ${thing}.glance')`,
  },
]
