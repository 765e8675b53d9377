import { describe, expect, it } from 'vitest'
import {
  endsTransaction,
  isWritingStatement,
  mayEndTransaction,
} from '../../../../src/database/handle/statement-kind.ts'

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
    expect(isWritingStatement(sql)).toBe(true)
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
    expect(isWritingStatement(sql)).toBe(false)
  })

  it('ends the transaction', () => {
    for (const sql of ['commit', 'COMMIT;', '/* x */ rollback', 'end', 'abort', 'begin', 'start transaction'])
      expect(endsTransaction(sql)).toBe(true)
    for (const sql of ['rollback to savepoint a', 'ROLLBACK WORK TO a', 'savepoint a', 'release a', 'select 1'])
      expect(endsTransaction(sql)).toBe(false)
  })

  it('may end it further on', () => {
    expect(mayEndTransaction('insert into t values (1); COMMIT')).toBe(true)
    expect(mayEndTransaction('select 1; select 2')).toBe(false)
  })
})
