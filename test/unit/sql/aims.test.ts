import { describe, expect, test } from 'vitest'
import { mysqlAim } from '../../../src/sql/mysql-aim.ts'
import { postgresqlAim } from '../../../src/sql/postgresql-aim.ts'

const table = (name: string, schema?: string) => ({ schema, name, type: 'table' })

describe('what a definition of MySQL and MariaDB aims at', () => {
  test.each([
    ['create table `a b` (x int)', 'create', [table('a b')]],
    ['create table if not exists s.t (x int)', 'create', [table('t', 's')]],
    ['create or replace algorithm = merge definer = `root`@`%` view v as select 1', 'create', [table('v')]],
    ['alter table t add index (x)', 'alter', [table('t')]],
    ['alter table t rename column a to b', 'alter', [table('t')]],
    ['alter table `t` add c int, rename to `u`', 'alter', [table('t'), table('u')]],
    ['create unique index i on t (x)', 'alter', [table('t')]],
    ['drop index i on `t`', 'alter', [table('t')]],
    ['drop table if exists a, `b`', 'drop', [table('a'), table('b')]],
    ['rename table a to b', 'alter', [table('a'), table('b')]],
    [
      'create trigger g before insert on t for each row set new.a = 1',
      'create',
      [{ schema: undefined, name: 'g', type: 'trigger' }],
    ],
    [
      'create definer = a procedure p() begin select 1; select 2; end',
      'create',
      [{ schema: undefined, name: 'p', type: 'procedure' }],
    ],
    ['create database d', 'create', [{ schema: undefined, name: 'd', type: 'database' }]],
  ] as const)('%s', (sql, verb, objects) => {
    expect(mysqlAim(sql)).toEqual({ kind: 'objects', verb, objects })
  })

  test.each([
    ['optimize table t', 'repeatable'],
    ['grant select on t to a', 'repeatable'],
    ['truncate t', 'unknown'],
    ['call fill()', 'unknown'],
    ['create user a', 'unknown'],
    ['drop table a; drop table b', 'unknown'],
    ['rename table a to c, b to a, c to b', 'unknown'],
    ['alter table t exchange partition p with table s', 'unknown'],
    ['create or replace table t (a int)', 'unknown'],
  ] as const)('%s: %s', (sql, kind) => {
    expect(mysqlAim(sql).kind).toBe(kind)
  })
})

describe('what a statement aims at that PostgreSQL refuses in a transaction', () => {
  test.each([
    [
      'create unique index concurrently if not exists "My Index" on only s.t (x)',
      { kind: 'create-index', name: 'My Index', table: { schema: 's', name: 't' } },
    ],
    [
      'CREATE INDEX CONCURRENTLY ON T (x)',
      { kind: 'create-index', name: undefined, table: { schema: undefined, name: 't' } },
    ],
    [
      'drop index concurrently if exists s.i, j',
      {
        kind: 'drop-index',
        indexes: [
          { schema: 's', name: 'i' },
          { schema: undefined, name: 'j' },
        ],
      },
    ],
    ["alter type s.mood add value 'x'", { kind: 'enum-value', type: { schema: 's', name: 'mood' } }],
    ['create database d', { kind: 'named', catalogue: 'pg_database', name: 'd' }],
    ['vacuum analyze t;', { kind: 'repeatable' }],
    ['reindex index concurrently s.i', { kind: 'repeatable', reindexed: { schema: 's', name: 'i' } }],
    ['call fill()', { kind: 'unknown' }],
    ['create index concurrently i on t (x); create index concurrently j on t (y)', { kind: 'unknown' }],
  ] as const)('%s', (sql, aim) => {
    expect(postgresqlAim(sql)).toEqual(aim)
  })
})
