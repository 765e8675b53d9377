import { describe, expect, test } from 'vitest'
import { clientTrap, protectedCode } from '../../../src/sql/client-traps.ts'
import { splitStatements } from '../../../src/sql/split-statements.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'

const trapOf = (sql: string, family: SqlFamily): string | undefined => {
  for (const { tokens } of splitStatements(sql, family)) {
    const trap = clientTrap(sql, tokens, family)
    if (trap !== undefined) return trap
  }
  return undefined
}

describe('the client would do something else with', () => {
  test.each<[SqlFamily, string, RegExp]>([
    ['postgresql', 'select 1 \\! touch x', /backslash/],
    ['postgresql', '-- c\n\\! touch x', /backslash/],
    ['postgresql', 'select 1 \\gset', /backslash/],
    ['postgresql', 'copy t (a, b) from stdin', /COPY/],
    ['postgresql', '/* c */ COPY "from" FROM /* x */ STDIN WITH CSV', /COPY/],
    ['postgresql', "select E'a'\n'b\\''", /E'/],
    ['postgresql', "set standard_conforming_strings = off; select '\\'; --'", /backslashes/],
    ['postgresql', 'create function begin() returns int return 1', /"begin"/],
    ['postgresql', 'create function f() returns int begin atomic select x.end from x; end', /"end"/],
    ['postgresql', 'create or replace procedure p() begin atomic select 1 as case; end', /"case"/],
    ['mysql', 'select 1 \\G', /backslash/],
    ['mysql', 'select 1 /*! \\! touch x */', /backslash/],
    ['mysql', 'system touch x', /"system"/],
    ['mysql', '# c\n  SOURCE x.sql', /"source"/],
    ['mysql', 'select 1; tee x', /"tee"/],
    ['mysql', 'delimiter\n', /"delimiter"/],
    ['mysql', '/* c */ --x\nselect 2', /"--"/],
    ['mysql', 'select 1 /*! , 3 /* x */ */', /comment within a comment/],
    ['mysql', 'select 1 /*! + 1; select 2 */', /semicolon/],
    ['mysql', "set sql_mode = 'STRICT_ALL_TABLES,ANSI_QUOTES'", /quotes/],
    ['mysql', "set @@session.sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')", /quotes/],
    ['sqlite', '.shell touch x', /"\."/],
    ['sqlite', '/* c\n*/\n.shell touch x', /"\."/],
    ['sqlite', '#x\nselect 1', /"#"/],
    ['sqlite', 'select 1 \\ 2', /backslash/],
  ])('this text of %s: %s', (family, sql, trap) => {
    expect(trapOf(sql, family)).toMatch(trap)
  })
})

describe('the client does the same with', () => {
  test.each<[SqlFamily, string]>([
    ['postgresql', "select '\\!', \"\\!\", $$ \\! $$, E'\\\\' -- \\!\n /* \\! */"],
    ['postgresql', 'copy t to stdout; select 1 from stdin'],
    ['postgresql', "copy t from '/x/stdin'"],
    ['postgresql', 'set standard_conforming_strings = on'],
    ['postgresql', "select E'a'\n'b', 'a'\n'b\\'"],
    [
      'postgresql',
      'create function f(begin int, "end" int) returns int begin atomic select case when true then 1 end; end',
    ],
    ['postgresql', 'create function f() returns int language plpgsql as $$ begin return x.end; end $$'],
    ['postgresql', 'select x.end, 1 as begin from x'],
    ['mysql', 'select \'\\G\', "\\G", `\\G`, \\N -- \\G\n# \\G\n/* \\G */'],
    ['mysql', 'select 1 as\nstatus from t; use db; select system from t'],
    ['mysql', "set sql_mode = 'STRICT_ALL_TABLES'; set names utf8mb4"],
    ['mysql', "select /*+ x;' */ 1 /*! , 'a;b' -- it's; \n */ /*M! + 1 */"],
    ['sqlite', "select '\n.quit\n', 1 # 2"],
    ['sqlite', 'select 1\n.5'],
  ])('this text of %s: %s', (family, sql) => {
    expect(trapOf(sql, family)).toBeUndefined()
  })
})

describe('code is protected', () => {
  test.each<[SqlFamily, string, string, string]>([
    ['postgresql', 'a[i:j] a[1:2] b::text c[:d', '', 'a[i: j] a[1: 2] b::text c[: d'],
    ['postgresql', 'a[1:', '"', 'a[1: '],
    ['postgresql', 'a[1:', "'", 'a[1: '],
    ['postgresql', 'b::', '"', 'b::'],
    ['postgresql', 'a := 1, b => :{?c}', '', 'a := 1, b => : {?c}'],
    ['sqlite', 'select 8\n/\n2', '', 'select 8\n/**/ /\n2'],
    ['sqlite', 'select 8 as\n  GO \r\nfrom t', '', 'select 8 as\n  /**/ GO \r\nfrom t'],
    ['sqlite', 'select gone\n/ 2, 8/', '', 'select gone\n/ 2, 8/'],
    ['mysql', 'select a:b\n/\n2', '', 'select a:b\n/\n2'],
  ])('of %s: %j', (family, code, next, expected) => {
    expect(protectedCode(code, next, family)).toBe(expected)
  })
})
