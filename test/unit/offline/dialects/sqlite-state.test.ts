import { expect, test } from 'vitest'
import { SchemaChanges } from '../../../../src/offline/dialects/sqlite/schema-changes.ts'
import { SessionState } from '../../../../src/offline/dialects/sqlite/session-state.ts'

const counted = (...statements: readonly string[]): number => {
  const changes = new SchemaChanges()
  for (const sql of statements) changes.hear(sql)
  return changes.least
}

test('counts the statements that must change the schema', () => {
  expect(
    counted('create table a (b)', '-- c\n/* d */ DROP INDEX i', 'ALTER TABLE a ADD c', 'insert into a values (1)'),
  ).toBe(3)
  expect(
    counted(
      'create table if not exists a (b)',
      'drop view if exists v',
      'create unique index if not exists i on a (b)',
    ),
  ).toBe(0)
  expect(counted('create unique index i on a (b)', 'CREATE VIEW "if" AS SELECT 1')).toBe(2)
})

test('says nothing where the counter of the schema may be another one', () => {
  expect(counted('create table a (b)', 'create temp table c (d)', 'drop table c')).toBe(0)
  expect(counted('CREATE TEMPORARY TABLE a (b)')).toBe(0)
  expect(counted("attach 'x' as x", 'create table x.a (b)')).toBe(0)
  expect(counted('create table a (b)', 'pragma schema_version = 1')).toBe(0)
})

test('says nothing of a step in which something was taken back, and counts anew in the next', () => {
  const changes = new SchemaChanges()
  changes.hear('create table a (b)')
  changes.doubt()
  changes.hear('create table b (b)')
  expect(changes.least).toBe(0)
  changes.restart()
  changes.hear('create table c (b)')
  expect(changes.least).toBe(1)
})

test('writes the pragma of foreign keys only where it changes something', () => {
  const state = new SessionState(true, true)
  expect(state.setForeignKeys(true)).toBe('')
  expect(state.setForeignKeys(false)).toBe('PRAGMA foreign_keys = OFF;\n')
  expect(state.setForeignKeys(false)).toBe('')
  expect(new SessionState(true, undefined).setForeignKeys(false)).toBe('PRAGMA foreign_keys = OFF;\n')
})

test.each([
  ['PRAGMA foreign_keys = OFF', false],
  ['pragma main.foreign_keys=0', false],
  ["PRAGMA foreign_keys('no')", false],
  ['PRAGMA foreign_keys(ON)', true],
  ['PRAGMA foreign_keys = 1', true],
  ['PRAGMA foreign_keys', true],
  ['PRAGMA foreign_key_check', true],
])('hears %s', (sql, on) => {
  const state = new SessionState(true, true)
  state.hear(sql)
  expect(state.foreignKeys).toBe(on)
  expect(state.foreignKeysBetween).toBe(on)
})

test('does as SQLite, which ignores the pragma in a transaction', () => {
  const state = new SessionState(true, true)
  state.isOpen = true
  state.hear('PRAGMA foreign_keys = OFF')
  expect(state.foreignKeys).toBe(true)
})
