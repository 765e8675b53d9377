import { beforeEach, expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { createApplied } from './item-tables.ts'
import type { Table } from './pitfalls/pitfall.ts'
import { runHandle } from './run-handle.ts'

/** Tables as people make them with Knex and by hand. Each has a column "x" without anything that depends on it. */
const TABLES: readonly string[] = [
  'create table t (id integer not null primary key autoincrement, x text)',
  'create table `t` (`id` integer not null primary key autoincrement, `name` varchar(255) not null, `x` integer, unique (`name`))',
  "create table t (id integer primary key, kind text check (`kind` in ('a', 'b', 'it''s, (c)')) not null default 'a', x text null)",
  'create table t (id integer, b integer, x text, constraint pk primary key (id, b))',
  'create table t (id integer, b integer, x text, primary key (id asc, b desc) on conflict rollback, unique (b, id))',
  'create table t (id integer primary key, p integer, q int, x float, constraint "t_p" foreign key (p) references o (id) on delete cascade on update set null, foreign key (q) references o (id))',
  'create table t (id char(36) primary key, at datetime default CURRENT_TIMESTAMP, n decimal(10, 2) default -1.5, x boolean default TRUE)',
  "create table t (id int, j json default '{\"a\": [1, 2]}', x text default '', y text default 'a''b')",
  'create table t (id int, n int default (abs(-1) + 2), m int not null default 0 check (m >= 0 and m < 10), x text)',
  'create table t (id int, x int, constraint c1 check (id > 0), check (id <> 5 or id in (6, 7)))',
  'create table t (id text primary key, x text) without rowid',
  'create table t ("id" int, [odd, name] int, `x` int, "select" int)',
  'create table t (id int, u text unique on conflict ignore collate nocase, x text collate rtrim)',
  'create table T (ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, X TEXT)',
  'create table t (id int references o, x text)',
  'create table t (id int references o (id) match simple deferrable initially immediate, x text)',
  'create table t (id int not null on conflict replace default 1e-5, e real default .5, h int default +3, x unsigned big int)',
  'create table t (id, y, x)',
]

const CHANGES: readonly (readonly [string, (t: Table) => void])[] = [
  ['dropNullable', (t) => t.dropNullable('x')],
  ['setNullable', (t) => t.setNullable('x')],
  ['alter', (t) => t.string('x', 30).notNullable().defaultTo('new').alter()],
  ['foreign', (t) => t.foreign('x').references('o.id')],
  ['dropColumn', (t) => t.dropColumn('x')],
]

describeEachDialect(
  'rebuilds of tables that Knex reads right',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await createApplied(db.knex())
      await db.knex().raw('create table o (id integer primary key)')
    })

    it.each(TABLES)('are let through: %s', async (sql) => {
      const others = async (): Promise<unknown> => ({
        columns: await db
          .knex()
          .raw(`select name, type, "notnull", pk from pragma_table_info('t') where lower(name) <> 'x'`),
        keys: await db
          .knex()
          .raw(`select "table", "from", on_delete from pragma_foreign_key_list('t') where lower("from") <> 'x'`),
        unique: await db.knex().raw(`select origin, partial from pragma_index_list('t') order by 1, 2`),
      })
      for (const [, change] of CHANGES) {
        await db.knex().raw('drop table if exists t')
        await db.knex().raw(sql)
        await db.knex().raw('create index t_id on t (id, x) where id > 1')
        const before = await others()
        const ran = await runHandle(db, (knex) => knex.schema.alterTable('t', change))
        expect(ran.error).toBeUndefined()
        expect(await others()).toEqual(before)
      }
    })
  },
  { only: ['sqlite'] },
)
