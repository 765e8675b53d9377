import { expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'

const labelsOf = (text: string): Record<string, readonly string[]> => {
  const found = graph(text)
  return Object.fromEntries(found.ids().map((id) => [id, found.describe(id).labels]))
}

it('gives a label to the whole of a plain line', () => {
  //   a ── b (x) ── c
  expect(labelsOf('a; b<-a label=x; c<-b')).toEqual({ a: ['x'], b: ['x'], c: ['x'] })
})

it('stops below at the branch point, which does not get it, whatever stands above', () => {
  //   a ──┬── b ── c (x) ──┬── d
  //       └── o            └── e
  expect(labelsOf('a; o<-a; b<-a; c<-b label=x; d<-c; e<-c')).toEqual({
    a: [],
    o: [],
    b: ['x'],
    c: ['x'],
    d: ['x'],
    e: ['x'],
  })
})

it('stops below at a merge point, and at one that carries the label itself', () => {
  //   a ──┬── m ── n (x)
  //   b ──┘
  expect(labelsOf('a; b; m<-a,b; n<-m label=x')).toEqual({ a: [], b: [], m: [], n: ['x'] })
  expect(labelsOf('a; b; m<-a,b label=x; n<-m')).toEqual({ a: [], b: [], m: ['x'], n: ['x'] })
})

it('counts a child and a dependent as a branch point, a dependent alone not', () => {
  expect(labelsOf('a; b<-a; c<-b label=x; o dep=b')).toMatchObject({ a: [], b: [], c: ['x'], o: [] })
  expect(labelsOf('a; b<-a label=x; o dep=b')).toEqual({ a: ['x'], b: ['x'], o: [] })
})

it('carries the labels of both sides through a merge', () => {
  //   a ──┬── b (left) ───┬── d
  //       └── c (right) ──┘
  expect(labelsOf('a; b<-a label=left; c<-a label=right; d<-b,c').d).toEqual(['left', 'right'])
})
