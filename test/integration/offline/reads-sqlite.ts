import type { ReadCase, ReadCases } from './reads-cases.ts'

const read = (ask: ReadCase['ask'], ...change: string[]): ReadCase => ({ ask, change })
const moreNick = 'alter table users add column nick text'
const noView = 'drop view adults'

/** What is asked of SQLite. */
export const SQLITE_READS: ReadCases = {
  schema: [
    `create table users (id integer primary key autoincrement, name varchar(40) not null default 'x''y', email text unique, age int)`,
    'create index users_name on users (name) where age > 3',
    `create table posts (id integer primary key, user_id int references users on delete cascade,
       title text check (title <> ''))`,
    'create view adults as select id, name from users where age > 17',
    `create trigger touch after update on users begin select 'a;b'; end`,
  ],
  before: ['create table noise (a, b)', 'create table more (a)', 'drop table noise'],
  after: [
    'drop table more',
    `insert into users (name, age) values ('a', 1), ('b', 2), ('c', 3)`,
    'insert into posts (user_id) select id from users',
  ],
  cases: [
    read((knex) => knex.schema.hasTable('users'), 'drop table users'),
    read((knex) => knex.schema.hasTable('absent'), 'create table absent (id)'),
    read(
      (knex) => knex.schema.hasColumn('users', 'AGE'),
      'drop index users_name',
      noView,
      'alter table users drop column age',
    ),
    read((knex) => knex.schema.hasColumn('users', 'nick'), moreNick),
    read((knex) => knex.schema.hasColumn('absent', 'nick'), 'create table absent (nick)'),
    read((knex) => knex('users').columnInfo(), moreNick),
    read(
      (knex) => knex('users').columnInfo('name'),
      'drop view adults',
      'drop table users',
      'create table users (name varchar(41))',
    ),
    read((knex) => knex('absent').columnInfo(), 'create table absent (id)'),
    read((knex) => knex('sqlite_master').where({ type: 'table' }).pluck('name'), 'create table more (id)'),
    read((knex) => knex('sqlite_master').where({ name: 'users' }).first(), moreNick),
    read((knex) => knex('sqlite_master').count({ n: '*' }), 'create table more (id)'),
    read(
      (knex) => knex.select(knex.raw('exists(select 1 from sqlite_master where name = ?) as e', ['adults'])),
      noView,
    ),
    read('PRAGMA table_info(`users`)', moreNick),
    read('pragma table_info("absent")', 'create table absent (id)'),
    read(`PRAGMA main.table_xinfo('posts');`, 'alter table posts add column twice int as (id * 2)'),
    read('PRAGMA table_list', 'create table more (id)'),
    read('PRAGMA table_list(users)', moreNick),
    read('PRAGMA index_list(users)', 'create index more on users (age)'),
    read('PRAGMA index_info(users_name)', 'drop index users_name', 'create index users_name on users (age)'),
    read(
      'PRAGMA index_xinfo(users_name)',
      'drop index users_name',
      'create index users_name on users (name desc) where age > 3',
    ),
    read(
      'PRAGMA foreign_key_list([posts])',
      'drop table posts',
      'create table posts (id integer primary key, user_id int references users)',
    ),
    read('pragma index_list(absent)', 'create table absent (id unique)'),
    read(`select * from sqlite_master where type = 'index'`, 'drop index users_name'),
    read(`select name, sql from sqlite_schema order by name`, moreNick),
    read(`select sql from main.sqlite_master where name = 'touch' -- the trigger`, 'drop trigger touch'),
    read(
      `SELECT type, sql FROM sqlite_master WHERE (type='table' OR (type='index' AND sql IS NOT NULL)) AND lower(tbl_name)='users'`,
      moreNick,
    ),
    read(`select count(*) as n from pragma_table_info('users')`, moreNick),
    read(
      `select * from pragma_table_info('users') where "notnull" = 1`,
      `alter table users add column b text not null default 'c'`,
    ),
    read(`select * from pragma_table_info('absent')`, 'create table absent (id)'),
    read(`select m.name, p.name from sqlite_master m, pragma_table_info(m.name) p where m.type = 'table'`, moreNick),
    read(
      `select m.name as t, p.* from sqlite_master as m join pragma_table_info(m.name) as p where m.type = 'table'`,
      moreNick,
    ),
    read(
      `select * from sqlite_master m join pragma_index_list(m.name) where m.name = 'users'`,
      'create index more on users (age)',
    ),
    read(
      `with t as (select name from sqlite_master where type = 'table') select * from t order by 1 desc`,
      'create table more (id)',
    ),
    read(`select name from sqlite_master where type = 'view' union select 'none'`, noView),
    read(`select exists (select 1 from sqlite_master where type = 'view') as e`, noView),
    read(
      `select group_concat(name, '; ') as names from (select name from pragma_table_info('posts') order by cid)`,
      'alter table posts add column b',
    ),
    read(
      `select instr(sql, 'autoincrement') > 0 as counts from sqlite_master where name = 'users'`,
      noView,
      'drop table users',
      'create table users (id int)',
    ),
    read(
      `select case when count(*) = 2 then 'both' else 'not' end as c from sqlite_master where name in ('users', 'posts') and type = 'table'`,
      'drop table posts',
    ),
    read(`select "from", "to", "table" from pragma_foreign_key_list('posts')`, 'drop table posts'),
    read(
      `select on_delete from pragma_foreign_key_list('posts')`,
      'drop table posts',
      'create table posts (id, user_id int references users)',
    ),
    read(`select name from sqlite_master where name = 'no;semicolon'`, 'create table "no;semicolon" (id)'),
    read(`select coalesce(max(cid), -1) as last from pragma_table_info('users')`, moreNick),
    read(`select distinct tbl_name from sqlite_master where type <> 'view' order by 1 limit 1`, 'drop table posts'),
    read(
      `select name from pragma_table_info('posts') order by cid`,
      'drop table posts',
      'create table posts (title, id, user_id)',
    ),
    read(`values ((select count(*) from sqlite_master))`, noView),
  ],
}
