import { expect, test } from 'vitest'
import { fingerprintOf } from '../../../../src/offline/reads/fingerprint.ts'
import type { SqlFamily } from '../../../../src/sql/sql-family.ts'

const fingerprint = (sql: string, family: SqlFamily, response: unknown): string | undefined =>
  fingerprintOf({ sql, sees: 'rows' }, family, response)

const pg = (...names: string[]) => ({ rows: [], fields: names.map((name) => ({ name, dataTypeID: 25 })) })
const my = (...names: string[]) => [[], names.map((name) => ({ name }))]

test('is one line without comments and without a semicolon at the end', () => {
  const sql = `select relname -- the name; of it\n  from pg_class /* all */ ;\n`
  expect(fingerprint(sql, 'postgresql', pg('relname'))).toContain('(select relname from pg_class)')
})

test('leaves psql no variable to put in', () => {
  const expression = fingerprint('select conkey[1:attnum] from pg_constraint', 'postgresql', pg('conkey'))
  expect(expression).toContain('conkey[1: attnum]')
})

test('leaves spaces in quotes as they are', () => {
  const sql = `select relname from pg_class where relname = 'a  --  b;'`
  expect(fingerprint(sql, 'postgresql', pg('relname'))).toContain(`'a  --  b;'`)
})

test.each<[string, SqlFamily, unknown]>([
  ['show create table users', 'mysql', my('Table', 'Create Table')],
  [`select relname as "a\nb" from pg_class`, 'postgresql', pg('a\nb')],
  [`select relname from pg_class where relname = E'a'\n'b'`, 'postgresql', pg('relname')],
  [`select relname from pg_class where relname = E'a\\\nb'`, 'postgresql', pg('relname')],
  [`select relname from pg_class where relname = U&'a\nb'`, 'postgresql', pg('relname')],
  [`show tables like 'a\nb'`, 'mysql', my('Tables_in_d')],
  ['select relname from pg_class where relname = $$a$$', 'postgresql', pg('relname')],
  ['select relname from pg_class', 'postgresql', pg()],
  ['select * from (select name from sqlite_master) a, (select name from sqlite_master) b', 'sqlite', [{ name: 'a' }]],
  ['select * from sqlite_master a natural join sqlite_master b', 'sqlite', [{ name: 'a' }]],
  ['select * from users', 'postgresql', pg('id')],
])('cannot be had of: %s', (sql, family, response) => {
  expect(fingerprint(sql, family, response)).toBeUndefined()
})

test.each<[string, SqlFamily, unknown, string]>([
  [
    `select relname from pg_class where relname = 'a\n\\''$rev$'`,
    'postgresql',
    pg('relname'),
    `E'a\\u000a\\\\''\\u0024rev$'`,
  ],
  [
    `select relname from pg_class where relname = E'a\n\\\\\u2028'`,
    'postgresql',
    pg('relname'),
    `E'a\\u000a\\\\\\u2028'`,
  ],
  [
    `select table_name from information_schema.tables where table_name = 'a\nb'`,
    'mysql',
    my('table_name'),
    `X'610a62'`,
  ],
  [`select name from sqlite_master where name = '\na''b'`, 'sqlite', [{ name: 'a' }], `(char(10) || 'a''b')`],
])('writes texts on one line: %j', (sql, family, response, text) => {
  const expression = fingerprint(sql, family, response)
  expect(expression).toContain(text)
  expect(expression).not.toMatch(/[\n\u2028]|\$rev\$/)
})

test('refers to columns by place where two have one name', () => {
  expect(fingerprint('select 1, 2', 'postgresql', pg('?column?', '?column?'))).toContain('WITH rev_q (c1, c2) AS')
  expect(fingerprint('select 1 as a, 2 as a', 'mysql', my('a', 'a'))).toContain('WITH rev_q (c1, c2) AS')
  expect(fingerprint('select 1 as a, 2 as a', 'sqlite', [{ a: 2 }])).toContain('WITH rev_q (c1, c2) AS')
})

test('leaves out what a star brings along and differs, but not what the query names', () => {
  const response = pg('tablename', 'tableowner')
  expect(fingerprint('select * from pg_tables', 'postgresql', response)).not.toContain('tableowner')
  expect(fingerprint('select * from pg_tables order by tableowner', 'postgresql', response)).not.toContain(
    '."tableowner"',
  )
  expect(fingerprint(`select * from pg_tables where tableowner = 'a'`, 'postgresql', response)).toContain(
    '."tableowner"',
  )
  expect(fingerprint('select tablename, tableowner from pg_tables', 'postgresql', response)).toContain('."tableowner"')
})
