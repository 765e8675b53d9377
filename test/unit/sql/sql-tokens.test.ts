import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'
import { sqlTokens } from '../../../src/sql/sql-tokens.ts'

/** The tokens that are not plain code, as `kind:text`. */
const tokens = (sql: string, family: SqlFamily): string[] =>
  [...sqlTokens(sql, family)]
    .filter(({ kind }) => kind !== 'code')
    .map(({ kind, start, end, open }) => `${kind}:${sql.slice(start, end)}${open ? ' open' : ''}`)

describe('tokens of PostgreSQL', () => {
  test.each<[string, string[]]>([
    [`select 'it''s;', "a;""b"`, [`string:'it''s;'`, `identifier:"a;""b"`]],
    [`select E'it\\'s;' || e'\\\\'`, [`string:'it\\'s;'`, `string:'\\\\'`]],
    [`select 'a\\', 'b'`, [`string:'a\\'`, `string:'b'`]],
    ['do $$ begin; end $$; select $a$ $$ ; $a$', ['string:$$ begin; end $$', 'semicolon:;', 'string:$a$ $$ ; $a$']],
    ['select a$b$c, $1', []],
    ['/* a /* b; */ c; */ ;', ['comment:/* a /* b; */ c; */', 'semicolon:;']],
    ["-- it's; \n?", ["comment:-- it's; ", 'placeholder:?']],
    ['a \\? b ? c \\\\?', ['placeholder:\\?', 'placeholder:?', 'placeholder:\\\\?']],
    ["select 'open", ["string:'open open"]],
    ['select $$open', ['string:$$open open']],
    ['select /* /* */', ['comment:/* /* */ open']],
    ["some_e'a\\'", ["string:'a\\'"]],
  ])('of %s', (sql, expected) => {
    expect(tokens(sql, 'postgresql')).toEqual(expected)
  })
})

describe('tokens of MySQL', () => {
  test.each<[string, string[]]>([
    [`select 'it\\'s;', "a\\";", \`b\`\`;\``, [`string:'it\\'s;'`, `string:"a\\";"`, 'identifier:`b``;`']],
    ["5--3 -- it's\n# it's;\n;", ["comment:-- it's", "comment:# it's;", 'semicolon:;']],
    ['/* a /* b; */ /*! c; */ /*M! d */', ['comment:/* a /* b; */', 'semicolon:;']],
    ['in (?) and ?? = ?', ['placeholder:?', 'placeholder:??', 'placeholder:?']],
    ["'a\\\\', '?'", ["string:'a\\\\'", "string:'?'"]],
  ])('of %s', (sql, expected) => {
    expect(tokens(sql, 'mysql')).toEqual(expected)
  })
})

describe('tokens of SQLite', () => {
  test.each<[string, string[]]>([
    [`'a\\' "b;" \`c;\` [d;']`, [`string:'a\\'`, 'identifier:"b;"', 'identifier:`c;`', "identifier:[d;']"]],
    ['--x?\n?/*;*/', ['comment:--x?', 'placeholder:?', 'comment:/*;*/']],
    ['# $$ ;', ['semicolon:;']],
  ])('of %s', (sql, expected) => {
    expect(tokens(sql, 'sqlite')).toEqual(expected)
  })
})

test.each<SqlFamily>(['postgresql', 'mysql', 'sqlite'])('the tokens of %s follow each other without gaps', (family) => {
  const piece = fc.constantFrom(
    "'",
    '"',
    '`',
    '[',
    ']',
    '$',
    '$$',
    '$a$',
    ';',
    '?',
    '\\',
    '--',
    '/*',
    '*/',
    '\n',
    'E',
    'x',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const sql = pieces.join('')
      const found = [...sqlTokens(sql, family)]
      expect(found.map(({ start, end }) => sql.slice(start, end)).join('')).toBe(sql)
      expect(found.every(({ start, end }) => start < end)).toBe(true)
    }),
  )
})

describe('tokens that a client and a server must agree on', () => {
  test.each<[SqlFamily, string, string[]]>([
    ['postgresql', "E'a'\n'b\\';' 'c'", ["string:'a'\n'b\\';'", "string:'c'"]],
    ['postgresql', "E'a' -- c'\n -- d'\n 'b'", ["string:'a'", "comment:-- c'", "comment:-- d'", "string:'b'"]],
    ['postgresql', "E'a'\n -- d'\n 'b\\''", ["string:'a'\n -- d'\n 'b\\''"]],
    ['postgresql', "E'a' 'b\\'", ["string:'a'", "string:'b\\'"]],
    ['postgresql', '-- a\r; b\n', ['comment:-- a', 'semicolon:;']],
    ['mysql', '-- a\r; b\n;', ['comment:-- a\r; b', 'semicolon:;']],
    [
      'mysql',
      'DELIMITER //\na;//\ndelimiter ;\n;',
      ['command:DELIMITER //', 'semicolon:;', 'delimiter://', 'command:delimiter ;', 'semicolon:;'],
    ],
    ['mysql', "delimiter x\n'x' X x", ['command:delimiter x', "string:'x'", 'delimiter:x']],
    ['mysql', 'delimiter\nselect 1;', ['semicolon:;']],
  ])('of %s in %j', (family, sql, expected) => {
    expect(tokens(sql, family)).toEqual(expected)
  })
})
