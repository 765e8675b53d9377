import { expect, test } from 'vitest'
import { hasBackslashInQuotes, mayLikeBackslashes, mayMakeBackslashesPlain } from '../../../src/sql/mysql-modes.ts'

test.each([
  ['set sql_mode = @mode', true],
  ['set session SQL_MODE = default', true],
  ['set @@session.sql_mode := @@global.sql_mode', true],
  ["set sql_mode = 'ANSI,NO_BACKSLASH_ESCAPES'", true],
  ["set sql_mode = '', session sql_mode = concat(@@sql_mode, ?)", true],
  ["set @s = 'set sql_mode = default'", true],
  ["set sql_mode = ''", false],
  ["SET NAMES utf8, SESSION `sql_mode`='STRICT_TRANS_TABLES, ANSI'", false],
  ['set @@sql_mode := "TRADITIONAL"', false],
  ['select my_sql_modes from t', false],
])('%s: %s', (sql, plain) => {
  expect(mayMakeBackslashesPlain(sql)).toBe(plain)
})

test.each([
  ["insert into t values ('a\\nb')", true],
  ['insert into t values ("C:\\dir", ?)', true],
  ["select 'a' -- it's \\n\n, 'b'", false],
  ["/* 'a\\b' */ select `c\\d`", false],
  ["select 'a''b'", false],
])('a backslash in quotes, %s: %s', (sql, found) => {
  expect(hasBackslashInQuotes(sql)).toBe(found)
})

test.each([
  ["delete from t where a like 'x%' or a LIKE binary \"it's\" and a not like 'y'", false],
  ["show tables like 'rev_%'", false],
  ['create table a like b', false],
  ['create temporary table `a` like `b`', false],
  ["delete from t where a like b escape '!'", false],
  ["select 'i like it'", false],
  ["delete from t where a like 'x\\\\_%'", true],
  ["delete from t where a like 'x%' or a like b", true],
  ["delete from t where a like b and c = 'escape'", true],
  ["delete from t where a like concat('%', 'b')", true],
  ["create view v as select * from t where a like 'x\\\\_'", true],
  ['create function f(p text) returns int return p like p', true],
])('a pattern with a backslash perhaps, %s: %s', (sql, found) => {
  expect(mayLikeBackslashes(sql)).toBe(found)
})
