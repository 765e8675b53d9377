import { expect, it } from 'vitest'
import { linkRevisions } from '../../../src/graph/links.ts'
import { toRevision } from '../../../src/graph/revision.ts'
import { headersOf } from '../../support/graph-text.ts'

it('ties revisions together in load order, whatever order they depend on', () => {
  //   a ── c (dep the label x, and b)
  //   b (x)
  const links = linkRevisions(headersOf('c<-a dep=x,b; b label=x; a').map(toRevision))

  expect(links.down).toEqual([[2], [], []])
  expect(links.dependsOn).toEqual([[1], [], []])
  expect(links.below).toEqual([[2, 1], [], []])
  expect(links.children).toEqual([[], [], [0]])
  expect(links.dependents).toEqual([[], [0], []])
  expect(links.above).toEqual([[], [0], [0]])
})

it('counts what is both a down revision and a dependency once', () => {
  const links = linkRevisions(headersOf('a; b<-a dep=a').map(toRevision))

  expect(links.below).toEqual([[], [0]])
  expect(links.above).toEqual([[1], []])
})

it('leaves out names that nothing answers to', () => {
  expect(linkRevisions(headersOf('a<-nosuch dep=nothing').map(toRevision)).below).toEqual([[]])
})
