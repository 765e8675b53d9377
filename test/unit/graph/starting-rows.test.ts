import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   a ──┬── b
//       └── c ── d
const fork = graph('a; b<-a label=left; c<-a; d<-c')

it('takes one place or several joined by commas', () => {
  expect(fork.startingRows('base')).toEqual([])
  expect(fork.startingRows('d,left')).toEqual(['b', 'd'])
  expect(fork.startingRows('left@head')).toEqual(['b'])
  expect(fork.startingRows('b, d')).toEqual(['b', 'd'])
})

it('refuses several heads under one word, rows that overlap, and what needs a database', () => {
  expect(thrownBy(() => fork.startingRows('heads')).code).toBe('REV_GRAPH_MULTIPLE_HEADS')
  expect(thrownBy(() => fork.startingRows('a,d')).code).toBe('REV_GRAPH_OVERLAPPING_START')
  expect(thrownBy(() => fork.startingRows('current')).code).toBe('REV_GRAPH_NO_START')
  expect(thrownBy(() => fork.startingRows('b,')).code).toBe('REV_GRAPH_BAD_TARGET')
})

it('says which range to type instead', () => {
  expect(thrownBy(() => fork.startingRows('heads', ['base'])).details).toMatchObject({
    target: 'heads',
    heads: ['b', 'd'],
    suggestion: 'b,d:base',
  })
  expect(thrownBy(() => fork.startingRows('a,left,d', ['heads'])).details).toEqual({
    start: 'a,left,d',
    above: expect.stringMatching(/^[bd]$/),
    below: 'a',
    suggestion: 'b,d:heads',
  })
  expect(thrownBy(() => fork.startingRows('c,d', ['b', 'a'])).details).toMatchObject({ suggestion: 'd:b d:a' })
})
