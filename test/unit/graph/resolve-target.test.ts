import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   a ──┬── b ── c       label left
//       └── d ── e       label right
const fork = graph('a; b<-a label=left; c<-b; d<-a label=right; e<-d')

describe('steps up', () => {
  it('count from the row, from base, or from any place', () => {
    expect(fork.planUpgrade([], '+1').rows).toEqual(['a'])
    expect(fork.planUpgrade(['b'], '+1').rows).toEqual(['c'])
    expect(fork.planUpgrade([], 'base+1').rows).toEqual(['a'])
    expect(fork.planUpgrade([], 'd+1').rows).toEqual(['e'])
    expect(fork.planUpgrade(['b'], 'current+1').rows).toEqual(['c'])
  })

  it('go the way that the branch says', () => {
    expect(fork.planUpgrade(['a'], 'left@+1').rows).toEqual(['b'])
    expect(fork.planUpgrade(['c'], 'right@+2').rows).toEqual(['c', 'e'])
    expect(fork.planUpgrade(['a'], 'right@a+1').rows).toEqual(['d'])
  })

  it('name the ways and what to type where nothing decides', () => {
    expect(thrownBy(() => fork.planUpgrade(['a'], '+1'))).toMatchObject({
      code: 'REV_GRAPH_AMBIGUOUS_STEP',
      details: {
        from: 'a',
        direction: 'up',
        ways: [{ revision: 'b' }, { revision: 'd' }],
        suggestion: 'rev upgrade left@+1',
      },
    })
  })

  it('name the rows when there are several', () => {
    expect(thrownBy(() => fork.planUpgrade(['b', 'd'], '+1'))).toMatchObject({
      code: 'REV_GRAPH_AMBIGUOUS_START',
      details: { rows: ['b', 'd'], suggestions: ['rev upgrade b@+1', 'rev upgrade d@+1'] },
    })
  })

  it('never go to a dependent, and not beyond the end', () => {
    //   x
    //   a ── b (dep x)
    const trees = graph('x label=lib; a; b<-a dep=x')

    expect(thrownBy(() => trees.planUpgrade(['x'], '+1'))).toMatchObject({
      code: 'REV_GRAPH_TOO_FAR',
      details: { target: '+1', from: 'x', asked: 1, possible: 0 },
    })
  })

  it('of a branch that another row implies count from there', () => {
    //   x ── y
    //   a ── b (dep x)
    const trees = graph('x label=lib; y<-x; a; b<-a dep=x')

    expect(trees.planUpgrade(['b'], 'lib@+1').rows).toEqual(['y', 'b'])
  })
})

describe('resolve', () => {
  it('finds revisions by places, names and steps', () => {
    expect(fork.resolve('heads')).toEqual(['c', 'e'])
    expect(fork.resolve('left@head')).toEqual(['c'])
    expect(fork.resolve('right')).toEqual(['d'])
    expect(fork.resolve('base')).toEqual([])
    expect(fork.resolve('left@base')).toEqual([])
    expect(fork.resolve('c-1')).toEqual(['b'])
    expect(fork.resolve('left@head-2')).toEqual(['a'])
    expect(fork.resolve('b+0')).toEqual(['b'])
  })

  it('takes steps down alone from every effective head, or from those of a branch', () => {
    expect(fork.resolve('-1')).toEqual(['b', 'd'])
    expect(fork.resolve('right@-1')).toEqual(['d'])
    expect(fork.resolve('-2')).toEqual(['a'])
  })

  it('knows the current rows when it is told', () => {
    expect(fork.resolve('current', ['e', 'b'])).toEqual(['b', 'e'])
    expect(fork.resolve('left@current', ['e', 'b'])).toEqual(['b'])
    expect(fork.resolve('current+1', ['b'])).toEqual(['c'])
    expect(fork.resolve('current', [])).toEqual([])
    expect(thrownBy(() => fork.resolve('current')).code).toBe('REV_GRAPH_NO_START')
    expect(thrownBy(() => fork.resolve('current', ['nosuch'])).code).toBe('REV_GRAPH_UNKNOWN_ROW')
  })

  it('has nothing to count steps up from', () => {
    expect(thrownBy(() => fork.resolve('+1', ['a']))).toMatchObject({
      code: 'REV_GRAPH_NO_START',
      details: { target: '+1' },
    })
  })

  it('does not step below the first revision', () => {
    expect(thrownBy(() => fork.resolve('c-3'))).toMatchObject({
      code: 'REV_GRAPH_TOO_FAR',
      details: { from: 'c', asked: -3, possible: 2 },
    })
    expect(thrownBy(() => fork.resolve('base-1')).code).toBe('REV_GRAPH_TOO_FAR')
    expect(thrownBy(() => fork.planUpgrade([], 'a-1')).code).toBe('REV_GRAPH_TOO_FAR')
  })
})
