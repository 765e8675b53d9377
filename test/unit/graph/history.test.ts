import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   a ── b ──┬── c ── d      label left on c
//            └── e           label right on e
const fork = graph('a; b<-a; c<-b label=left; d<-c; e<-b label=right')

describe('history', () => {
  it('lists everything, newest first', () => {
    expect(fork.history()).toEqual(['d', 'c', 'e', 'b', 'a'])
    expect(graph('').history()).toEqual([])
  })

  it('lists a range with both ends', () => {
    expect(fork.history('b:d')).toEqual(['d', 'c', 'b'])
    expect(fork.history('b:')).toEqual(['d', 'c', 'e', 'b'])
    expect(fork.history(':c')).toEqual(['c', 'b', 'a'])
    expect(fork.history('c:c')).toEqual(['c'])
  })

  it('lists one branch', () => {
    expect(fork.history('right@base:')).toEqual(['e', 'b', 'a'])
    expect(fork.history('c@base:')).toEqual(['d', 'c', 'b', 'a'])
  })

  it('takes a revision for its branch only where one label covers it', () => {
    //   a ── b        no label covers a
    const { code, details } = thrownBy(() => graph('a; b<-a').history('a@base:'))

    expect(code).toBe('REV_GRAPH_BAD_RANGE')
    expect(details).toMatchObject({ range: 'a@base:' })
  })

  it('counts steps of the end from the start, and stops at the end of history', () => {
    expect(fork.history('c:+1')).toEqual(['d', 'c'])
    expect(fork.history('c:+9')).toEqual(['d', 'c'])
    expect(fork.history(':left@+3')).toEqual(['c', 'b', 'a'])
  })

  it('counts steps of the start down from the heads, or from the end when that is below the beginning', () => {
    expect(fork.history('left@-1:')).toEqual(['d', 'c'])
    expect(fork.history('-9:c')).toEqual(['c', 'b', 'a'])
    expect(fork.history('-3:d')).toEqual(['d', 'c', 'b', 'a'])
  })

  it('knows the current rows', () => {
    expect(fork.history('current:', ['c'])).toEqual(['d', 'c'])
    expect(fork.history(':current', ['e'])).toEqual(['e', 'b', 'a'])
    expect(fork.history('current:', [])).toEqual(fork.history())
    expect(thrownBy(() => fork.history('current:')).code).toBe('REV_GRAPH_NO_START')
  })

  it('reaches a head that another branch depends on', () => {
    //   x ── y
    //   a ── b (dep y)
    expect(graph('x; y<-x; a; b<-a dep=y').history('x:')).toEqual(['y', 'x'])
  })

  it('waits for what lies between two revisions of the range, outside of it', () => {
    //   a ──┬── b (newest)     b depends on x, which depends on c
    //       └── c
    const detour = graph('a; c<-a; x dep=c; b<-a dep=x')

    expect(detour.history('a:')).toEqual(['b', 'c', 'a'])
  })

  it('refuses a start that is not below the end', () => {
    expect(thrownBy(() => fork.history('e:d'))).toMatchObject({
      code: 'REV_GRAPH_NOT_AN_ANCESTOR',
      details: { range: 'e:d', start: 'e', end: 'd' },
    })
    expect(thrownBy(() => fork.history('d:c')).code).toBe('REV_GRAPH_NOT_AN_ANCESTOR')
  })
})
