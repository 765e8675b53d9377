import { describe, expect, it } from 'vitest'
import {
  endsTransaction,
  isDefinition,
  isWritingStatement,
  mayEndTransaction,
} from '../../../../src/database/handle/statement-kind.ts'
import type { SqlFamily } from '../../../../src/sql/sql-family.ts'

const FAMILIES: readonly (SqlFamily | undefined)[] = ['postgresql', 'mysql', 'sqlite', undefined]

describe('raw text', () => {
  it.each([
    'insert into t values (1)',
    '  -- why\n/* and how */ UPDATE t SET a = 1',
    'create index concurrently i on t (a)',
    'with x as (select 1) insert into t select * from x',
    'do $$ begin end $$',
    'call p()',
    'SET search_path = a',
  ])('is a statement: %s', (sql) => {
    for (const family of FAMILIES) expect(isWritingStatement(sql, family)).toBe(true)
  })

  it.each([
    'now()',
    'CURRENT_TIMESTAMP',
    'DEFAULT',
    "replace(name, 'a', 'b')",
    'truncate(x, 2)',
    'select 1',
    'with x as (select 1) select * from x',
    'count(*) as n',
    'comment',
    '',
  ])('is no statement with an effect: %s', (sql) => {
    for (const family of FAMILIES) expect(isWritingStatement(sql, family)).toBe(false)
  })

  it('with several statements has an effect when one of them has', () => {
    expect(isWritingStatement('select 1; delete from t', 'postgresql')).toBe(true)
    expect(isWritingStatement("select '; delete from t'; select 2", 'postgresql')).toBe(false)
    expect(isWritingStatement("with x as (select ' insert into ') select 1;", 'postgresql')).toBe(false)
  })

  it('ends the transaction', () => {
    for (const family of FAMILIES) {
      for (const sql of ['commit', 'COMMIT;', '/* x */ rollback', 'end', 'abort', 'begin', 'start transaction'])
        expect(endsTransaction(sql, family)).toBe(true)
      for (const sql of ['rollback to savepoint a', 'ROLLBACK WORK TO a', 'savepoint a', 'release a', 'select 1'])
        expect(endsTransaction(sql, family)).toBe(false)
    }
    expect(endsTransaction("prepare transaction 'x'", 'postgresql')).toBe(true)
  })

  it.each<[SqlFamily, string, boolean]>([
    ['postgresql', '/* a /* nested */ comment */ commit', true],
    ['mysql', '# a comment\ncommit', true],
    ['mysql', '/*!50000 commit */', true],
    ['mysql', '/* commit */ select 1', false],
    ['mysql', 'begin not atomic select 1; end', false],
  ])('of %s is read as the server reads it: %s', (family, sql, ends) => {
    expect(endsTransaction(sql, family)).toBe(ends)
  })

  it.each([
    'insert into t values (1); COMMIT',
    'select 1; commit; begin',
    'select 1; end; start transaction',
    'select 1; /* now */ rollback; select 2',
    "select 1; prepare transaction 'x'",
    '; commit',
    "select 'open; commit",
  ])('may end it further on: %s', (sql) => {
    expect(mayEndTransaction(sql, 'postgresql')).toBe(true)
    expect(mayEndTransaction(sql, undefined)).toBe(true)
  })

  it.each([
    'select 1; select 2',
    "insert into t values ('; commit'); select 2",
    'select 1; -- ; commit\nselect 2',
    'select 1; select a as commit, "; end" from t',
    'do $$ begin perform 1; end $$; select 1',
    'create function f() returns int begin atomic select 1; select 2; end; select 3',
    'select 1; rollback to savepoint a',
  ])('ends nothing further on: %s', (sql) => {
    expect(mayEndTransaction(sql, 'postgresql')).toBe(false)
  })

  it('changes the schema when one of its statements does', () => {
    expect(isDefinition('# why\ncreate table t (a int)', 'mysql')).toBe(true)
    expect(isDefinition('insert into t values (1); drop table t', 'mysql')).toBe(true)
    expect(isDefinition("insert into t values ('; drop table t')", 'mysql')).toBe(false)
  })

  it('of megabytes is judged by its first words', () => {
    const rows = `insert into t values ${"(1, '; commit'), ".repeat(200_000)}(2, '')`
    expect(mayEndTransaction(rows, 'postgresql')).toBe(false)
    expect(isWritingStatement(rows, 'postgresql')).toBe(true)
  })
})
