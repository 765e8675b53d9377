import { describe, expect, test } from 'vitest'
import { effectOf, mayStopHalfWay } from '../../../src/sql/statement-effect.ts'

describe('the effect of a statement of MySQL and MariaDB', () => {
  test.each([
    ['insert into t values (1)', 'atomic'],
    ['-- why\nupdate t set a = 1', 'atomic'],
    ['with x as (select 1) select * from x', 'reads'],
    ['with x as (select 1 as a) delete from t where a in (select a from x)', 'atomic'],
    ["load data infile 'x' into table t", 'atomic'],
    ['select * from t for update', 'reads'],
    ['show create table t', 'reads'],
    ['set foreign_key_checks = 0', 'session'],
    ["set password for a = 'x'", 'commits'],
    ['use other', 'session'],
    ['set @id = 1', 'session'],
    ['set statement max_statement_time = 1 for insert into t values (2)', 'atomic'],
    ['set statement lock_wait_timeout = 1 for alter table t add a int', 'commits'],
    ['lock tables t write', 'session'],
    ['create temporary table t (a int)', 'temporary'],
    ['drop temporary table t', 'session'],
    ['create table t (a int)', 'commits'],
    ['/*!40101 alter table t add b int */', 'commits'],
    ['truncate t', 'commits'],
    ['optimize table t', 'commits'],
    ['grant select on *.* to a', 'commits'],
    ['call fill()', 'commits'],
    ['start transaction', 'control'],
    ['savepoint a', 'control'],
    ['insert into t values (1); insert into t values (2)', 'atomic'],
    ['insert into t values (1); create table u (a int)', 'commits'],
    ['begin; insert into t values (1); commit', 'commits'],
    ["insert into t values ('", 'commits'],
    ['-- nothing', 'reads'],
  ] as const)('%s: %s', (sql, effect) => {
    expect(effectOf(sql, 'mysql')).toBe(effect)
  })
})

describe('the effect of a statement of PostgreSQL', () => {
  test.each([
    ['create table t (a int)', 'atomic'],
    ['create index i on t (a)', 'atomic'],
    ['create index concurrently i on t (a)', 'commits'],
    ['drop index concurrently i', 'commits'],
    ['alter table t detach partition p concurrently', 'commits'],
    [`comment on table t is 'built concurrently'`, 'atomic'],
    ['vacuum t', 'commits'],
    ['create database d', 'commits'],
    ["alter type mood add value 'x'", 'commits'],
    ['call fill()', 'commits'],
    ['do $$ begin perform 1; end $$', 'atomic'],
    ['do $$ begin insert into t values (1); commit; end $$', 'commits'],
    ['select * from t', 'reads'],
    ['execute p(1)', 'atomic'],
    ['explain analyze insert into t values (1)', 'atomic'],
    ["select to_regclass('t') is not null as there", 'reads'],
    ['select exists (select 1 from t)', 'reads'],
    ['select a into u from t', 'atomic'],
    ['select * from t for update', 'reads'],
    ['with x as (insert into t values (1) returning a) select * from x', 'atomic'],
    ["set lock_timeout = '1s'", 'session'],
    ['prepare p as select 1', 'session'],
    ["prepare transaction 'x'", 'commits'],
    ['create temp table t (a int)', 'temporary'],
    ['commit', 'control'],
    ['create table t (a int); create table u (a int)', 'atomic'],
    ['set a.b = 1; insert into t values (1)', 'atomic'],
  ] as const)('%s: %s', (sql, effect) => {
    expect(effectOf(sql, 'postgresql')).toBe(effect)
  })
})

describe('the effect of a statement of SQLite', () => {
  test.each([
    ['create table t (a int)', 'atomic'],
    ['vacuum', 'commits'],
    ['pragma foreign_keys = on', 'session'],
    ['create temp table t (a int)', 'temporary'],
    ['create trigger g after insert on t begin delete from u; end', 'atomic'],
    ['insert into t values (1) returning a', 'atomic'],
    ['explain query plan select 1', 'reads'],
  ] as const)('%s: %s', (sql, effect) => {
    expect(effectOf(sql, 'sqlite')).toBe(effect)
  })
})

test.each([
  ['create table t (a int)', false],
  ['call fill()', true],
  ['insert into t values (1); insert into t values (2)', true],
] as const)('whether "%s" may stop half way', (sql, expected) => {
  expect(mayStopHalfWay(sql, 'mysql')).toBe(expected)
})
