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
  [{ sql: 'PRAGMA table_info(`users`)', sees: 'columns' }, 'columnInfo: PRAGMA table_info(`users`)'],
  [{ sql: 'select 1\n\tfrom  pg_class\u2028', sees: 'rows' }, 'select 1 from pg_class'],
])('is a few words on one line', (read, subject) => {
  expect(subjectOf(read)).toBe(subject)
})

test('is cut where it is long, between characters', () => {
  const subject = subjectOf({ sql: `select '${'😀'.repeat(200)}'`, sees: 'rows' })
  expect([...subject]).toHaveLength(80)
  expect(subject).toMatch(/^select '😀+\.\.\.$/u)
})
