import { describe, expect, test } from 'vitest'
import { reachesOutside } from '../../../../src/offline/shadow/stay-inside.ts'

const surroundings = {
  own: 'rev_shadow_1',
  databases: new Set(['postgres', 'shop', 'mysql', 'information_schema', 'rev_shadow_1']),
  shared: new Set(['postgres', 'app', 'pg_default']),
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
  ])('sees nothing in: %s', (sql) => {
    expect(see(sql)).toBeUndefined()
  })
})
