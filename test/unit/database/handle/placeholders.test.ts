import { describe, expect, it } from 'vitest'
import {
  hasEscapeInQuotes,
  hasUnquotedPlaceholder,
  positionNothing,
  positionPlaceholders,
  unescapeInQuotes,
} from '../../../../src/database/handle/placeholders.ts'

describe('question marks of a statement without values', () => {
  it.each([
    "select 'a?b'",
    `select "a?" from t`,
    "select 'it''s?'",
    "select E'it\\'s?'",
    'select 1 -- why?\n',
    'select /* ? */ 1',
    'select /* outer /* ? */ ? */ 1',
    "select $$ what? $$, $x$ it's $$ ? $x$",
    "select a \\? 'b'",
  ])('are quoted or escaped: %s', (sql) => {
    expect(hasUnquotedPlaceholder(sql)).toBe(false)
  })

  it.each(['select ?', "select 'a' ? 'b'", 'select a \\\\? 1', "select '' ?"])('stand alone: %s', (sql) => {
    expect(hasUnquotedPlaceholder(sql)).toBe(true)
  })

  it('are sent as they are, the escaped ones without the escape', () => {
    expect(positionNothing("select 'a?b', c \\? 'd'")).toBe("select 'a?b', c ? 'd'")
    expect(positionNothing("select 'a\\\\?'")).toBe("select 'a\\\\?'")
  })
})

describe('placeholders beside bound values', () => {
  it('are numbered outside of quotes and comments alone', () => {
    const sql = `select ?, 'a?', "b?", $$c?$$, d \\? ?, /* e? */ ? -- f?`
    expect(positionPlaceholders(sql)).toBe(`select $1, 'a?', "b?", $$c?$$, d ? $2, /* e? */ $3 -- f?`)
  })
})

describe('escaped question marks of SQLite', () => {
  it('are found in strings alone', () => {
    expect(hasEscapeInQuotes("select 'a\\?'", 'sqlite')).toBe(true)
    expect(hasEscapeInQuotes("select 'a?', 'b\\\\?' -- \\?", 'sqlite')).toBe(false)
  })

  it('become what they stand for', () => {
    expect(unescapeInQuotes('select \'a\\?\', ?, "b\\?" -- \\?', 'sqlite')).toBe('select \'a?\', ?, "b\\?" -- \\?')
  })
})
