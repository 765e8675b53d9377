import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'

it('leaves out a dependency that the line below declares already', () => {
  //   x
  //   a ── b (dep x) ── c (dep x)
  const found = graph('x; a; b<-a dep=x; c<-b dep=x')

  expect(found.describe('b').effectiveDownRevisions).toEqual(['a', 'x'])
  expect(found.describe('c').effectiveDownRevisions).toEqual(['b'])
})

it('keeps a dependency that only another branch declares', () => {
  //   x
  //   a ──┬── b (dep x)
  //       └── c (dep x)
  const found = graph('x; a; b<-a dep=x; c<-a dep=x')

  expect(found.describe('c').effectiveDownRevisions).toEqual(['a', 'x'])
})

it('keeps a dependency that is also a down revision', () => {
  //   a ── b (dep a) ── c (dep a)
  const found = graph('a; b<-a dep=a; c<-b,a dep=a')

  expect(found.describe('c').effectiveDownRevisions).toEqual(['b', 'a'])
})
