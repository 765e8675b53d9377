import { describe, expect, it } from 'vitest'
import { crowdedLabels } from '../../../src/graph/heads-per-label.ts'
import { graph } from '../../support/graph-text.ts'

describe('crowdedLabels', () => {
  it('is content with one head', () => {
    //  a ── b
    expect(crowdedLabels(graph('a; b<-a'))).toEqual([])
  })

  it('is content with one head for each declared label', () => {
    //  a (main) ──┬── c
    //             └── x (billing) ── y
    expect(crowdedLabels(graph('a label=main; c<-a; x<-a label=billing; y<-x'))).toEqual([])
  })

  it('allows one line of history without a label beside labelled ones', () => {
    //  a ── b
    //  x (billing) ── y
    expect(crowdedLabels(graph('a; b<-a; x label=billing; y<-x'))).toEqual([])
  })

  it('names two heads that no label covers', () => {
    //  a ──┬── b
    //      └── c
    expect(crowdedLabels(graph('a; b<-a; c<-a'))).toEqual([{ label: undefined, heads: ['b', 'c'] }])
  })

  it('names two heads under one label, although a label further down could be shared out', () => {
    //  a (main) ── x (billing) ──┬── y
    //                            └── z
    expect(crowdedLabels(graph('a label=main; x<-a label=billing; y<-x; z<-x'))).toEqual([
      { label: 'billing', heads: ['y', 'z'] },
    ])
  })

  it('counts a merged head for both of its labels', () => {
    //  a (main) ──┬── b ──────── m
    //             │            ╱
    //             └── x (billing)
    //  and d on top of b: a second head of main
    expect(crowdedLabels(graph('a label=main; b<-a; x<-a label=billing; m<-b,x; d<-b'))).toEqual([
      { label: 'main', heads: ['m', 'd'] },
    ])
  })
})
