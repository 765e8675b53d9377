import { expect, test } from 'vitest'
import { OwnSavepoints } from '../../../src/offline/dialects/sqlite/own-savepoints.ts'

/** Hears the statements, before each of which one more thing was proven; gives what each goes back to. */
function heard(...statements: readonly string[]): (number | undefined)[] {
  const savepoints = new OwnSavepoints()
  return statements.map((sql, proven) => savepoints.hear(sql, proven))
}

test('what goes back to a savepoint loses what was proven since', () => {
  expect(heard('savepoint a', 'insert into t values (1)', 'rollback to a')).toEqual([undefined, undefined, 0])
})

test('a savepoint that was gone back to is still there, and those in it are not', () => {
  expect(heard('savepoint a', 'savepoint b', 'rollback to a', 'rollback to b', 'rollback to a')).toEqual([
    undefined,
    undefined,
    0,
    undefined,
    0,
  ])
})

test('one that was released is gone, with those in it; of two of one name it is the inner one', () => {
  expect(heard('savepoint a', 'savepoint b', 'release a', 'rollback to b', 'rollback to a')).toEqual(
    Array(5).fill(undefined),
  )
  expect(heard('savepoint a', 'savepoint a', 'rollback to a', 'release a', 'rollback to a')).toEqual([
    undefined,
    undefined,
    1,
    undefined,
    0,
  ])
})

test.each([
  ['savepoint a', 'ROLLBACK TRANSACTION TO SAVEPOINT A;'],
  ['savepoint "a"', 'rollback to[a]'],
  ['SAVEPOINT/* a comment */`a`', '-- another\nrollback to savepoint "A"'],
  ['savepoint a;', "rollback to 'a'"],
  ['savepoint "a""b"', 'rollback to "a""b"'],
])('is the same however it is written: %s, %s', (set, back) => {
  expect(heard(set, back)).toEqual([undefined, 0])
})

test.each([
  ['savepoint "a""b"', 'rollback to "a"'],
  ['savepoint a', 'rollback'],
  ['savepoint a', "insert into t values ('rollback to a')"],
  ["select 'savepoint a'", 'rollback to a'],
])('is no way back: %s, %s', (set, back) => {
  expect(heard(set, back)).toEqual([undefined, undefined])
})

test('those of a step end with it', () => {
  const savepoints = new OwnSavepoints()
  savepoints.hear('savepoint a', 0)
  savepoints.restart()
  expect(savepoints.hear('rollback to a', 1)).toBeUndefined()
})
