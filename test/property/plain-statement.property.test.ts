import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientTrap, protectedCode } from '../../src/sql/client-traps.ts'
import { isPlainStatement } from '../../src/sql/plain-statement.ts'
import { splitStatements } from '../../src/sql/split-statements.ts'
import { noise, quotesOf } from './random-sql.ts'

const BEGINNINGS = ['create table', 'create unique index', 'alter table', 'insert into', 'update', 'delete from']
const PIECES = ['a', '"b c"', "'it''s'", '""', "''", '?', '(', ')', '()', ',', '::', ':', '-', '/', '--', '/*', '*/']
const TRAPS = [';', '$', '$$', '\\', '\\?', '$1', ':a', ':::', "E'", '"', "'", '\n', 'begin', 'atomic', 'copy', '\0']

const text = fc
  .tuple(
    fc.constantFrom(...BEGINNINGS, 'select', 'create function', ' update', 'Update'),
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...PIECES) },
        { weight: 1, arbitrary: fc.constantFrom(...TRAPS) },
        { weight: 1, arbitrary: noise },
        {
          weight: 1,
          arbitrary: fc
            .tuple(fc.constantFrom(...quotesOf('postgresql')), noise)
            .map(([quote, inside]) => quote(inside)),
        },
      ),
      { maxLength: 10 },
    ),
    fc.constantFrom('', ' '),
  )
  .map(([begin, pieces, between]) => `${begin} ${pieces.join(between)}`)

test('what is plain at a glance is so when it is taken apart', () => {
  let plain = 0
  fc.assert(
    fc.property(text, (sql) => {
      if (!isPlainStatement(sql, 'postgresql')) return
      plain += 1
      const [statement, ...more] = splitStatements(sql, 'postgresql')
      expect(more).toEqual([])
      expect(statement).toMatchObject({ hasBody: false, isOpen: false })
      const tokens = statement?.tokens ?? []
      expect(clientTrap(sql, tokens, 'postgresql')).toBeUndefined()
      let back = ''
      for (const { kind, start, end, open } of tokens) {
        const piece = sql.slice(start, end)
        expect(open).toBeUndefined()
        expect(['code', 'string', 'identifier', 'placeholder']).toContain(kind)
        if (kind === 'placeholder') expect(piece).toBe('?')
        else expect(piece).not.toContain('?')
        back += kind === 'code' ? protectedCode(piece, sql.charAt(end), 'postgresql') : piece
      }
      expect(back).toBe(sql)
    }),
    { numRuns: 20_000 },
  )
  expect(plain).toBeGreaterThan(2000)
})

test('what Knex compiles is plain, with expressions in parentheses too', () => {
  for (const sql of [
    'create table "t" ("id" serial primary key, "name" varchar(120) not null default \'(x\', check ((length("name")) > 0))',
    'insert into "t" ("a", "b") values (?, ?), (coalesce(lower((?)), \'-\'), DEFAULT)',
    'drop table "t"',
  ]) {
    expect(isPlainStatement(sql, 'postgresql')).toBe(true)
  }
  for (const sql of ['drop table (', 'drop table )(', 'drop table ())', 'drop table "("("']) {
    expect(isPlainStatement(sql, 'postgresql')).toBe(false)
  }
})

test('a text that is not plain is seen to be so in a time that grows with its length', () => {
  const long = `update t set a = ${'(a, "b", \'c\') - '.repeat(600)}`
  const from = performance.now()
  for (const end of ["'", '"', '"?"', '$', ';', '(', '--', '\\']) {
    expect(isPlainStatement(long + end, 'postgresql')).toBe(false)
  }
  expect(performance.now() - from).toBeLessThan(500)
})
