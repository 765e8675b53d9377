import { describe, expect, test } from 'vitest'
import { splitStatements } from '../../../src/sql/split-statements.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'

const split = (sql: string, family: SqlFamily): string[] =>
  splitStatements(sql, family).map(({ tokens }) =>
    tokens
      .map(({ start, end }) => sql.slice(start, end))
      .join('')
      .trim(),
  )

describe('statements', () => {
  test('end at semicolons outside of quotes and comments', () => {
    expect(split("select ';'; -- ;\nselect 1 /* ; */;;", 'sqlite')).toEqual(["select ';'", '-- ;\nselect 1 /* ; */'])
  })

  test('that are empty or comments only are left out', () => {
    expect(split(' ; -- nothing\n; /* nothing */', 'postgresql')).toEqual([])
  })

  test.each<[SqlFamily, string]>([
    [
      'postgresql',
      'create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end',
    ],
    [
      'sqlite',
      'create temp trigger t after insert on a begin update a set b = case when 1 then 2 end; delete from c; end',
    ],
    [
      'mysql',
      "create definer=`root`@`%` trigger t after insert on a for each row begin insert into b values (';'); end",
    ],
    ['mysql', 'create or replace procedure p() begin declare x int; if x then select 1; end if; end'],
    ['mysql', 'BEGIN NOT ATOMIC select 1; select 2; END'],
  ])('of %s keep their body together', (family, sql) => {
    expect(split(`${sql};`, family)).toEqual([sql])
    expect(splitStatements(sql, family)[0]?.hasBody).toBe(true)
  })

  test('after a body are statements of their own', () => {
    const trigger = 'create trigger t after insert on a begin select 1; end'
    expect(split(`${trigger}; select 2;`, 'sqlite')).toEqual([trigger, 'select 2'])
  })

  test('without a body are not taken for one', () => {
    expect(split('create table trigger_log (a int); create table b (c int)', 'mysql')).toHaveLength(2)
    expect(split('create procedure p() select 1; select 2', 'mysql')).toHaveLength(2)
  })
})
