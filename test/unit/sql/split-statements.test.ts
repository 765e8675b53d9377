import { describe, expect, test } from 'vitest'
import { type SqlStatement, splitStatements } from '../../../src/sql/split-statements.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'

const textOf = (sql: string, { tokens }: SqlStatement): string =>
  tokens
    .map(({ start, end }) => sql.slice(start, end))
    .join('')
    .trim()
const split = (sql: string, family: SqlFamily): string[] =>
  splitStatements(sql, family).map((statement) => textOf(sql, statement))

describe('statements', () => {
  test('end at semicolons outside of quotes and comments', () => {
    expect(split("select ';'; -- ;\nselect 1 /* ; */;;", 'sqlite')).toEqual(["select ';'", '-- ;\nselect 1 /* ; */'])
  })

  test('that are empty or comments only are left out', () => {
    expect(split(' ; -- nothing\n; /* nothing */', 'postgresql')).toEqual([])
  })
})

/** One statement with semicolons inside; whatever follows is a statement of its own. */
const BODIES: readonly [SqlFamily, string][] = [
  [
    'postgresql',
    'create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end',
  ],
  [
    'postgresql',
    'Create /* ; */ Or Replace Procedure p(a int default (case when true then 1 end)) BEGIN ATOMIC select 1; END',
  ],
  ['postgresql', 'create function f() returns int begin atomic select x.end from x; select 1 as case; end'],
  ['postgresql', 'create rule r as on insert to a do also (insert into b values (1); insert into b values (2))'],
  [
    'sqlite',
    'create temp trigger t after insert on a begin update a set b = case when 1 then 2 end; delete from c; end',
  ],
  ['sqlite', 'CREATE TRIGGER t AFTER INSERT ON a BEGIN delete from u where end = 3; -- x\n END /* y */'],
  ['sqlite', 'explain create trigger t after insert on a begin select 1; select end from u; end'],
  ['mysql', "create definer=`root`@`%` trigger t after insert on a for each row begin insert into b values (';'); end"],
  ['mysql', 'create definer = current_user() trigger t after insert on a for each row begin select 1; end'],
  ['mysql', 'create definer=root@localhost procedure p() begin select 1; end'],
  ['mysql', 'create or replace procedure p() begin declare x int; if x then select 1; end if; end'],
  ['mysql', 'BEGIN NOT ATOMIC select 1; select 2; END'],
  ['mysql', 'outer_one: begin not atomic inner_one: begin select 1; end inner_one; end outer_one'],
  ['mysql', 'if (select 1) then select 2; else select 3; end if'],
  ['mysql', 'create procedure p() begin if if(1, 2, 3) then select if(1, 2, 3); elseif 2 then select 1; end if; end'],
  ['mysql', 'create procedure p() begin case 1 when 1 then select 1; else begin end; end case; end'],
  ['mysql', 'create procedure p() begin set a = case when 1 then if(1,2,3) else if(1,2,3) end; select 1; end'],
  ['mysql', 'create procedure p() case when case a when 1 then 2 end then select 1; else select 2; end case'],
  [
    'mysql',
    'create procedure p() begin l: loop leave l; end loop l; while case when 1 then 0 end do set a=1; end while; end',
  ],
  ['mysql', 'create procedure p() begin repeat set a = repeat("x", 2); until a end repeat; end'],
  ['mysql', 'create procedure p() repeat select 1; until case when 1 then 1 end end repeat'],
  [
    'mysql',
    'create procedure p() begin for i in 1..3 do select i; end for; for r in (select 1) do select 1; end for; end',
  ],
  [
    'mysql',
    "create procedure p() begin declare exit handler for sqlexception, sqlstate '23000' begin rollback; end; select 1; end",
  ],
  [
    'mysql',
    'create procedure p() begin declare continue handler for not found set d = 1; if 1 then select 1; end if; end',
  ],
  ['mysql', 'create trigger t before update on a for each row begin set new.end = old.begin; set new.if = 1; end'],
  ['mysql', 'create trigger t before insert on a for each row follows u if new.a then set new.b = 1; end if'],
  ['mysql', 'create procedure p() begin update t set `end` = 1, start = case when end > 1 then end else end end; end'],
  ['mysql', 'create event e on schedule every 1 day do begin select 1; end'],
  ['mysql', 'alter event e do begin select 1; end'],
  ['mysql', 'create function f(a int) returns varchar(9) character set utf8mb4 deterministic begin return a; end'],
  ['mysql', "create function if not exists f(a enum('x')) returns set('a','b') comment 'begin' begin return a; end"],
  [
    'mysql',
    'create procedure p() begin create table if not exists x (a int); drop table if exists x; do if(1,2,3); end',
  ],
  ['mysql', 'create procedure p() begin start transaction; commit; xa begin "a"; xa end "a"; end'],
  [
    'mysql',
    '/*!50003 create*/ /*!50017 definer=`a`@`b`*/ /*!50003 trigger t before insert on a for each row begin set @end = 1; end */',
  ],
]

describe('a body', () => {
  test.each(BODIES)('of %s is one statement with its semicolons: %s', (family, sql) => {
    expect(split(sql, family)).toEqual([sql])
    expect(split(`select 1;\n${sql};\nselect 2;\n${sql};select 3`, family)).toEqual([
      'select 1',
      sql,
      'select 2',
      sql,
      'select 3',
    ])
    expect(splitStatements(`${sql};`, family)).toMatchObject([{ hasBody: true, isOpen: false }])
  })

  test.each(BODIES)('of %s that is cut off is open: %s', (family, sql) => {
    const [whole] = sql.split(/[;](?=[^;]*$)/)
    expect(splitStatements(`${whole};`, family)).toMatchObject([{ isOpen: true }])
  })

  test.each<[SqlFamily, string]>([
    ['mysql', 'create table trigger_log (a int)'],
    ['mysql', 'create procedure p() select case when 1 then if(1, 2, 3) end'],
    ['mysql', 'create procedure p() set a = 1'],
    ['mysql', 'create trigger t after insert on a for each row set new.b = case new.a when 1 then 2 end'],
    ['mysql', 'create trigger t after insert on a for each row insert into b select * from c where begin = 1'],
    ['mysql', 'create function f() returns int return if(1, 2, 3)'],
    ['mysql', "create function f returns string soname 'begin.so'"],
    ['mysql', 'create event e on schedule every 1 day do delete from t'],
    ['mysql', 'alter event e on schedule every 1 day'],
    ['mysql', 'begin'],
    ['mysql', 'start transaction'],
    ['mysql', 'drop procedure if exists p'],
    ['mysql', 'select repeat("a", 3), if(1, 2, 3), begin, end from t'],
    ['mysql', 'drop trigger t'],
    ['sqlite', 'create table trigger_log (begin int)'],
    ['sqlite', 'begin'],
    ['sqlite', 'drop trigger t'],
    ['postgresql', 'create function f() returns int language plpgsql as $$ begin return 1; end $$'],
    ['postgresql', 'create function f() returns int return case when true then 1 end'],
    ['postgresql', 'create trigger t before insert on a for each row execute function f()'],
    ['postgresql', 'begin'],
    ['postgresql', 'do $body$ begin perform 1; end; $body$'],
  ])('is not seen in this one of %s: %s', (family, sql) => {
    expect(split(`${sql}; select 2`, family)).toEqual([sql, 'select 2'])
    expect(splitStatements(sql, family)).toMatchObject([{ hasBody: false, isOpen: false }])
  })

  test('that rev cannot follow takes the rest of the text', () => {
    const sql = 'create package p as procedure a(); end; select 1'
    expect(splitStatements(sql, 'mysql')).toMatchObject([{ hasBody: true, isOpen: true }])
  })

  test('is not closed by a parenthesis too many', () => {
    expect(splitStatements('select (1', 'postgresql')).toMatchObject([{ isOpen: true }])
    expect(split('select 1); select (2)', 'postgresql')).toEqual(['select 1)', 'select (2)'])
  })
})

describe('a DELIMITER line', () => {
  const trigger = 'create trigger t before insert on a for each row begin set @a = 1; set @b = 2; end'

  test('is left out, and its delimiter ends statements', () => {
    const sql = `-- dump\nDELIMITER //\n${trigger} //\n  delimiter ;\ninsert into a values (1);`
    expect(split(sql, 'mysql')).toEqual([trigger, 'insert into a values (1)'])
    expect(splitStatements(sql, 'mysql')).toMatchObject([{ hasBody: true }, { hasBody: false }])
  })

  test.each([';;', '$$', '|', '/', "'$$'", '`end_of_it`', '"//"  and what the client ignores'])(
    'may set %s',
    (delimiter) => {
      const mark = delimiter.startsWith('"') ? '//' : delimiter.replace(/['`]/g, '')
      expect(
        split(`delimiter ${delimiter}\nselect '${mark}'${mark}select 2 ${mark}\ndelimiter ;\nselect 3`, 'mysql'),
      ).toEqual([`select '${mark}'`, 'select 2', 'select 3'])
    },
  )

  test('leaves several statements before one delimiter what they are, and no semicolon behind a body', () => {
    expect(split(`delimiter //\nselect 1; select 2;//\n${trigger};\n//`, 'mysql')).toEqual([
      'select 1',
      'select 2',
      trigger,
    ])
  })

  test('lets a routine go on to the delimiter, whatever it holds', () => {
    const odd = 'create procedure p() begin frobnicate; end end; select 1'
    expect(split(`delimiter //\n${odd}//`, 'mysql')).toEqual([odd])
  })

  test('is one at the start of a statement only, and only of MySQL', () => {
    expect(split('select 1 as\ndelimiter from a; select 2', 'mysql')).toHaveLength(2)
    expect(split('select "\ndelimiter //\n"; select 2', 'mysql')).toHaveLength(2)
    expect(split('delimiter //\nselect 1; select 2//', 'postgresql')).toHaveLength(2)
  })
})
