import { describe, expect, it } from 'vitest'
import { graph } from '../../support/graph-text.ts'
import { thrownBy } from '../../support/thrown-by.ts'

//   abcd11 ── abcd22 ── ab ── zz        label abcdlabel on ab, line on abcd11
//   xyz111 ── abce33                    label other on xyz111
const names = graph(
  'abcd11 label=line file=one.ts; abcd22<-abcd11 file=two.ts; ab<-abcd22 label=abcdlabel; zz<-ab; xyz111 label=other; abce33<-xyz111',
)

describe('names', () => {
  it('are ids or labels, and win over what only begins with them', () => {
    expect(names.resolve('ab')).toEqual(['ab'])
    expect(names.resolve('other')).toEqual(['xyz111'])
  })

  it('are completed when only one thing begins with them', () => {
    expect(names.resolve('abcd1')).toEqual(['abcd11'])
    expect(names.resolve('x')).toEqual(['xyz111'])
    expect(names.resolve('oth')).toEqual(['xyz111'])
  })

  it('are not completed to ids shorter than four characters, nor with other capitals', () => {
    expect(thrownBy(() => names.resolve('z')).code).toBe('REV_GRAPH_UNKNOWN_REVISION')
    expect(thrownBy(() => names.resolve('ABCD1'))).toMatchObject({
      code: 'REV_GRAPH_UNKNOWN_REVISION',
      details: { target: 'ABCD1', name: 'ABCD1', near: ['abcd11'] },
    })
  })

  it('that are near to a word of targets tell so', () => {
    expect(thrownBy(() => names.resolve('haed'))).toMatchObject({ details: { near: ['head'] } })
    expect(thrownBy(() => names.resolve('headss'))).toMatchObject({ details: { near: ['heads'] } })
    expect(thrownBy(() => names.resolve('curent'))).toMatchObject({ details: { near: ['current'] } })
  })

  it('that several things begin with are an error that lists them with their files', () => {
    expect(thrownBy(() => names.resolve('abcd'))).toMatchObject({
      code: 'REV_GRAPH_AMBIGUOUS_PREFIX',
      details: {
        prefix: 'abcd',
        candidates: [
          { revision: 'abcd11', file: 'one.ts' },
          { revision: 'abcd22', file: 'two.ts' },
          { revision: 'ab', label: 'abcdlabel' },
        ],
      },
    })
  })

  it('are completed within the branch', () => {
    expect(names.resolve('other@abc')).toEqual(['abce33'])
    expect(names.resolve('oth@abce')).toEqual(['abce33'])
  })

  it('of another branch are an error of their own', () => {
    expect(thrownBy(() => names.resolve('other@abcd11'))).toMatchObject({
      code: 'REV_GRAPH_NOT_IN_BRANCH',
      details: { target: 'other@abcd11', revision: 'abcd11', file: 'one.ts', branch: 'other' },
    })
  })

  it('before the @ that nothing answers to are an unknown branch, even for base', () => {
    for (const target of ['lines@head', 'lines@base', 'lines@abcd11', 'lines@-1']) {
      expect(thrownBy(() => names.resolve(target))).toMatchObject({
        code: 'REV_GRAPH_UNKNOWN_BRANCH',
        details: { target, branch: 'lines', near: ['line'] },
      })
    }
  })

  it('cannot hold an @', () => {
    expect(thrownBy(() => names.resolve('line@other@head')).code).toBe('REV_GRAPH_UNKNOWN_REVISION')
  })
})

describe('head and heads', () => {
  //   yak1 ── yak2 (dep xen1)
  //   xen1
  const implied = graph('yak1 label=yak; xen1 label=xen; yak2<-yak1 dep=xen1')

  it('differ in whether a head that another one depends on counts', () => {
    expect(implied.resolve('heads')).toEqual(['yak2'])
    expect(implied.resolve('xen@heads')).toEqual(['xen1'])
    expect(thrownBy(() => implied.resolve('head'))).toMatchObject({
      code: 'REV_GRAPH_MULTIPLE_HEADS',
      details: { target: 'head', heads: ['xen1', 'yak2'], labels: ['yak', 'xen'] },
    })
  })

  it('mean nothing in an empty graph', () => {
    expect(graph('').resolve('head')).toEqual([])
    expect(graph('').resolve('heads')).toEqual([])
  })

  it('take any revision as the name of a branch', () => {
    expect(implied.resolve('yak1@head')).toEqual(['yak2'])
    expect(implied.resolve('@heads')).toEqual(['yak2'])
  })
})
