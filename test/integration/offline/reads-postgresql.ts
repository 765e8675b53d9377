import type { ReadCase, ReadCases } from './reads-cases.ts'

const drop = (table: string): string[] => [`drop table ${table} cascade`]
const read = (ask: ReadCase['ask'], ...change: string[]): ReadCase => ({ ask, change })

/** What is asked of PostgreSQL. */
export const POSTGRESQL_READS: ReadCases = {
  schema: [
    'create schema other',
    `create type mood as enum ('sad', 'ok')`,
    'create domain short as varchar(10) check (length(value) > 1)',
    `create table users (id serial primary key, name varchar(40) not null default 'x', email text unique, age int,
      tags text[], feeling mood, nick short, born date default current_date)`,
    'create index users_name_idx on users (lower(name)) where age > 3',
    `create table posts (id bigint generated always as identity primary key, user_id int not null, title text,
      constraint posts_user foreign key (user_id) references users on delete cascade, constraint posts_title check (title <> ''))`,
    'create table other.notes (id int primary key, body text)',
    'create view adults as select id, name from users where age > 17',
    'create materialized view names as select name from users',
    'create sequence tickets increment by 5',
    `create function add_one(n int) returns int language sql as 'select n + 1'`,
    `create function touch() returns trigger language plpgsql as 'begin return new; end'`,
    'create trigger users_touch before update on users for each row execute function touch()',
    `comment on table users is 'people; all of them'`,
    `comment on column users.age is 'in years'`,
  ],
  before: [
    'create table noise (a int, b text)',
    `create type noisy as enum ('a')`,
    'drop table noise',
    'drop type noisy',
    'create table gone as select * from generate_series(1, 100) n',
    'drop table gone',
  ],
  after: [
    'alter table users add column noise int',
    'alter table users drop column noise',
    `insert into users (name, age) select 'u' || n, n from generate_series(1, 500) n`,
    `insert into posts (user_id, title) select id, 'p' from users`,
    `select nextval('tickets')`,
    'analyze',
  ],
  cases: [
    read((knex) => knex.schema.hasTable('users'), ...drop('users')),
    read((knex) => knex.schema.hasTable('absent'), 'create table absent (id int)'),
    read((knex) => knex.schema.withSchema('other').hasTable('notes'), ...drop('other.notes')),
    read((knex) => knex.schema.hasColumn('users', 'age'), 'alter table users drop column age cascade'),
    read((knex) => knex.schema.hasColumn('users', 'size'), 'alter table users add column size int'),
    read(
      (knex) => knex.schema.withSchema('other').hasColumn('notes', 'body'),
      'alter table other.notes drop column body',
    ),
    read((knex) => knex('users').columnInfo(), `alter table users alter column name set default 'y'`),
    read((knex) => knex('users').columnInfo('name'), 'alter table users alter column name drop not null'),
    read(
      (knex) => knex('notes').withSchema('other').columnInfo(),
      'alter table other.notes alter column body type varchar(9)',
    ),
    read((knex) => knex('absent').columnInfo(), 'create table absent (id int)'),
    read(
      (knex) => knex('information_schema.tables').where({ table_schema: 'public' }).pluck('table_name'),
      'create table more (id int)',
    ),
    read(
      (knex) => knex('information_schema.tables').where({ table_schema: 'public', table_name: 'users' }).first(),
      ...drop('users'),
    ),
    read(
      (knex) =>
        knex.withSchema('pg_catalog').from('pg_indexes').where('tablename', 'users').select('indexname', 'indexdef'),
      'drop index users_name_idx',
    ),
    read(
      (knex) => knex.select(knex.raw('exists(?) as there', [knex('pg_class').where('relname', 'posts').select(1)])),
      ...drop('posts'),
    ),
    read(
      (knex) =>
        knex('pg_constraint as c')
          .join('pg_class as t', 't.oid', 'c.conrelid')
          .where('t.relname', 'posts')
          .select('c.*'),
      'alter table posts drop constraint posts_title',
    ),
    read(`select to_regclass('public.users')`, ...drop('users')),
    read(`select to_regclass('absent') is not null as there;`, 'create table absent (id int)'),
    read(`SELECT to_regtype('mood')::text AS mood`, 'drop type mood cascade'),
    read(
      `SELECT 1 FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typname = 'mood' AND e.enumlabel = 'glad'`,
      `alter type mood add value 'glad'`,
    ),
    read(
      `select enumlabel from pg_enum e, pg_type t where t.oid = e.enumtypid and t.typname = 'mood' order by enumsortorder`,
      `alter type mood rename value 'ok' to 'well'`,
    ),
    read(`select enum.* from pg_catalog.pg_enum as enum`, `alter type mood rename value 'ok' to 'well'`),
    read(
      `select oid, conname from pg_constraint where conrelid = 'users'::regclass`,
      'alter table users add unique (age)',
    ),
    read(
      `select pg_get_constraintdef(c.oid) as definition from pg_constraint c where conname = 'posts_user'`,
      'alter table posts drop constraint posts_user',
      'alter table posts add constraint posts_user foreign key (user_id) references users',
    ),
    read(
      `select a.attname, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull,
         pg_get_expr(d.adbin, d.adrelid) -- the default
       from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
       where a.attrelid = 'users'::regclass and a.attnum > 0 and not a.attisdropped order by a.attname`,
      `alter table users alter column born set default '2000-01-01'`,
    ),
    read(
      `with keys as (select conname, conrelid::regclass as at from pg_constraint where contype = 'f')
       select * from keys union all select 'none', null`,
      'alter table posts drop constraint posts_user',
    ),
    read(
      `select exists (select from information_schema.columns where table_catalog = current_database()
         and table_schema = current_schema and table_name = 'users' and column_name = 'tags')`,
      'alter table users drop column tags',
    ),
    read(
      `select * from information_schema.columns where table_name = 'users'`,
      'alter table users alter age set default 3',
    ),
    read(`select count(*) from information_schema.tables where table_schema in ('public', 'other')`, ...drop('posts')),
    read(
      `select kcu.column_name, kcu.table_name from information_schema.table_constraints tc
       join information_schema.key_column_usage kcu using (constraint_name, table_schema)
       where tc.constraint_type = 'PRIMARY KEY' order by 2, 1`,
      'alter table posts drop constraint posts_pkey',
    ),
    read(
      `select rc.delete_rule from information_schema.referential_constraints rc where rc.constraint_name = 'posts_user'`,
      'alter table posts drop constraint posts_user',
      'alter table posts add constraint posts_user foreign key (user_id) references users',
    ),
    read(`select * from information_schema.views where table_schema = 'public'`, 'drop view adults'),
    read(
      `select view_definition from information_schema.views where table_name = 'adults'`,
      'create or replace view adults as select id, name from users where age > 20',
    ),
    read(`select matviewname, definition from pg_matviews`, 'drop materialized view names'),
    read(`select * from pg_tables where schemaname = 'other'`, 'create table other.more (id int)'),
    read(`select * from pg_indexes where schemaname = 'public'`, 'create index on users (age)'),
    read(
      `select indexrelid::regclass::text, indisunique from pg_index where indrelid = to_regclass('users')`,
      'create index on users (age)',
    ),
    read(
      `select * from information_schema.sequences where sequence_name = 'tickets'`,
      'alter sequence tickets increment by 7',
    ),
    read(
      `select seqincrement from pg_sequence where seqrelid = 'tickets'::regclass`,
      'alter sequence tickets increment by 7',
    ),
    read(
      `select pg_get_serial_sequence('users', 'id')`,
      'alter table users alter id drop default',
      'drop sequence users_id_seq',
    ),
    read(`select nspname from pg_namespace where nspname = 'other'`, 'drop schema other cascade'),
    read(`select schema_name from information_schema.schemata where schema_name = 'more'`, 'create schema more'),
    read(`select proname, prosrc from pg_proc where proname = 'add_one'`, 'drop function add_one'),
    read(
      `select pg_get_functiondef(oid) from pg_proc where proname = 'add_one'`,
      `create or replace function add_one(n int) returns int language sql as 'select n + 2'`,
    ),
    read(
      `select routine_name from information_schema.routines where routine_schema = 'public'`,
      'drop function add_one',
    ),
    read(
      `select tgname, tgenabled from pg_trigger where not tgisinternal`,
      'alter table users disable trigger users_touch',
    ),
    read(`select * from information_schema.triggers`, 'drop trigger users_touch on users'),
    read(`select obj_description('users'::regclass, 'pg_class') as comment`, `comment on table users is 'nobody'`),
    read(
      `select col_description(attrelid, attnum) from pg_attribute where attrelid = 'users'::regclass and attname = 'age'`,
      'comment on column users.age is null',
    ),
    read(`select domain_name, character_maximum_length from information_schema.domains`, 'drop domain short cascade'),
    read(`select extname from pg_extension`, 'drop extension plpgsql cascade'),
    read(
      `select string_agg(relname, ', ' order by relname) from pg_class where relkind = 'r' and relname like '%s' escape '\\'`,
      ...drop('posts'),
    ),
    read(
      `select a.attname, k.place from pg_constraint c cross join lateral unnest(c.conkey) with ordinality as k(num, place)
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num where c.conname = 'users_email_key'`,
      'alter table users drop constraint users_email_key',
    ),
    read(`select 'a' as x, 'b' as x, relname as x from pg_class where relname = 'posts'`, ...drop('posts')),
    read(
      `select $$posts$$ = any(array(select relname::text from pg_class)) as there`.replaceAll('$$', "'"),
      ...drop('posts'),
    ),
    read(
      `select table_name from information_schema.tables where table_name ~ '^(users|posts)$' order by 1 limit 1`,
      ...drop('posts'),
    ),
    read(
      `select relname from pg_class where relname = 'no;semicolon -- here'`,
      'create table "no;semicolon -- here" (id int)',
    ),
    read(
      `select column_name from information_schema.columns where table_name = 'posts' order by coalesce(column_default, 'b') || column_name`,
      `alter table posts alter title set default 'a'`,
    ),
    read(
      `select * from information_schema.table_constraints where table_name = 'posts'`,
      'alter table posts alter user_id drop not null',
    ),
    read(
      `select count(*) filter (where relkind = 'v') as views, max(relname) over (partition by relkind) as last from pg_class
       where relname = any ('{users,posts,adults}') and relnamespace <> all (array['other'::regnamespace])
       group by (relname), relkind order by (relname)`,
      ...drop('posts'),
    ),
    read(`select tgname from pg_trigger`, 'alter table posts drop constraint posts_user'),
    read(`values ((select count(*) from pg_enum))`, 'drop type mood cascade'),
    read(
      `select column_name, is_identity, (column_default is not null) from information_schema.columns where table_name = 'posts' order by column_name desc`,
      'alter table posts alter id drop identity',
    ),
  ],
}
