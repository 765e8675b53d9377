import { expect, test } from 'vitest'
import type { SchemaRead } from '../../../../src/offline/reads/schema-read.ts'
import { subjectOf } from '../../../../src/offline/reads/subject.ts'

const PG = 'select * from information_schema'

test.each<[SchemaRead, string]>([
  [
    { sql: `${PG}.tables where table_name = 'users' and table_schema = current_schema()`, sees: 'existence' },
    'hasTable "users"',
  ],
  [
    { sql: `${PG}.tables where table_name = 'users' and table_schema = 'other'`, sees: 'existence' },
    'hasTable "other"."users"',
  ],
  [
    {
      sql: `${PG}.columns where table_name = 'users' and column_name = 'age' and table_schema = current_schema()`,
      sees: 'existence',
    },
    'hasColumn "users"."age"',
  ],
  [
    { sql: `select * from sqlite_master where type = 'table' and name = 'users'`, sees: 'existence' },
    'hasTable "users"',
  ],
  [
    { sql: 'show columns from `users`', sees: 'existence', column: 'age' },
    'hasColumn "age": show columns from `users`',
  ],
  [{ sql: 'PRAGMA table_info(`us``ers`)', sees: 'columns' }, 'columnInfo "us`ers"'],
  [
    {
      sql: `${PG}.columns where table_name = 'users' and table_catalog = current_database() and table_schema = current_schema()`,
      sees: 'columns',
    },
    'columnInfo "users"',
  ],
  [
    { sql: `${PG}.columns where table_name = 'users' and table_schema = 'other'`, sees: 'columns' },
    'columnInfo "other"."users"',
  ],
  [{ sql: 'show create table `users`', sees: 'columns' }, 'columnInfo: show create table `users`'],
  [
    { sql: `${PG}.tables where table_name = 'o''brien' and table_schema = current_schema()`, sees: 'existence' },
    `hasTable "o'brien"`,
  ],
  [
    { sql: `${PG}.tables where table_name =  E'a\\\\b' and table_schema = current_schema()`, sees: 'existence' },
    'hasTable "a\\b"',
  ],
  [
    { sql: `${PG}.tables where table_name = _utf8mb4 X'615c620a63' and table_schema = database()`, sees: 'existence' },
    'hasTable "a\\b c"',
  ],
  [{ sql: 'select 1\n\tfrom  pg_class\u2028', sees: 'rows' }, 'select 1 from pg_class'],
])('is a few words on one line', (read, subject) => {
  expect(subjectOf(read)).toBe(subject)
})

test('is cut where it is long, between characters', () => {
  const subject = subjectOf({ sql: `select '${'😀'.repeat(200)}'`, sees: 'rows' })
  expect([...subject]).toHaveLength(80)
  expect(subject).toMatch(/^select '😀+\.\.\.$/u)
})
