import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'

it('goes down one branch at a time, in load order, and waits at the branch point', () => {
  //   a ──┬── b ── c
  //       └── d ── e
  expect(graph('a; b<-a; c<-b; d<-a; e<-d').history()).toEqual(['c', 'b', 'e', 'd', 'a'])
  expect(graph('a; d<-a; e<-d; b<-a; c<-b').history()).toEqual(['e', 'd', 'c', 'b', 'a'])
})

it('follows the first down revision of a merge first', () => {
  //   a ──┬── b ──┬── m
  //       └── c ──┘
  expect(graph('a; b<-a; c<-a; m<-c,b').history()).toEqual(['m', 'c', 'b', 'a'])
})

it('takes dependencies in the order of the file', () => {
  expect(graph('x; y; a dep=y,x').history()).toEqual(['a', 'y', 'x'])
  expect(graph('x; y; a dep=x,y').history()).toEqual(['a', 'x', 'y'])
})

it('leaves what waits to the walk that began with it', () => {
  //   p ──┬── m1      q joins the front behind m2, and waits for it
  //   q ──┼── m2
  //   r ──┘
  expect(graph('p; q; r; m1<-p,q; m2<-q,r').history()).toEqual(['m1', 'p', 'm2', 'r', 'q'])
})

it('upgrades in the opposite order', () => {
  const fork = graph('a; b<-a; c<-b; d<-a; e<-d')

  expect(fork.planUpgrade([], 'heads').steps.map(({ revision }) => revision)).toEqual(fork.history().reverse())
})
