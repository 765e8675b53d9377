import { expect, test } from 'vitest'
import { mayMakeBackslashesPlain } from '../../../src/sql/mysql-modes.ts'

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
