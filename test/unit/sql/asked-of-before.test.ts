import { expect, test } from 'vitest'
import { askedOfBefore } from '../../../src/sql/asked-of-before.ts'

test.each([
  ['mysql', 'select row_count() as n', 'row_count'],
  ['mysql', 'insert into t (n) select ROW_COUNT ( )', 'row_count'],
  ['mysql', 'select found_rows()', 'found_rows'],
  ['mysql', "insert into a values ('x', row_count())", 'row_count'],
  ['mysql', "select 'n' row_count, row_count()", 'row_count'],
  ['mysql', 'begin not atomic if row_count() = 0 then insert into a values (9); end if; end', 'row_count'],
  ['mysql', 'insert into t values (1); select /* how many */ row_count()', 'row_count'],
  ['mysql', 'create table t as select row_count() as n', 'row_count'],
  ['mysql', '/*!50000 select row_count() */', 'row_count'],
  ['sqlite', 'insert into c select last_insert_rowid(), 1', 'last_insert_rowid'],
  ['sqlite', 'select total_changes(), changes()', 'changes'],
] as const)('%s: %s asks %s()', (family, sql, name) => {
  expect(askedOfBefore(sql, family)).toBe(name)
})

test.each([
  ['mysql', 'select last_insert_id()'],
  ['mysql', "insert into t values ('row_count()')"],
  ['mysql', 'insert into t values (1) -- row_count()'],
  ['mysql', 'select `row_count` (1)'],
  ['mysql', 'select shop.row_count()'],
  ['mysql', 'select row_count from t'],
  ['mysql', 'create table row_count (id int)'],
  ['mysql', 'insert into row_count (id) values (1)'],
  ['sqlite', 'insert into changes (id) values (1)'],
  ['sqlite', 'create table changes(id integer primary key)'],
  ['sqlite', 'create index changes_id on changes (id)'],
  ['mysql', 'create trigger a after insert on t for each row set @n = row_count()'],
  ['mysql', 'create or replace procedure p() begin select row_count(); end'],
  ['sqlite', 'create trigger a after insert on t begin insert into c values (last_insert_rowid()); end'],
  ['sqlite', 'create temp view v as select changes()'],
  ['sqlite', 'select row_count()'],
  ['postgresql', 'select row_count(), changes(), lastval()'],
] as const)('%s: %s asks nothing', (family, sql) => {
  expect(askedOfBefore(sql, family)).toBeUndefined()
})
