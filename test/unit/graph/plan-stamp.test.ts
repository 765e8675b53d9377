import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

const stamp = (revision: string, ...rows: string[]) => ({ direction: 'stamp', revision, rows })

//   a ──┬── b ── c       label left
//       └── d ── e       label right
const fork = graph('a; b<-a label=left; c<-b; d<-a label=right; e<-d')

describe('planStamp', () => {
  it('writes a row for each destination', () => {
    expect(fork.planStamp([], 'heads')).toEqual({ steps: [stamp('c', 'c'), stamp('e', 'c', 'e')], rows: ['c', 'e'] })
  })

  it('replaces the rows of the same lineage, up and down, and leaves the others', () => {
    expect(fork.planStamp(['c', 'e'], 'b')).toEqual({ steps: [stamp('b', 'b', 'e')], rows: ['b', 'e'] })
    expect(fork.planStamp(['b', 'e'], 'c').rows).toEqual(['c', 'e'])
    expect(fork.planStamp(['c', 'e'], 'a').rows).toEqual(['a'])
  })

  it('undoes a merge into two rows', () => {
    //   a ──┬── b ──┬── m
    //       └── c ──┘
    const diamond = graph('a; b<-a; c<-a; m<-b,c')

    expect(diamond.planStamp(['m'], ['b', 'c'])).toEqual({
      steps: [stamp('b', 'b'), stamp('c', 'b', 'c')],
      rows: ['b', 'c'],
    })
    expect(diamond.planStamp(['m'], 'b').rows).toEqual(['b'])
  })

  it('knows lineage through dependencies', () => {
    //   x
    //   a ── b (dep x)
    expect(graph('x; a; b<-a dep=x').planStamp(['b'], 'x').rows).toEqual(['x'])
  })

  it('does nothing when the rows say so already, and counts a destination once', () => {
    expect(fork.planStamp(['c', 'e'], 'heads')).toEqual({ steps: [], rows: ['c', 'e'] })
    expect(fork.planStamp([], ['c', 'c'])).toEqual({ steps: [stamp('c', 'c')], rows: ['c'] })
  })

  it('heals rows that overlap', () => {
    expect(fork.planStamp(['a', 'c'], 'c')).toEqual({ steps: [stamp('c', 'c')], rows: ['c'] })
  })

  it('removes all rows for base, and those of a branch for the base of that branch', () => {
    //   a ── b      x ── y
    const trees = graph('a label=one; b<-a; x label=two; y<-x')

    expect(trees.planStamp(['b', 'y'], 'base')).toEqual({ steps: [stamp('base')], rows: [] })
    expect(trees.planStamp(['b', 'y'], 'two@base')).toEqual({ steps: [stamp('base', 'b')], rows: ['b'] })
    expect(trees.planStamp([], 'base')).toEqual({ steps: [], rows: [] })
    expect(trees.planStamp(['b'], ['base', 'y']).rows).toEqual(['b', 'y'])
  })

  it('counts steps from the rows, or from the heads when there are none', () => {
    expect(fork.planStamp(['c'], '-1').rows).toEqual(['b'])
    expect(fork.planStamp(['b'], '+1').rows).toEqual(['c'])
    expect(fork.planStamp(['a'], 'current-1').rows).toEqual([])
    expect(fork.planStamp([], '-1').rows).toEqual(['b', 'd'])
    expect(thrownBy(() => fork.planStamp(['a'], '+1'))).toMatchObject({
      code: 'REV_GRAPH_AMBIGUOUS_STEP',
      details: { suggestion: 'rev stamp left@+1' },
    })
  })

  it('refuses destinations of which one is an ancestor of the other', () => {
    expect(thrownBy(() => fork.planStamp([], ['a', 'c']))).toMatchObject({
      code: 'REV_GRAPH_OVERLAPPING_TARGETS',
      details: { above: 'c', below: 'a' },
    })
  })

  it('refuses unknown rows, unless they are purged', () => {
    expect(thrownBy(() => fork.planStamp(['nosuch', 'c'], 'b')).code).toBe('REV_GRAPH_UNKNOWN_ROW')
    expect(fork.planStamp(['nosuch', 'c'], 'e', { purge: true })).toEqual({ steps: [stamp('e', 'e')], rows: ['e'] })
    expect(fork.planStamp(['nosuch'], 'base', { purge: true })).toEqual({ steps: [stamp('base')], rows: [] })
    expect(fork.planStamp(['c'], 'c', { purge: true })).toEqual({ steps: [], rows: ['c'] })
  })
})
