import { expect, it } from 'vitest'
import { toRevision } from '../../../src/graph/revision.ts'

it('makes lists of none, one and several, without repeats', () => {
  expect(toRevision({ revision: 'a', down_revision: null })).toEqual({
    revision: 'a',
    downRevisions: [],
    dependsOn: [],
    branchLabels: [],
    message: '',
    file: undefined,
  })
  const all = { down_revision: ['a', 'b', 'a'], depends_on: 'x', branch_labels: ['l'], message: 'm', file: 'f.ts' }
  expect(toRevision({ revision: 'c', ...all })).toEqual({
    revision: 'c',
    downRevisions: ['a', 'b'],
    dependsOn: ['x'],
    branchLabels: ['l'],
    message: 'm',
    file: 'f.ts',
  })
})

it('freezes what it makes, and does not hold on to the header', () => {
  const down = ['a']
  const revision = toRevision({ revision: 'b', down_revision: down })
  down.push('z')

  expect(revision.downRevisions).toEqual(['a'])
  expect([revision, revision.downRevisions, revision.dependsOn].every(Object.isFrozen)).toBe(true)
})
