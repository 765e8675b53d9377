import { describe, expect, test } from 'vitest'
import { reachesOutside } from '../../../../src/offline/shadow/stay-inside.ts'

const surroundings = {
  own: 'rev_shadow_1',
  databases: new Set(['postgres', 'shop', 'mysql', 'information_schema', 'rev_shadow_1']),
  shared: new Set(['postgres', 'app', 'pg_default']),
  textRunners: new Set<string>(),
}

describe('on a server of MySQL', () => {
  const see = (sql: string) => reachesOutside(sql, 'mysql', surroundings)

  test.each([
    ['use shop', 'shop'],
    ['USE `elsewhere`', 'elsewhere'],
    ['alter table shop.users add x int', 'shop'],
    ['drop table `users`, `Shop` . `users`', 'shop'],
    ['insert into t select * from shop.users', 'shop'],
    ['/* why */ delete from\n  shop.users', 'shop'],
    ['/*!50001 delete from shop.users */', 'shop'],
    ['create trigger t after insert on jobs for each row begin delete from shop.users; end', 'shop'],
    ['begin not atomic delete from shop.users; end', 'shop'],
    ['drop database shop', 'shop'],
    ['drop schema if exists `shop`', 'shop'],
    ['create database reporting', 'reporting'],
    ["update mysql.user set host = '%'", 'mysql'],
  ])('sees another database: %s', (sql, name) => {
    expect(see(sql)).toBe(`the database "${name}"`)
  })

  test.each([
    'set global sql_mode = ""',
    'set @@global.sql_mode = ""',
    'SET PERSIST max_connections = 1',
    'drop user app',
    "alter user 'app'@'%' identified by 'x'",
    'rename user a to b',
    'flush tables with read lock',
    'lock instance for backup',
    'backup stage start',
    'purge binary logs to "x"',
    'kill 7',
  ])('sees the whole server: %s', (sql) => {
    expect(see(sql)).toMatch(/of the whole server$/)
  })

  test.each([
    "execute immediate 'drop table other.t'",
    "execute immediate concat('drop table oth', 'er.t')",
    'prepare x from @q',
    'execute x',
    'create procedure p() begin prepare x from @q; execute x; end',
    "begin not atomic execute immediate 'set global default_week_format = 3'; end",
  ])('sees what cannot be told before it runs: %s', (sql) => {
    expect(see(sql)).toContain('put together at run time')
  })

  test('sees the files of the server', () => {
    expect(see("select * from t into outfile '/tmp/x'")).toBe('the files of the server')
  })

  test.each([
    'use rev_shadow_1',
    'select * from shop.users',
    'alter table users add shop int',
    'update users u set u.shop = 1',
    "insert into t values ('shop.users')",
    '-- shop.users\ninsert into t values (1)',
    'insert into t select 1 from information_schema.tables',
    'alter database character set utf8mb4',
    'alter table rev_shadow_1.users add x int',
    'create table users (id int)',
    'set session sql_mode = ""',
    'begin',
    '',
  ])('sees nothing in: %s', (sql) => {
    expect(see(sql)).toBeUndefined()
  })
})

describe('on a server of PostgreSQL', () => {
  const see = (sql: string) => reachesOutside(sql, 'postgresql', surroundings)

  test.each([
    ['alter database shop set timezone to utc', 'the database "shop"'],
    ['drop database if exists "shop"', 'the database "shop"'],
    ['create database other', 'the database "other"'],
    ['alter role app set search_path to x', 'the role "app"'],
    ['alter role all set search_path to x', 'the role "all"'],
    ['alter user CURRENT_USER password null', 'the user "current_user"'],
    ['drop role if exists other, app', 'the role "app"'],
    ['drop tablespace pg_default', 'the tablespace "pg_default"'],
    ["alter system set work_mem = '1GB'", 'the settings of the whole server'],
    ['revoke connect on database shop from public', 'the database "shop"'],
    ['grant connect, temporary on database rev_shadow_1, "shop" to made_here', 'the database "shop"'],
    ['grant create on tablespace pg_default to made_here', 'the tablespace "pg_default"'],
    ['grant set on parameter work_mem to made_here', 'the settings of the whole server'],
    ['grant made_here to other, app with admin option', 'the role "app"'],
    ['grant made_here to current_user', 'the role "current_user"'],
    ['revoke admin option for made_here from app', 'the role "app"'],
    ["comment on database shop is 'x'", 'the database "shop"'],
    ["comment on role app is 'x'", 'the role "app"'],
    ["security label for x on role app is 'x'", 'the role "app"'],
    ['reassign owned by app to made_here', 'the role "app"'],
    ['drop owned by made_here, app', 'the role "app"'],
    ["create subscription s connection 'x' publication p", 'the publications of another server'],
    ["prepare transaction 'x'", 'the transactions that the server keeps'],
    ["select pg_create_physical_replication_slot('x')", 'the replication of the whole server'],
    ['select pg_catalog.pg_reload_conf()', 'the running of the whole server'],
    ['select pg_terminate_backend(7)', 'the sessions of others'],
    ["select lo_export(1, '/tmp/x')", 'the files of the server'],
    ["copy (select 1) to '/tmp/x'", 'the files of the server'],
    ["copy t from program 'cat'", 'programs on the server'],
    ["select dblink_exec('dbname=shop', 'drop table t')", 'another database, by a connection of its own'],
    ['update pg_catalog.pg_database set datallowconn = false', 'the catalogue pg_database of the whole server'],
    ['create table t (id int); alter role app login', 'the role "app"'],
  ])('sees what is shared: %s', (sql, what) => {
    expect(see(sql)).toBe(what)
  })

  test.each([
    'alter table shop.users add x int',
    'create role app',
    'alter role made_here set search_path to x',
    'drop role made_here',
    'alter database rev_shadow_1 set timezone to utc',
    'create schema shop',
    'drop schema shop cascade',
    'comment on column t.x is $$drop database shop$$',
    'alter default privileges in schema x grant select on tables to app',
    'grant select on shop.users to app',
    'grant usage on schema shop to app, public',
    'revoke all on all tables in schema public from public',
    'grant connect on database rev_shadow_1 to app',
    'grant app to made_here',
    "comment on table shop is 'grant app to app'",
    'drop owned by made_here',
    'create user mapping for app server s',
    'alter user mapping for app server s options (set x $$y$$)',
    'copy t to stdout',
    'copy (select x from program) to stdout',
    'select * from pg_database for update',
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()',
    'alter table users drop role, drop app',
    "insert into t values ('alter role app login')",
  ])('sees nothing in: %s', (sql) => {
    expect(see(sql)).toBeUndefined()
  })

  test.each([
    ['do $$ begin alter role app login; end $$', 'the role "app"'],
    [
      "do $$ begin if exists (select from pg_roles where rolname = 'app') then execute 'alter role app login'; end if; end $$",
      'the role "app"',
    ],
    ["do 'begin execute ''comment on database shop is null''; end'", 'the database "shop"'],
    ['do $$ begin execute $q$ revoke connect on database shop from public $q$; end $$', 'the database "shop"'],
    ["do $$ begin execute format('alter role %I login', 'app'); end $$", 'a role that is named at run time'],
    ["do $$ begin execute 'drop role ' || quote_ident('app'); end $$", 'a role that is named at run time'],
    [
      "do $$ begin execute format('revoke all on database %I from x', 'shop'); end $$",
      'a database that is named at run time',
    ],
    ["do $$ begin perform pg_drop_replication_slot('x'); end $$", 'the replication of the whole server'],
    [
      'create function f() returns void language plpgsql as $$ <<here>> begin alter role app nologin; end $$; select f()',
      'the role "app"',
    ],
    ['create or replace procedure p() language sql as $$ select 1; drop role app $$', 'the role "app"'],
  ])('sees it within a routine: %s', (sql, what) => {
    expect(see(sql)).toBe(what)
  })

  test.each([
    "do $$ begin if not exists (select from pg_roles where rolname = 'app') then create role app; end if; end $$",
    "do $$ begin execute format('grant connect on database %I to app', current_database()); end $$",
    "do $$ begin execute format('grant select on table %I to app', 't'); end $$",
    "do $$ begin raise exception 'drop role app by hand'; end $$",
    "do $$ begin update u set n = 'copy u to program x'; end $$",
    "create function f() returns trigger language plpgsql as $$ begin if new.kind in ('grant', 'comment', 'reassign') then new.x = 1; end if; return new; end $$",
  ])('sees nothing within a routine: %s', (sql) => {
    expect(see(sql)).toBeUndefined()
  })

  test('sees what a call gives to a routine that runs texts, however it was made', () => {
    const around = { ...surroundings, textRunners: new Set<string>() }
    const here = (sql: string) => reachesOutside(sql, 'postgresql', around)
    const call = "do $$ begin perform run('alter role app createdb'); end $$"
    expect(here(call)).toBeUndefined()
    expect(here("insert into t values (run('alter role app createdb'))")).toBeUndefined()

    expect(
      here('create function shop.run(q text) returns void language plpgsql as $$ begin execute q; end $$'),
    ).toBeUndefined()
    expect(here('create or replace procedure "again"(q text) language sql as $f$ select run(q) $f$')).toBeUndefined()

    for (const sql of [
      call,
      "select shop.run('alter role app createdb')",
      "insert into t values (run('alter role app createdb'))",
      "call again('alter role app createdb')",
      "create function f() returns void language sql as $$ select run('alter role app createdb') $$",
    ]) {
      expect(here(sql)).toBe('the role "app"')
    }
    expect(here("select run('alter table t add x int')")).toBeUndefined()
    expect(here("insert into t values ('alter role app login')")).toBeUndefined()
  })
})
