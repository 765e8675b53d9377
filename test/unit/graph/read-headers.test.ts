import { describe, expect, it } from 'vitest'
import { readHeaders } from '../../../src/graph/read-headers.ts'
import type { RevisionHeader } from '../../../src/graph/revision.ts'
import { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import { thrownBy } from '../../support/thrown-by.ts'

// What plain JavaScript may hand over.
const untyped = (...headers: unknown[]): RevisionHeader[] => headers as RevisionHeader[]

describe('reading headers', () => {
  it('makes a revision of each, in load order, whatever else a header holds', () => {
    const headers = untyped({ revision: 'b', down_revision: 'a', upgrade: () => {} }, { revision: 'a' })

    expect(readHeaders(headers)).toMatchObject({
      revisions: [
        { revision: 'b', downRevisions: ['a'] },
        { revision: 'a', downRevisions: [] },
      ],
      problems: [],
    })
  })

  it('leaves out what is not text, and says so', () => {
    const { revisions, problems } = readHeaders(
      untyped({ revision: 12, down_revision: null, file: 'x.ts' }, null, {
        revision: 'a',
        down_revision: 5,
        branch_labels: [1, 'x'],
        depends_on: {},
      }),
    )

    expect(revisions).toMatchObject([{ revision: 'a', downRevisions: [], branchLabels: ['x'], dependsOn: [] }])
    expect(problems.map(({ code, revision, file }) => [code, revision, file])).toEqual([
      ['REV_FILE_INVALID_EXPORTS', undefined, 'x.ts'],
      ['REV_FILE_INVALID_EXPORTS', undefined, undefined],
      ['REV_FILE_INVALID_EXPORTS', 'a', undefined],
      ['REV_FILE_INVALID_EXPORTS', 'a', undefined],
      ['REV_FILE_INVALID_EXPORTS', 'a', undefined],
    ])
    expect(problems.map(({ message }) => message)).toMatchObject([
      expect.stringContaining('12'),
      expect.stringContaining('missing'),
      expect.stringContaining('5'),
      expect.stringContaining('[1, "x"]'),
      expect.stringContaining('an object'),
    ])
  })

  it('is part of the one error that lists every problem', () => {
    const error = thrownBy(() =>
      RevisionGraph.from(untyped({ revision: 'a', down_revision: [null] }, { revision: 'b', down_revision: 'zz' })),
    )

    expect(error).toMatchObject({
      code: 'REV_GRAPH_INVALID',
      details: {
        problems: [
          { code: 'REV_FILE_INVALID_EXPORTS', revision: 'a' },
          { code: 'REV_GRAPH_MISSING_DOWN_REVISION', revision: 'b' },
        ],
      },
    })
  })
})
