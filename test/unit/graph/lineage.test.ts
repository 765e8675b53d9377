import { describe, expect, it } from 'vitest'
import {
  findOverlap,
  fullLineageOf,
  lineOf,
  maximal,
  withAncestors,
  withDescendants,
} from '../../../src/graph/lineage.ts'
import { idOf, idsOf, linkRevisions } from '../../../src/graph/links.ts'
import { toRevision } from '../../../src/graph/revision.ts'
import { headersOf } from '../../support/graph-text.ts'

//   x
//   a ── b ──┬── c
//            └── d (dep x) ── e
const links = linkRevisions(headersOf('x; a; b<-a; c<-b; d<-b dep=x; e<-d').map(toRevision))
const number = (id: string): number => links.numbers.get(id) ?? -1
const ids = (numbers: Iterable<number>): string[] => idsOf(links, numbers).sort()

describe('lineage', () => {
  it('of a line follows down revisions only, full lineage dependencies as well', () => {
    expect(ids(lineOf(links, number('d')))).toEqual(['a', 'b', 'd', 'e'])
    expect(ids(fullLineageOf(links, number('d')))).toEqual(['a', 'b', 'd', 'e', 'x'])
    expect(ids(withAncestors(links, [number('e')]))).toEqual(['a', 'b', 'd', 'e', 'x'])
    expect(ids(withDescendants(links, [number('x')]))).toEqual(['d', 'e', 'x'])
  })

  it('tells what is maximal', () => {
    const applied = withAncestors(links, [number('c'), number('d')])

    expect(ids(maximal(links, applied, applied))).toEqual(['c', 'd'])
  })

  it('finds two revisions of which one is below the other', () => {
    const overlap = findOverlap(links, [number('c'), number('x'), number('e')])

    expect(overlap && [idOf(links, overlap.above), idOf(links, overlap.below)]).toEqual(['e', 'x'])
    expect(findOverlap(links, [number('c'), number('e')])).toBeUndefined()
    expect(findOverlap(links, [])).toBeUndefined()
  })
})
