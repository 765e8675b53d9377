import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillPlaceholders } from '../../src/offline/fill-placeholders.ts'
import { DEFAULT_LITERALS } from '../../src/offline/literals/literal-options.ts'
import { clientTrap, protectedCode } from '../../src/sql/client-traps.ts'
import { isPlainStatement } from '../../src/sql/plain-statement.ts'
import { splitStatements } from '../../src/sql/split-statements.ts'
import type { SqlFamily } from '../../src/sql/sql-family.ts'
import { noise, quotesOf } from './random-sql.ts'

const BEGINNINGS = ['create table', 'create unique index', 'alter table', 'insert into', 'update', 'delete from']
const FAMILIES = ['postgresql', 'mysql', 'sqlite'] as const
const PIECES = ['a', '"b c"', "'it''s'", '`b c`', '""', "''", '?', '(', ')', '()', ',', '-', '/', '1', ' ', '- ?']
const TRAPS = [
  ...[';', '$', '$$', '\\', '\\?', '$1', ':a', '::', ':', ':::', '@a', '#', '[', ']', '[a]', "E'", '"', "'", '`', '\n'],
  ...[
    'begin',
    'atomic',
    'copy',
    'go',
    '\ngo\n',
    '\n/\n',
    'delimiter //',
    '\0',
    "'\r'",
    '??',
    '-?',
    '?1',
    '--',
    '/*',
    '*/',
  ],
]

const textOf = (family: SqlFamily): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...BEGINNINGS, 'select', 'create function', ' update', 'Update'),
      fc.array(
        fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(...PIECES) },
          { weight: 1, arbitrary: fc.constantFrom(...TRAPS) },
          { weight: 1, arbitrary: noise },
          {
            weight: 1,
            arbitrary: fc.tuple(fc.constantFrom(...quotesOf(family)), noise).map(([quote, inside]) => quote(inside)),
          },
        ),
        { maxLength: 10 },
      ),
      fc.constantFrom('', ' '),
    )
    .map(([begin, pieces, between]) => `${begin} ${pieces.join(between)}`)

test.each(FAMILIES)('what is plain at a glance is so when it is taken apart: %s', (family) => {
  let plain = 0
  fc.assert(
    fc.property(textOf(family), (sql) => {
      if (!isPlainStatement(sql, family)) return
      plain += 1
      const [statement, ...more] = splitStatements(sql, family)
      expect(more).toEqual([])
      expect(statement).toMatchObject({ hasBody: false, isOpen: false })
      const tokens = statement?.tokens ?? []
      expect(clientTrap(sql, tokens, family)).toBeUndefined()
      let back = ''
      for (const { kind, start, end, open } of tokens) {
        const piece = sql.slice(start, end)
        expect(open).toBeUndefined()
        expect(['code', 'string', 'identifier', 'placeholder']).toContain(kind)
        if (kind === 'placeholder') expect(piece).toBe('?')
        else expect(piece).not.toContain('?')
        back += kind === 'code' ? protectedCode(piece, sql.charAt(end), family) : piece
      }
      expect(back).toBe(sql)
      // The longer way is taken for a text that is too long to be looked at; with values it has to give the same.
      const long = `${' '.repeat(10_000)}${sql}`
      expect(isPlainStatement(long, family)).toBe(false)
      const values = tokens.filter(({ kind }) => kind === 'placeholder').map((_, index) => -index)
      const filled = fillPlaceholders(sql, values, family, DEFAULT_LITERALS)
      expect(filled).toEqual(fillPlaceholders(long, values, family, DEFAULT_LITERALS))
    }),
    { numRuns: 20_000 },
  )
  expect(plain).toBeGreaterThan(2000)
})

test('what Knex compiles is plain, with expressions in parentheses too', () => {
  const table =
    "create table `t` (`id` int unsigned not null auto_increment primary key, `name` varchar(120) not null default 'x')"
  for (const [family, sql] of [
    ['mysql', table],
    ['mysql', "insert into `t` (`a`, `b`) values (?, ?), (DEFAULT, '-')"],
    ['sqlite', table],
    ['sqlite', "insert into `t` (`a`, `b`) select ? as `a`, '-' as `b` union all select ? as `a`, ? as `b`"],
  ] as const) {
    expect(isPlainStatement(sql, family)).toBe(true)
  }
  for (const sql of [
    'create table "t" ("id" serial primary key, "name" varchar(120) not null default \'(x\', check ((length("name")) > 0))',
    'insert into "t" ("a", "b") values (?, ?), (coalesce(lower((?)), \'-\'), DEFAULT)',
    'drop table "t"',
  ]) {
    expect(isPlainStatement(sql, 'postgresql')).toBe(true)
  }
  for (const family of FAMILIES) {
    expect(isPlainStatement('update : if', family)).toBe(false)
    for (const quoted of ["'\0'", '"\0"', '`\0`', '\0']) {
      expect(isPlainStatement(`drop table ${quoted}`, family), JSON.stringify(quoted)).toBe(false)
    }
  }
  for (const sql of ['drop table (', 'drop table )(', 'drop table ())', 'drop table "("("']) {
    expect(isPlainStatement(sql, 'postgresql')).toBe(false)
  }
})
