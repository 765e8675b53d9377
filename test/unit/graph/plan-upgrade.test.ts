import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

const up = (revision: string, ...rows: string[]) => ({ direction: 'upgrade', revision, rows })

describe('planUpgrade', () => {
  it('runs what is missing on a line, oldest first', () => {
    //   a ── b ── c ── d
    const line = graph('a; b<-a; c<-b; d<-c')

    expect(line.planUpgrade(['b'], 'head')).toEqual({ steps: [up('c', 'c'), up('d', 'd')], rows: ['d'] })
  })

  it('keeps the row of a branch that is not asked for', () => {
    //   a ──┬── b ── c (left)
    //       └── d ── e
    const fork = graph('a; b<-a; c<-b; d<-a label=right; e<-d')

    expect(fork.planUpgrade(['c'], 'right@head')).toEqual({
      steps: [up('d', 'c', 'd'), up('e', 'c', 'e')],
      rows: ['c', 'e'],
    })
  })

  it('joins the rows of both sides at a merge', () => {
    //   a ──┬── b ──┬── d
    //       └── c ──┘
    const diamond = graph('a; b<-a; c<-a; d<-b,c')

    expect(diamond.planUpgrade([], 'head')).toEqual({
      steps: [up('a', 'a'), up('c', 'c'), up('b', 'b', 'c'), up('d', 'd')],
      rows: ['d'],
    })
  })

  it('brings dependencies along, whose row is then implied', () => {
    //   x ── y
    //   a ── b (dep y)
    const trees = graph('x; y<-x; a; b<-a dep=y')

    expect(trees.planUpgrade(['a'], 'b')).toEqual({
      steps: [up('x', 'x', 'a'), up('y', 'y', 'a'), up('b', 'b')],
      rows: ['b'],
    })
  })

  it('leaves one row above a merge that also names an ancestor of its other side', () => {
    //   p ──┬── q ──┐
    //       ├── x ──┼── m
    //       └───────┘
    const spliced = graph('p; q<-p; x<-p; m<-q,x,p; z')

    expect(spliced.planUpgrade(['q', 'x', 'z'], 'm')).toEqual({ steps: [up('m', 'm', 'z')], rows: ['m', 'z'] })
  })

  it('has nothing to do for what is applied already', () => {
    //   a ── b ── c
    const line = graph('a; b<-a; c<-b')

    expect(line.planUpgrade(['c'], 'a')).toEqual({ steps: [], rows: ['c'] })
    expect(line.planUpgrade(['c'], 'base')).toEqual({ steps: [], rows: ['c'] })
    expect(line.planUpgrade(['c'], 'current')).toEqual({ steps: [], rows: ['c'] })
  })

  it('goes to several targets at once', () => {
    //   a ──┬── b
    //       ├── c
    //       └── d
    const fan = graph('a; b<-a; c<-a; d<-a')

    expect(fan.planUpgrade(['a'], ['d', 'b']).rows).toEqual(['b', 'd'])
  })

  it('refuses targets of which one is an ancestor of the other', () => {
    //   a ── b ── c
    const line = graph('a; b<-a; c<-b')

    expect(thrownBy(() => line.planUpgrade([], ['a', 'c']))).toMatchObject({
      code: 'REV_GRAPH_OVERLAPPING_TARGETS',
      details: { targets: ['a', 'c'], above: 'c', below: 'a' },
    })
  })

  it('refuses rows of which one is an ancestor of the other', () => {
    //   a ── b ── c
    const line = graph('a; b<-a; c<-b')

    expect(thrownBy(() => line.planUpgrade(['a', 'b'], 'head'))).toMatchObject({
      code: 'REV_GRAPH_OVERLAPPING_ROWS',
      details: { rows: ['a', 'b'], above: 'b', below: 'a' },
    })
  })

  it('refuses rows that no file knows, and never completes one', () => {
    //   abcd1 ── abcd2
    const line = graph('abcd1; abcd2<-abcd1')

    expect(thrownBy(() => line.planUpgrade(['abcd', 'zzz'], 'head'))).toMatchObject({
      code: 'REV_GRAPH_UNKNOWN_ROW',
      details: { rows: ['abcd', 'zzz'], near: ['abcd1', 'abcd2'] },
    })
  })

  it('sends steps down to downgrade', () => {
    expect(thrownBy(() => graph('a; b<-a').planUpgrade(['b'], '-1'))).toMatchObject({
      code: 'REV_GRAPH_WRONG_DIRECTION',
      details: { target: '-1', direction: 'upgrade' },
      hint: 'to go down: rev downgrade -1',
    })
  })

  describe('with only', () => {
    //   a ── b ── c
    const line = graph('a; b<-a; c<-b file=c.ts')

    it('runs exactly the named revision', () => {
      expect(line.planUpgrade(['b'], 'c', { only: true })).toEqual({ steps: [up('c', 'c')], rows: ['c'] })
    })

    it('has nothing to do when it is applied', () => {
      expect(line.planUpgrade(['c'], 'b', { only: true })).toEqual({ steps: [], rows: ['c'] })
    })

    it('names what stands in the way, in the order it would have to run', () => {
      expect(thrownBy(() => line.planUpgrade([], 'c', { only: true }))).toMatchObject({
        code: 'REV_GRAPH_ONLY_BLOCKED',
        details: { revision: 'c', direction: 'upgrade', blockers: [{ revision: 'a' }, { revision: 'b' }] },
      })
    })

    it('needs one revision', () => {
      const fork = graph('a; b<-a; c<-a')

      expect(thrownBy(() => fork.planUpgrade(['a'], 'heads', { only: true }))).toMatchObject({
        code: 'REV_GRAPH_SEVERAL_REVISIONS',
        details: { revisions: ['b', 'c'] },
      })
    })
  })
})
