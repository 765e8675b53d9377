import type { Knex } from 'knex'
import type { Pitfall, Table } from './pitfall.ts'

const definitions = (knex: Knex): Promise<string[]> =>
  knex('sqlite_master')
    .whereNot('name', 'like', 'sqlite_%')
    .where('tbl_name', 't')
    .orderBy('type', 'desc')
    .orderBy('name')
    .pluck('sql')

const alter = (change: (t: Table) => unknown) => (knex: Knex) =>
  knex.schema.alterTable('t', (t: Table) => void change(t))

export const sqlitePitfalls: readonly Pitfall[] = [
  {
    title: 'an escaped question mark without a value is refused, because it may be meant',
    before: ['create table t (a text)'],
    work: (knex) => knex.raw("insert into t values ('what\\?')"),
    refused: /a \\\? in a string/,
  },
  {
    title: 'a backslash before a question mark in a default, a check or a value stays',
    work: async (knex) => {
      await knex.schema.createTable('t', (t: Table) => {
        t.string('a').defaultTo('a\\?')
        t.string('b').checkIn(['b\\?'])
      })
      await knex('t').insert({ b: 'b\\?' })
    },
    read: (knex) => knex('t'),
    gives: [{ a: 'a\\?', b: 'b\\?' }],
  },
  {
    title: 'a rebuild keeps everything that is not to be changed',
    before: [
      `create table t (id integer primary key autoincrement, Mixed int constraint foo not null on conflict ignore
         constraint bar unique, a varchar(10) collate nocase default 'x, (y)' check (a <> ''), [b c] decimal(10, 2) default (1 + 2),
         d int references t (id) on delete set null deferrable initially deferred, x text, y int default null,
         constraint ck check (Mixed > 1 or y is not null), unique (a, d) on conflict replace)`,
      'create unique index one on t (a collate nocase desc) where a is not null and a <> "b c"',
      'create index two on t (lower(a), "b c")',
    ],
    work: alter((t) => t.dropColumn('x')),
    read: definitions,
    gives: [
      'CREATE TABLE "t" (`id` integer PRIMARY KEY AUTOINCREMENT, `Mixed` int CONSTRAINT `foo` NOT NULL ON CONFLICT IGNORE ' +
        "CONSTRAINT `bar` UNIQUE, `a` varchar(10) CHECK (a <> '') DEFAULT 'x, (y)' COLLATE nocase, " +
        '`b c` decimal(10, 2) DEFAULT (1 + 2), `d` int REFERENCES `t` (`id`) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED, ' +
        '`y` int DEFAULT null, CONSTRAINT `ck` CHECK (Mixed > 1 or y is not null), UNIQUE (`a`, `d`) ON CONFLICT REPLACE)',
      'CREATE UNIQUE INDEX `one` on `t` (`a` COLLATE nocase DESC) where a is not null and a <> "b c"',
      'CREATE INDEX `two` on `t` (lower(a), `b c`)',
    ],
  },
  {
    title: 'a rebuild that would lose one of two checks is refused',
    before: ['create table t (id integer primary key, a int check (a > 0) check (a < 10), x text)'],
    work: alter((t) => t.dropColumn('x')),
    refused: /the column "a" would lose .*check .*0/,
  },
  {
    title: 'a rebuild that would lose one of two foreign keys of a column is refused',
    before: ['create table t (id integer primary key, p int references t (id) references u (id), x text)'],
    work: alter((t) => t.setNullable('x')),
    refused: /the column "p" would lose .*\bt\b/,
  },
  {
    title: 'a rebuild that would rename a column with a quote in its name is refused',
    before: ['create table t (id integer primary key, "a""b" int, x text)'],
    work: alter((t) => t.setNullable('x')),
    refused: /the column "a"b" would be lost/,
  },
  {
    title: 'a rebuild that would leave an old enum beside the new one is refused',
    before: ["create table t (id integer primary key, x text check (x in ('a','b')))"],
    work: alter((t) => t.enu('x', ['a', 'c']).alter()),
    refused: /the column "x" would keep its old CHECK beside the new one/,
  },
  {
    title: 'a foreign key at its column, which Knex would not find, is not dropped without a word',
    before: ['create table t (id integer primary key, p int references t (id))'],
    work: alter((t) => t.dropForeign(['p'])),
    refused: /the foreign key would stay/,
  },
  {
    title: 'a foreign key of another name is not passed over without a word',
    before: ['create table t (id integer primary key, p int, constraint fk foreign key (p) references t (id))'],
    work: alter((t) => t.dropForeign(['p'], 'other')),
    refused: /the foreign key would stay/,
  },
  {
    title: 'a primary key at its column, which Knex would not find, is not kept without a word',
    before: ['create table t (id integer primary key, a int)'],
    work: alter((t) => t.dropPrimary()),
    refused: /the primary key would stay/,
  },
  {
    title: 'a column that is not there is not dropped without a word',
    before: ['create table t (id integer primary key, a int)'],
    work: alter((t) => t.dropColumn('aa')),
    refused: /it has no column "aa"/,
  },
  {
    title: 'a column that is not there is not altered without a word',
    before: ['create table t (id integer primary key, a int)'],
    work: alter((t) => t.string('aa').alter()),
    refused: /it has no column "aa"/,
  },
  {
    title: 'what is asked for is done: type, default, nullability, keys',
    before: [
      'create table t (id int not null, p int not null, a varchar(5) not null default (1 + 2) collate nocase, constraint fk foreign key (p) references t (id))',
    ],
    work: async (knex) => {
      await knex.schema.alterTable('t', (t: Table) => void t.string('a', 20).defaultTo('z').alter())
      await knex.schema.alterTable('t', (t: Table) => void t.setNullable('p'))
      await knex.schema.alterTable('t', (t: Table) => void t.dropForeign(['p'], 'fk'))
      await knex.schema.alterTable('t', (t: Table) => void t.primary(['id'], { constraintName: 'pk' } as never))
      await knex.schema.alterTable('t', (t: Table) => void t.foreign('p', 'fk2').references('t.id'))
      await knex.schema.alterTable('t', (t: Table) => void t.dropNullable('a'))
    },
    read: definitions,
    gives: [
      'CREATE TABLE "t" (`id` int NOT NULL, `p` int, `a` varchar(20) NOT NULL DEFAULT \'z\' COLLATE nocase, ' +
        'CONSTRAINT `pk` PRIMARY KEY (`id`), CONSTRAINT `fk2` FOREIGN KEY (`p`) REFERENCES `t` (`id`))',
    ],
  },
]
