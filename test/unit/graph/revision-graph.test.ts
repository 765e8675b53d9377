import { describe, expect, it } from 'vitest'
import { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import { graph, headersOf } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   a ──┬── b ── m      x (dep by c)
//       └── c ──┘
const found = graph('x; c<-a dep=x; a; b<-a; m<-b,c; y')

describe('RevisionGraph', () => {
  it('lists in load order', () => {
    expect(found.size).toBe(6)
    expect(found.ids()).toEqual(['x', 'c', 'a', 'b', 'm', 'y'])
    expect(found.heads()).toEqual(['x', 'm', 'y'])
    expect(found.effectiveHeads()).toEqual(['m', 'y'])
    expect(found.bases()).toEqual(['x', 'a', 'y'])
    expect(found.branchPoints()).toEqual(['a'])
  })

  it('may be empty', () => {
    const empty = RevisionGraph.from([])

    expect([empty.size, empty.heads(), empty.bases(), empty.history()]).toEqual([0, [], [], []])
    expect(empty.planUpgrade([], 'head')).toEqual({ steps: [], rows: [] })
  })

  it('takes headers from anything that can be walked', () => {
    function* headers() {
      yield* headersOf('a; b<-a')
    }

    expect(RevisionGraph.from(headers()).heads()).toEqual(['b'])
  })

  it('gives a revision by its exact id only', () => {
    expect(found.get('m').downRevisions).toEqual(['b', 'c'])
    expect([found.has('m'), found.has('mm')]).toEqual([true, false])
    expect(thrownBy(() => found.get('nosuch'))).toMatchObject({
      code: 'REV_GRAPH_UNKNOWN_REVISION',
      details: { name: 'nosuch', near: [] },
    })
    expect(thrownBy(() => found.describe('nosuch')).code).toBe('REV_GRAPH_UNKNOWN_REVISION')
  })

  it('does not change when it is asked', () => {
    const before = JSON.stringify([found.history(), found.ids().map((id) => found.describe(id))])

    found.planUpgrade([], 'heads')
    found.planDowngrade(['m', 'y'], 'base')
    found.planStamp(['m'], 'a')

    expect(JSON.stringify([found.history(), found.ids().map((id) => found.describe(id))])).toBe(before)
  })
})
