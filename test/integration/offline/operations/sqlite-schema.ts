import type { Operation } from '../history.ts'

/** What SQLite's schema has, without what Knex does by reading the table first. */
export const sqliteSchemaOperations: readonly Operation[] = [
  {
    title: 'tables without types, with strict ones and without a rowid',
    upgrade: async (knex) => {
      await knex.raw('create table loose_table (a, b NUMERIC, c VARCHAR(10) DEFAULT (1 + 2), d)')
      await knex.raw(
        "create table strict_table (id integer primary key, t text not null default 'x;y', b blob, a any) strict",
      )
      await knex.raw('create table keyed_table (k text, n int, primary key (k, n desc)) without rowid')
      await knex('loose_table').insert([
        { a: '1', b: '2', d: 3n },
        { a: Buffer.from('x'), b: 'text', d: null },
      ])
      await knex('strict_table').insert({ t: 'abc', b: Buffer.from([0, 1]), a: 'any' })
      await knex('keyed_table').insert([
        { k: 'a', n: 1 },
        { k: 'a', n: 2 },
      ])
    },
    downgrade: (knex) => knex.schema.dropTable('loose_table').dropTable('strict_table').dropTable('keyed_table'),
  },
  {
    title: 'generated columns and checks by expression',
    upgrade: async (knex) => {
      await knex.raw(`create table computed (
        a integer check (a between 0 and 100),
        doc text check (doc is null or json_valid(doc)),
        twice integer generated always as (a * 2) virtual,
        label text as ('n; ' || a) stored,
        constraint named check (length(doc) > 1 or doc is null)
      )`)
      await knex('computed').insert([{ a: 5, doc: JSON.stringify({ "it's": 1 }) }, { a: 6 }])
    },
    downgrade: (knex) => knex.schema.dropTable('computed'),
  },
  {
    title: 'indexes of every kind',
    upgrade: async (knex) => {
      await knex.raw('create unique index computed_label on computed (label collate nocase desc, a)')
      await knex.raw(
        "create index computed_doc on computed (json_extract(doc, '$.a')) where doc is not null and a <> 7",
      )
      await knex.schema.alterTable('computed', (table) =>
        table.unique(['a'], { indexName: 'computed_a', predicate: knex.whereNotNull('a') } as never),
      )
      await knex.schema.alterTable('computed', (table) => table.dropIndex([], 'computed_doc'))
      await knex.raw('reindex computed_label')
    },
    downgrade: (knex) => knex.raw('drop index computed_label'),
  },
  {
    title: 'foreign keys that wait, and children that lose their parents',
    upgrade: async (knex) => {
      await knex.raw('create table parents (id integer primary key)')
      await knex.raw(`create table children (id integer primary key,
        parent int references parents on delete cascade deferrable initially deferred,
        other int constraint other_parent references parents (id) on delete set null on update cascade)`)
      await knex('children').insert([
        { id: 1, parent: 1n, other: 2n },
        { id: 2, parent: 2n },
      ])
      await knex('parents').insert([{ id: 1 }, { id: 2 }])
    },
    downgrade: (knex) => knex.schema.dropTable('children').dropTable('parents'),
  },
  {
    title: 'rows that follow their parents in a revision without a transaction',
    transaction: false,
    upgrade: async (knex) => {
      await knex('parents').where({ id: 2 }).del()
      await knex.raw('vacuum')
    },
    downgrade: () => {},
  },
  {
    title: 'tables and columns renamed, with what refers to them',
    upgrade: async (knex) => {
      await knex.raw(
        'create view all_children as select c.id, p.id as parent_id from children c join parents p on p.id = c.parent',
      )
      await knex.schema.renameTable('parents', 'elders')
      await knex.raw('alter table elders rename column id to elder_id')
      await knex.raw("alter table elders add column note text not null default 'it''s; -- new'")
      await knex.raw('alter table elders add column short_lived int')
      await knex.raw('alter table elders drop column short_lived')
    },
    downgrade: async (knex) => {
      await knex.raw('drop view all_children')
      await knex.raw('alter table elders rename column elder_id to id')
      await knex.schema.renameTable('elders', 'parents')
    },
  },
  {
    title: 'triggers of every kind',
    upgrade: async (knex) => {
      await knex.raw('create table noted (id integer primary key autoincrement, a int, log text)')
      await knex.raw('create view noted_view as select id, a from noted')
      await knex.raw(`create trigger noted_before before update of a on noted when new.a < 0 begin
        select case when new.a < -10 then raise(abort, 'too; low') end; end`)
      await knex.raw(`create trigger noted_after after insert on noted for each row begin
        update noted set log = case when new.a > 5 then case new.a when 6 then 'six;' else 'big' end else 'small' end
          where id = new.id; -- end;
        insert into stock (goods_id, amount) select 3000 + new.id, count(*) from noted /* end; */;
      end;`)
      await knex.raw(`create trigger noted_instead instead of insert on noted_view begin
        insert into noted (a) values (new.a), (new.a + 1); end`)
      await knex.raw('create temp trigger passing after delete on noted begin select 1; end')
      await knex('noted').insert([{ a: 6n }, { a: 7n }, { a: 1n }])
      await knex('noted_view').insert({ a: 20n })
      await knex('noted').where({ id: 3 }).del()
      await knex.raw('drop trigger passing')
    },
    downgrade: (knex) => knex.raw('drop view noted_view').then(() => knex.schema.dropTable('noted')),
  },
  {
    title: 'views with names for their columns',
    upgrade: async (knex) => {
      await knex.raw(
        'create view "named; view" ("first; one", [second]) as select a, \'it\'\'s; \' || label from computed',
      )
      await knex.raw('create view if not exists "named; view" as select 1')
      await knex.raw('create temp view passing_view as select 1 as one')
      await knex.raw('insert into done (what) select one from passing_view')
      await knex.raw('drop view passing_view')
    },
    downgrade: (knex) => knex.schema.dropView('named; view'),
  },
  {
    title: 'a search index',
    upgrade: async (knex) => {
      await knex.raw("create virtual table search using fts5(title, body, tokenize = 'porter ascii')")
      await knex('search').insert({ title: "it's a title", body: 'running; "quoted"' })
      await knex.raw("insert into search (search) values ('optimize')")
    },
    downgrade: (knex) => knex.raw('drop table search'),
  },
  {
    title: 'marks in the file itself',
    upgrade: async (knex) => {
      await knex.raw('pragma user_version = 42')
      await knex.raw('pragma application_id = 1234')
    },
    downgrade: (knex) => knex.raw('pragma user_version = 0'),
  },
  {
    title: 'every comment and every quote',
    upgrade: async (knex) => {
      await knex.raw(`-- first; line
        create table /* of; a */ "it's; "" quoted" ( -- table
        a text default 'x''; -- no /* comment', /* and; */ [b; c] int, \`d\`\`e;\` int) -- the end`)
      await knex.raw('insert into "it\'s; "" quoted" values (?, /* two; */ ?, -- three;\n ?)', ['; --', 1, 2])
    },
    downgrade: (knex) => knex.raw('drop table "it\'s; "" quoted"'),
  },
  {
    title: 'lines that the shell would take for its own',
    upgrade: async (knex) => {
      await knex.raw('create table shell_words (t text)')
      await knex('shell_words').insert([
        { t: '.quit\n.shell true\n' },
        { t: 'a\n.dump\n/\ngo\n;\n' },
        { t: '\r\n.exit\r\n' },
        { t: 'end\nof transmission \u0004 and \u001a' },
      ])
      await knex.raw("insert into shell_words values ('\n.quit\ngo\n/\n')")
    },
    downgrade: (knex) => knex.schema.dropTable('shell_words'),
  },
  {
    title: 'a table with an enum and one emptied that never counted',
    upgrade: async (knex) => {
      await knex.schema.createTable('emptied', (table) => {
        table.string('slug').primary()
        table.enu('state', ["it's", 'b;c']).notNullable().defaultTo('b;c')
      })
      await knex('emptied').insert({ slug: 'a' })
      await knex('emptied').truncate()
      await knex('noted').truncate()
      await knex('noted').insert({ a: 1n })
    },
    downgrade: (knex) => knex.schema.dropTable('emptied'),
  },
]
