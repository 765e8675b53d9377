import { expect, it } from 'vitest'
import { rowChanges } from '../../../src/graph/version-rows.ts'

it('moves one row', () => {
  expect(rowChanges(['a'], ['b'])).toEqual([{ kind: 'update', from: 'a', to: 'b' }])
})

it('inserts the first row and a further branch, and deletes the last row', () => {
  expect(rowChanges([], ['a'])).toEqual([{ kind: 'insert', revision: 'a' }])
  expect(rowChanges(['a'], ['a', 'b'])).toEqual([{ kind: 'insert', revision: 'b' }])
  expect(rowChanges(['a'], [])).toEqual([{ kind: 'delete', revision: 'a' }])
})

it('joins rows at a merge and parts them again', () => {
  expect(rowChanges(['a', 'b', 'z'], ['m', 'z'])).toEqual([
    { kind: 'delete', revision: 'a' },
    { kind: 'update', from: 'b', to: 'm' },
  ])
  expect(rowChanges(['m', 'z'], ['a', 'b', 'z'])).toEqual([
    { kind: 'update', from: 'm', to: 'b' },
    { kind: 'insert', revision: 'a' },
  ])
})

it('changes nothing when the rows are the same in another order', () => {
  expect(rowChanges(['b', 'a'], ['a', 'b'])).toEqual([])
})
