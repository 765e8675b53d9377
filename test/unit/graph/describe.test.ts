import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'

it('describes a revision with everything derived from the graph', () => {
  //   a ──┬── b ──┬── d (dep lib, e)
  //       └── c ──┘
  //   x (lib)      e
  const found = graph('a; b<-a label=left file=b.ts; c<-a; d<-b,c dep=lib,e; x label=lib; e')

  expect(found.describe('d')).toEqual({
    revision: 'd',
    message: '',
    file: undefined,
    downRevisions: ['b', 'c'],
    dependsOn: ['x', 'e'],
    effectiveDownRevisions: ['b', 'c', 'x', 'e'],
    children: [],
    dependents: [],
    branchLabels: [],
    labels: ['left'],
    isBase: false,
    isEffectiveBase: false,
    isHead: true,
    isEffectiveHead: true,
    isBranchPoint: false,
    isEffectiveBranchPoint: false,
    isMergePoint: true,
  })
  expect(found.describe('a')).toMatchObject({ children: ['b', 'c'], isBranchPoint: true, isBase: true, labels: [] })
  expect(found.describe('b')).toMatchObject({ branchLabels: ['left'], file: 'b.ts' })
  expect(found.describe('x')).toMatchObject({ dependents: ['d'], isHead: true, isEffectiveHead: false })
})

it('counts a child and a dependent together as an effective branch point', () => {
  //   a ── b
  //   c (dep a)
  const found = graph('a; b<-a; c dep=a')

  expect(found.describe('a')).toMatchObject({ isBranchPoint: false, isEffectiveBranchPoint: true })
  expect(found.describe('c')).toMatchObject({ isBase: true, isEffectiveBase: false })
})
