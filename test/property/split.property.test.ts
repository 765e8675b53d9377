import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { splitStatements } from '../../src/sql/split-statements.ts'
import type { SqlFamily } from '../../src/sql/sql-family.ts'
import { sqlTokens } from '../../src/sql/sql-tokens.ts'
import { noise, quotesOf } from './random-sql.ts'

const WORDS = ['select', 'a', '1', ',', '+', '(b)', 'from', 'x.end', 'case', 'if(1, 2, 3)', '::', '2-1', 'délimiter']

/** A statement without a semicolon outside of quotes. */
const simple = (family: SqlFamily): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        fc.constantFrom(...WORDS),
        fc.tuple(fc.constantFrom(...quotesOf(family)), noise).map(([quote, text]) => quote(text)),
      ),
      { maxLength: 6 },
    )
    .map((parts) => ['select', ...parts, '1'].join(' '))

/** A block of MySQL that holds statements and blocks of its own. */
const block_: fc.Arbitrary<string> = fc.letrec<{ statement: string; list: string }>((tie) => ({
  list: fc
    .array(tie('statement'), { minLength: 1, maxLength: 3 })
    .map((parts) => parts.map((part) => `${part};`).join('\n')),
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    simple('mysql').map((sql) => sql.replace(/\bcase\b/g, '')),
    fc.constantFrom(
      'set new.end = case when end then end else if(1, 2, 3) end',
      'set begin = case a when 1 then 2 end',
    ),
    tie('list').map((list) => `begin ${list} end`),
    tie('list').map((list) => `l: begin declare x int; ${list} end l`),
    tie('list').map((list) => `begin declare exit handler for not found, 1062 begin ${list} end; end`),
    fc
      .tuple(tie('list'), tie('list'))
      .map(([one, two]) => `if (case when a then 1 end) then ${one} elseif if(1, 2, 3) then ${two} else ${one} end if`),
    fc.tuple(tie('list'), tie('list')).map(([one, two]) => `case when end then ${one} else ${two} end case`),
    tie('list').map((list) => `while case a when 1 then 2 end do ${list} end while`),
    tie('list').map((list) => `again: loop ${list} leave again; end loop again`),
    tie('list').map((list) => `repeat ${list} until case when 1 then 2 end end repeat`),
    tie('list').map((list) => `for i in 1..2 do ${list} end for`),
  ),
})).list

const COMPOUND: Readonly<Record<SqlFamily, fc.Arbitrary<string>>> = {
  postgresql: fc
    .array(
      fc.oneof(
        simple('postgresql').map((sql) => sql.replace(/\bcase\b/g, '')),
        fc.constant('select case when a then 1 end'),
      ),
    )
    .map(
      (list) => `create or replace function f() returns int begin atomic ${list.map((sql) => `${sql};`).join(' ')} end`,
    ),
  mysql: fc
    .tuple(
      fc.constantFrom(
        'create trigger t before insert on a for each row',
        'create definer=`a;`@`%` procedure p(end int, b enum(";"))',
        'create function if not exists f() returns varchar(9) character set utf8mb4 deterministic',
        'create event e on schedule every 1 day do',
      ),
      block_,
    )
    .map(([head, list]) => `${head} begin ${list} end`),
  sqlite: fc
    .array(fc.oneof(simple('sqlite'), fc.constant('update a set end = case when 1 then 2 end')), { minLength: 1 })
    .map((list) => `create temp trigger t after insert on a begin ${list.map((sql) => `${sql};`).join('\n')} end`),
}

const FAMILIES: readonly SqlFamily[] = ['postgresql', 'mysql', 'sqlite']
const RUNS = { numRuns: 1000 }

const split = (sql: string, family: SqlFamily): string[] =>
  splitStatements(sql, family).map(({ tokens }) => sql.slice(tokens.at(0)?.start, tokens.at(-1)?.end).trim())

describe.each(FAMILIES)('statements of %s', (family) => {
  const statement = fc.oneof({ weight: 3, arbitrary: simple(family) }, { weight: 1, arbitrary: COMPOUND[family] })

  test('that are joined by semicolons are split into the same', () => {
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(split(statements.join(';\n'), family)).toEqual(statements)
      }),
      RUNS,
    )
  })

  test('are whole, and have a body only where semicolons stand in one', () => {
    fc.assert(
      fc.property(simple(family), COMPOUND[family], (one, other) => {
        expect(splitStatements(`${one};${other}`, family)).toMatchObject([
          { hasBody: false, isOpen: false },
          { hasBody: other.includes(';'), isOpen: false },
        ])
      }),
      RUNS,
    )
  })

  test('are the same however often they are split', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, statement)), (parts) => {
        const text = parts.join('\n')
        // Behind such a line whatever is broken goes on to the delimiter; elsewhere the word is a name.
        fc.pre(family !== 'mysql' || !/delimiter/i.test(text))
        const once = split(text, family)
        expect(split(once.join('\n;\n'), family).join('\n;\n')).toBe(once.join('\n;\n'))
      }),
      RUNS,
    )
  })

  test('whole or broken, are cut into tokens that give the text again', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, fc.string(), statement)), (parts) => {
        const sql = parts.join('\n')
        const tokens = [...sqlTokens(sql, family)]
        expect(tokens.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql)
        expect(tokens.every(({ start, end }) => start < end)).toBe(true)
      }),
      RUNS,
    )
  })
})

describe('delimiters of MySQL', () => {
  test('end statements, and whatever stands between them is kept', () => {
    const delimiter = fc.constantFrom('~~', ';;', '%%', '!~', 'rev_end')
    fc.assert(
      fc.property(delimiter, fc.array(fc.oneof(simple('mysql'), COMPOUND.mysql)), (mark, statements) => {
        const sql = `DELIMITER ${mark}\n${statements.map((text) => `${text}\n${mark}\n`).join('')}delimiter ;\nselect 1;`
        expect(split(sql, 'mysql')).toEqual([...statements, 'select 1'])
      }),
      RUNS,
    )
  })
})
