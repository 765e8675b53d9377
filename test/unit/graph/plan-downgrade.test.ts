import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

const down = (revision: string, ...rows: string[]) => ({ direction: 'downgrade', revision, rows })

//   a ──┬── b ── c       label left
//       └── d ── e       label right
const fork = graph('a; b<-a label=left; c<-b; d<-a label=right; e<-d')

describe('planDowngrade', () => {
  it('undoes what was built on the target, newest first', () => {
    //   a ── b ── c ── d
    const line = graph('a; b<-a; c<-b; d<-c')

    expect(line.planDowngrade(['d'], 'b')).toEqual({ steps: [down('d', 'c'), down('c', 'b')], rows: ['b'] })
    expect(line.planDowngrade(['b'], 'base')).toEqual({ steps: [down('b', 'a'), down('a')], rows: [] })
  })

  it('keeps the other branch and its row', () => {
    expect(fork.planDowngrade(['c', 'e'], 'b')).toEqual({ steps: [down('c', 'b', 'e')], rows: ['b', 'e'] })
  })

  it('undoes every branch above a branch point, or the one that is named', () => {
    expect(fork.planDowngrade(['c', 'e'], 'a').rows).toEqual(['a'])
    expect(fork.planDowngrade(['c', 'e'], 'left@a')).toEqual({
      steps: [down('c', 'b', 'e'), down('b', 'e')],
      rows: ['e'],
    })
  })

  it('gives the other side of a merge its row back', () => {
    //   a ──┬── b ──┬── d
    //       └── c ──┘
    const diamond = graph('a; b<-a; c<-a; d<-b,c')

    expect(diamond.planDowngrade(['d'], 'b')).toEqual({ steps: [down('d', 'b', 'c')], rows: ['b', 'c'] })
  })

  it('undoes what depends on something that is undone, and keeps what it depended on', () => {
    //   x ── y
    //   a ── b (dep y)
    const trees = graph('x; y<-x; a; b<-a dep=y')

    expect(trees.planDowngrade(['b'], 'x')).toEqual({
      steps: [down('b', 'y', 'a'), down('y', 'x', 'a')],
      rows: ['x', 'a'],
    })
    expect(trees.planDowngrade(['b'], 'a@base').rows).toEqual(['y'])
  })

  it('does not restore a row that another row implies', () => {
    //   p ── q ──┬── m (dep p)      z
    //        x ──┘
    const merged = graph('p; q<-p; x; m<-q,x dep=p; z')

    expect(merged.planDowngrade(['m', 'z'], 'q')).toEqual({ steps: [down('m', 'q', 'x', 'z')], rows: ['q', 'x', 'z'] })
  })

  it('has nothing to do for an applied revision with nothing applied above it', () => {
    //   x ── y
    //   a ── b (dep x)
    const trees = graph('x; y<-x; a; b<-a dep=x')

    expect(trees.planDowngrade(['b'], 'x')).toEqual({ steps: [], rows: ['b'] })
    expect(trees.planDowngrade(['b'], 'b')).toEqual({ steps: [], rows: ['b'] })
    expect(trees.planDowngrade([], 'base')).toEqual({ steps: [], rows: [] })
  })

  it('refuses a revision that is not applied', () => {
    expect(thrownBy(() => fork.planDowngrade(['c'], 'd'))).toMatchObject({
      code: 'REV_GRAPH_NOT_A_DOWNGRADE_TARGET',
      details: { target: 'd', revision: 'd', rows: ['c'] },
    })
  })

  it('refuses a branch that nothing above the target leads to', () => {
    expect(thrownBy(() => fork.planDowngrade(['c', 'e'], 'a@a'))).toMatchObject({
      code: 'REV_GRAPH_NOT_A_DOWNGRADE_TARGET',
      details: { target: 'a@a', revision: 'a', branch: 'a' },
      hint: 'leave the branch out: rev downgrade a',
    })
  })

  it('heals rows that overlap', () => {
    //   a ── b ── c
    expect(graph('a; b<-a; c<-b').planDowngrade(['a', 'c'], 'b')).toEqual({ steps: [down('c', 'b')], rows: ['b'] })
  })

  describe('by steps', () => {
    it('counts from the one row, along its own branch', () => {
      expect(fork.planDowngrade(['c'], '-1').rows).toEqual(['b'])
      expect(fork.planDowngrade(['c'], '-3')).toEqual({ steps: [down('c', 'b'), down('b', 'a'), down('a')], rows: [] })
    })

    it('names the rows and what to type when there are several', () => {
      expect(thrownBy(() => fork.planDowngrade(['e', 'c'], '-1'))).toMatchObject({
        code: 'REV_GRAPH_AMBIGUOUS_START',
        details: {
          target: '-1',
          rows: ['c', 'e'],
          suggestions: ['rev downgrade c@-1', 'rev downgrade e@-1'],
        },
      })
    })

    it('counts from the row of the named branch', () => {
      expect(fork.planDowngrade(['c', 'e'], 'right@-1')).toEqual({ steps: [down('e', 'c', 'd')], rows: ['c', 'd'] })
      expect(fork.planDowngrade(['c', 'e'], 'right@-2').rows).toEqual(['c'])
    })

    it('counts from a revision that a row of another branch implies', () => {
      //   x
      //   a ── b (dep x)
      const trees = graph('x label=lib; a; b<-a dep=x')

      expect(trees.planDowngrade(['b'], 'lib@-1')).toEqual({
        steps: [down('b', 'x', 'a'), down('x', 'a')],
        rows: ['a'],
      })
    })

    it('counts from any place', () => {
      expect(fork.planDowngrade(['c'], 'c-1').rows).toEqual(['b'])
      expect(fork.planDowngrade(['c'], 'a+0').rows).toEqual(['a'])
      expect(fork.planDowngrade(['c', 'e'], 'left@base+1').rows).toEqual(['e'])
    })

    it('does not choose a side of a merge', () => {
      //   a ──┬── b ──┬── d
      //       └── c ──┘
      const diamond = graph('a; b<-a; c<-a file=c.ts; d<-b,c')

      expect(thrownBy(() => diamond.planDowngrade(['d'], '-1'))).toMatchObject({
        code: 'REV_GRAPH_AMBIGUOUS_STEP',
        details: {
          target: '-1',
          from: 'd',
          direction: 'down',
          ways: [{ revision: 'b' }, { revision: 'c', file: 'c.ts' }],
          suggestion: 'rev downgrade b',
        },
      })
    })

    it('does not go below base, nor up', () => {
      expect(thrownBy(() => fork.planDowngrade(['c'], '-4'))).toMatchObject({
        code: 'REV_GRAPH_TOO_FAR',
        details: { target: '-4', from: 'c', asked: -4, possible: 3 },
      })
      expect(thrownBy(() => fork.planDowngrade([], '-1')).code).toBe('REV_GRAPH_TOO_FAR')
      expect(thrownBy(() => fork.planDowngrade(['c'], '+1')).code).toBe('REV_GRAPH_WRONG_DIRECTION')
    })
  })

  it('does not call it done when only other branches stand on the place', () => {
    expect(thrownBy(() => fork.planDowngrade(['e'], 'left@a'))).toMatchObject({
      code: 'REV_GRAPH_NOT_A_DOWNGRADE_TARGET',
      details: { revision: 'a', branch: 'left' },
    })
    expect(fork.planDowngrade(['a'], 'left@a')).toEqual({ steps: [], rows: ['a'] })
  })

  describe('with only', () => {
    it('reverts exactly the named revision', () => {
      expect(fork.planDowngrade(['c', 'e'], 'c', { only: true })).toEqual({
        steps: [down('c', 'b', 'e')],
        rows: ['b', 'e'],
      })
      expect(fork.planDowngrade(['c'], 'current', { only: true }).rows).toEqual(['b'])
    })

    it('names what stands in the way, in the order it would have to be reverted', () => {
      expect(thrownBy(() => fork.planDowngrade(['c'], 'a', { only: true }))).toMatchObject({
        code: 'REV_GRAPH_ONLY_BLOCKED',
        details: { revision: 'a', direction: 'downgrade', blockers: [{ revision: 'c' }, { revision: 'b' }] },
      })
    })

    it('refuses what is not applied, and what is no revision', () => {
      expect(thrownBy(() => fork.planDowngrade(['c'], 'e', { only: true })).code).toBe('REV_GRAPH_NOT_APPLIED')
      expect(thrownBy(() => fork.planDowngrade(['c'], '-1', { only: true })).code).toBe('REV_GRAPH_BAD_TARGET')
      expect(thrownBy(() => fork.planDowngrade(['c'], 'base', { only: true })).code).toBe('REV_GRAPH_SEVERAL_REVISIONS')
    })
  })
})
