import { describe, expect, it } from 'vitest'
import { type GraphProblem, isRevError } from '../../../src/errors/index.ts'
import type { RevisionHeader } from '../../../src/graph/revision.ts'
import { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import { headersOf } from '../../support/graph-text.ts'

function problemsOf(headers: string | readonly RevisionHeader[]): readonly GraphProblem[] {
  try {
    RevisionGraph.from(typeof headers === 'string' ? headersOf(headers) : headers)
  } catch (error) {
    if (isRevError(error, 'REV_GRAPH_INVALID')) return error.details.problems
    throw error
  }
  return []
}

describe('the problems of a set of revisions', () => {
  it('are none for a sound graph', () => {
    expect(problemsOf('a; b<-a label=x dep=c; c')).toEqual([])
    expect(problemsOf('')).toEqual([])
  })

  it('are reported all together', () => {
    const problems = problemsOf('a; a; b<-nosuch dep=nothing; c label=a; d<-e; e<-d; head')

    expect(problems.map(({ code, revision }) => [code, revision])).toEqual([
      ['REV_FILE_ILLEGAL_ID', 'head'],
      ['REV_FILE_DUPLICATE_REVISION', 'a'],
      ['REV_GRAPH_DUPLICATE_LABEL', 'c'],
      ['REV_GRAPH_MISSING_DOWN_REVISION', 'b'],
      ['REV_GRAPH_MISSING_DEPENDENCY', 'b'],
      ['REV_GRAPH_CYCLE', 'd'],
    ])
  })

  it('name both files of a doubled id', () => {
    expect(problemsOf('a file=one.ts; a file=two.ts')).toMatchObject([
      { code: 'REV_FILE_DUPLICATE_REVISION', revision: 'a', file: 'two.ts', related: ['one.ts'] },
    ])
  })

  it('include ids that differ only in capital letters', () => {
    expect(problemsOf('abc; ABC<-abc')).toMatchObject([
      { code: 'REV_GRAPH_CASE_CLASH', revision: 'ABC', related: ['abc'] },
    ])
  })

  it('include near matches of a missing down revision and of a missing dependency', () => {
    expect(problemsOf('abcdef123456; b<-abcdef123465 file=b.ts')).toMatchObject([
      {
        code: 'REV_GRAPH_MISSING_DOWN_REVISION',
        revision: 'b',
        file: 'b.ts',
        related: ['abcdef123465', 'abcdef123456'],
      },
    ])
    expect(problemsOf('a label=billing; b dep=biling')).toMatchObject([
      { code: 'REV_GRAPH_MISSING_DEPENDENCY', revision: 'b', related: ['biling', 'billing'] },
    ])
  })

  it('include ids and labels that targets could not name', () => {
    const odd = (revision: string, label: string | null = null): RevisionHeader => ({
      revision,
      down_revision: null,
      branch_labels: label,
    })

    for (const id of [
      '',
      'a-b',
      'a@b',
      'a+b',
      'a:b',
      'a b',
      'ä',
      'x'.repeat(256),
      'head',
      'heads',
      'base',
      'current',
    ]) {
      expect(problemsOf([odd(id)]).map(({ code }) => code)).toEqual(['REV_FILE_ILLEGAL_ID'])
    }
    for (const label of ['feature-1', 'x@y', '', 'heads', 'current']) {
      expect(problemsOf([odd('a', label)]).map(({ code }) => code)).toEqual(['REV_GRAPH_ILLEGAL_LABEL'])
    }
    expect(problemsOf([odd('x'.repeat(255)), odd('Users.2024_01')])).toEqual([])
  })

  it('include labels that mean two things', () => {
    expect(problemsOf('a label=x; b label=x').map(({ code }) => code)).toEqual(['REV_GRAPH_DUPLICATE_LABEL'])
    expect(problemsOf('a label=b; b')).toMatchObject([{ code: 'REV_GRAPH_DUPLICATE_LABEL', related: ['b', 'b'] }])
    expect(problemsOf('a label=a')).toMatchObject([{ code: 'REV_GRAPH_DUPLICATE_LABEL', revision: 'a' }])
  })

  it('draw a cycle in order, without the innocent revisions around it', () => {
    //   a ── b ── c ── d ── e      c is below a again
    expect(problemsOf('x; a<-c,x; b<-a; c<-b; d<-c; e<-d')).toMatchObject([
      {
        code: 'REV_GRAPH_CYCLE',
        revision: 'a',
        related: ['a', 'b', 'c'],
        message: expect.stringContaining('a -> b -> c -> a'),
      },
    ])
  })

  it('include revisions that stand or depend on themselves', () => {
    expect(problemsOf('a<-a')).toMatchObject([{ code: 'REV_GRAPH_CYCLE', related: ['a'] }])
    expect(problemsOf('a; b<-a dep=b')).toMatchObject([{ code: 'REV_GRAPH_DEPENDENCY_CYCLE', related: ['b'] }])
  })

  it('tell cycles through dependencies apart', () => {
    expect(problemsOf('a dep=c; b<-a; c<-b; p<-q; q<-p')).toMatchObject([
      { code: 'REV_GRAPH_CYCLE', related: ['p', 'q'] },
      { code: 'REV_GRAPH_DEPENDENCY_CYCLE', related: ['a', 'b', 'c'] },
    ])
  })
})
