import { expect, it } from 'vitest'
import { rowsChanged } from '../../../../src/database/handle/rows-changed.ts'

it.each<[string, string, unknown, number]>([
  ['an INSERT of PostgreSQL', 'insert into t values (1)', { command: 'INSERT', rowCount: 3, rows: [] }, 3],
  ['a SELECT of PostgreSQL', 'select * from t', { command: 'SELECT', rowCount: 3, rows: [1, 2, 3] }, 0],
  ['a WITH that asks', 'with u as (select 1) select * from u for update', { command: 'SELECT', rowCount: 2 }, 0],
  ['a WITH that changes', 'WITH u AS (SELECT 1)\nDELETE FROM t', { command: 'DELETE', rowCount: 2 }, 2],
  ['an UPDATE of MySQL', 'update t set a = 1', [{ affectedRows: 4 }, undefined], 4],
  ['a DELETE of better-sqlite3', 'delete from t', { changes: 5, lastInsertRowid: 0 }, 5],
  ['an INSERT ... RETURNING of better-sqlite3', 'insert into t values (1) returning id', [{ id: 1 }, { id: 2 }], 2],
  [
    'a statement below comments',
    '-- one\n/* two */ # three\nreplace into t values (1)',
    [{ affectedRows: 1 }, undefined],
    1,
  ],
  ['a CREATE TABLE', 'create table t (id int)', { changes: 7 }, 0],
  ['an answer that does not say', 'insert into t values (1)', undefined, 0],
])('counts the rows of %s', (_name, sql, response, changed) => {
  expect(rowsChanged({ sql, response })).toBe(changed)
})
