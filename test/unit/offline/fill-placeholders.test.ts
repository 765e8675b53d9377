import { describe, expect, test } from 'vitest'
import { fillPlaceholders } from '../../../src/offline/fill-placeholders.ts'
import { DEFAULT_LITERALS } from '../../../src/offline/literals/literal-options.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'

const fill = (sql: string, bindings: readonly unknown[], family: SqlFamily): string[] =>
  fillPlaceholders(sql, bindings, family, DEFAULT_LITERALS).map((statement) => statement.sql)
const kindOf = (sql: string, bindings: readonly unknown[], family: SqlFamily): unknown => {
  try {
    return fill(sql, bindings, family)
  } catch (error) {
    return (error as { kind?: unknown }).kind
  }
}

describe('values take the place of placeholders', () => {
  test('and a value that holds one is not looked at again', () => {
    expect(fill('select ?, ?', ['?', "it's ? \\?"], 'postgresql')).toEqual([`select '?',  E'it''s ? \\\\?'`])
    expect(fill('select ?, ?', ['?', ';'], 'mysql')).toEqual(["select '?', ';'"])
  })

  test('over several statements', () => {
    expect(fill('select ?; select ?', [1, 2], 'mysql')).toEqual(['select 1', 'select 2'])
  })

  test('but not in quotes and comments, where the driver sees none', () => {
    expect(fill("select '?', ? -- ?", ['a'], 'mysql')).toEqual(["select '?', 'a' -- ?"])
    expect(fill('select "?", [?], ? /* ? */', [null], 'sqlite')).toEqual(['select "?", [?], NULL /* ? */'])
  })

  test('and a minus before a negative number begins no comment', () => {
    expect(fill('select 1-?', [-5], 'sqlite')).toEqual(['select 1- -5.0'])
  })
})

describe('question marks of PostgreSQL', () => {
  test('that are escaped are operators, as Knex sends them', () => {
    expect(fill("select a \\? 'b', '\\?'", [], 'postgresql')).toEqual(["select a ? 'b', '?'"])
  })

  test('in quotes stay what they are in a statement without values', () => {
    expect(fill("create table a (b text default 'why?') -- what?", [], 'postgresql')).toEqual([
      "create table a (b text default 'why?') -- what?",
    ])
  })

  test('in quotes or comments stay beside values, as online', () => {
    expect(fill("select '?', ?", ['a'], 'postgresql')).toEqual(["select '?', 'a'"])
    expect(fill('select ? -- ?', ['a'], 'postgresql')).toEqual(["select 'a' -- ?"])
  })
})

describe('a text without a statement', () => {
  test('is none where the server takes it', () => {
    for (const text of ['-- only a comment', '/* a ? */', ';', '  ', ' ; -- nothing']) {
      expect(fill(text, [], 'postgresql')).toEqual([])
    }
    for (const text of ['-- only a comment', '# one\n', '/* a ? */']) expect(fill(text, [], 'mysql')).toEqual([])
  })
})

describe('a statement is refused', () => {
  test.each<[string, readonly unknown[], SqlFamily, string]>([
    ['select ?', [], 'postgresql', 'placeholder'],
    ['select 1', [1], 'mysql', 'statement'],
    ['select ??', ['a', 'b'], 'mysql', 'statement'],
    ['select ?1', ['a'], 'sqlite', 'statement'],
    ["select 'open", [], 'postgresql', 'statement'],
    ['select 1 /* open', [], 'sqlite', 'statement'],
    ['select 1 \\! touch x', [], 'postgresql', 'statement'],
    ['select 1 \\g', [], 'mysql', 'statement'],
    ["select 'a\r\nb'", [], 'mysql', 'statement'],
    ["select 'a\0b'", [], 'sqlite', 'statement'],
    [' -- nothing', [], 'sqlite', 'statement'],
    [' ;', [], 'mysql', 'statement'],
    [' ', [], 'mysql', 'statement'],
    ['', [], 'postgresql', 'statement'],
    ['/* open', [], 'postgresql', 'statement'],
    ['-- for nothing', ['a value'], 'postgresql', 'statement'],
    ['select ?', [Symbol('x')], 'sqlite', 'value'],
    ['select 1 -- a\0b', [], 'mysql', 'statement'],
    ['select :a', [], 'sqlite', 'statement'],
    ['select @a, $b', [], 'sqlite', 'statement'],
    ['create trigger t after insert on a begin select 1;', [], 'sqlite', 'statement'],
    ['create procedure p() begin select 1;', [], 'mysql', 'statement'],
    ['select (1; commit', [], 'postgresql', 'statement'],
    ['copy t from stdin', [], 'postgresql', 'statement'],
    ['select 1; \\! touch x', [], 'postgresql', 'statement'],
    ['select 1; system touch x', [], 'mysql', 'statement'],
    ['select 1;\n.shell touch x', [], 'sqlite', 'statement'],
  ])('%j with %j on %s', (sql, bindings, family, kind) => {
    expect(kindOf(sql, bindings, family)).toBe(kind)
  })

  test('but \\N of MySQL is no command', () => {
    expect(fill('select \\N', [], 'mysql')).toEqual(['select \\N'])
  })
})

test('lines that the client of MySQL takes for itself are left out, and a routine is one statement', () => {
  const routine = 'create procedure p() begin select 1; select 2; end'
  expect(
    fillPlaceholders(`DELIMITER //\n${routine};\n//\nDELIMITER ;\nselect ?`, [1], 'mysql', DEFAULT_LITERALS),
  ).toEqual([
    { sql: routine, hasBody: true },
    { sql: 'select 1', hasBody: false },
  ])
})

test('sqlite3 sees no end of a statement in a line of its own', () => {
  expect(fill('select 8\n/\n2 as\ngo\n', [], 'sqlite')).toEqual(['select 8\n/**/ /\n2 as\n/**/ go'])
  const trigger = 'create trigger t after insert on a begin select 8\n/\n2; end'
  expect(fill(trigger, [], 'sqlite')).toEqual([trigger])
})

test('a name with a sign of a parameter in it is none', () => {
  expect(fill('select a$b, "$c", \':d\' from [@e]', [], 'sqlite')).toEqual([`select a$b, "$c", ':d' from [@e]`])
})

test('psql finds no variable in the slice of an array', () => {
  expect(fill("select a[i:j], b[1:2], c::text, ':d'", [], 'postgresql')).toEqual([
    "select a[i: j], b[1: 2], c::text, ':d'",
  ])
})
