import { expect, test } from 'vitest'
import { getsPastReadOnly } from '../../../../src/offline/dialects/mysql/past-read-only.ts'

test.each([
  'set global event_scheduler = on',
  'SET @@GLOBAL.event_scheduler = 1',
  'set sql_log_bin = 0, @@persist.max_connections = 3',
  'set persist_only max_connections = 3',
  '/*!50000 set global event_scheduler = on */',
  "set statement max_statement_time = 1 for set global event_scheduler = 'on'",
  "select * from a into outfile '/tmp/a'",
  "(select 1 into dumpfile '/tmp/a')",
  'flush tables with read lock',
  '-- note\nkill 7',
  'shutdown',
])('a read-only session carries out %s', (sql) => {
  expect(getsPastReadOnly(sql)).toBe(true)
})

test.each([
  'update a set global = 1',
  "set @said = 'global'",
  'set @said = 1 /* global */',
  "select 'into outfile' from a",
  'select outfile from a into @found',
  'create procedure p() begin flush tables; end',
  "insert into a values ('kill')",
  'alter table a change b c int',
])('is not asked about %s', (sql) => {
  expect(getsPastReadOnly(sql)).toBe(false)
})
