import { expect, test } from 'vitest'
import { commitsByItself } from '../../../src/sql/mysql-commits.ts'

test.each([
  'create table a (b int)',
  'CREATE OR REPLACE TABLE a (b int)',
  'create definer = root@localhost trigger t before insert on a for each row set new.b = 1',
  'create user a',
  'create temporary_things',
  '/* create temporary */ alter table a add c int',
  '-- note\n drop table a',
  '/*!50100 alter table a add c int */',
  '/*M!100100 create table a (b int) */',
  'drop view a',
  'truncate a',
  'rename table a to b',
  'analyze local table a',
  'analyze table a',
  'check table a',
  'optimize table a',
  'repair table a',
  'flush tables',
  'grant select on a to b',
  'revoke select on a from b',
  'lock tables a write',
  'unlock tables',
  "set password = 'x'",
  'set autocommit = 1',
  'set session autocommit = 1',
  'set @@autocommit = 1',
  'start transaction',
  'begin',
  'load index into cache a',
  "install plugin a soname 'b'",
  'import table from "a"',
])('commits by itself: %s', (sql) => {
  expect(commitsByItself(sql)).toBe(true)
})

test.each([
  'create temporary table a (b int)',
  'create or replace temporary table a (b int)',
  'CREATE /* x */ TEMPORARY TABLE a (b int)',
  'drop temporary table a',
  "insert into a values ('alter table a')",
  'update a set alter_me = 1',
  'with x as (select 1) select * from x',
  'analyze update a set b = 1',
  'call p()',
  'set @autocommit = 1',
  "set session sql_mode = ''",
  'begin not atomic do 1; end',
  'savepoint a',
  'replace into a values (1)',
  'reset persist x',
  'checksum table a',
  "load data infile 'a' into table b",
  "'alter table a'",
])('leaves a transaction open: %s', (sql) => {
  expect(commitsByItself(sql)).toBe(false)
})
