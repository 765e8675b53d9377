import { describe, expect, it } from 'vitest'
import { toLoggedState } from '../../../../src/database/integrity/logged-state.ts'
import { toRevisionHistory } from '../../../../src/database/integrity/revision-history.ts'
import { revisionStates, type StateFacts } from '../../../../src/database/integrity/revision-states.ts'
import type { UnfinishedWork } from '../../../../src/database/integrity/unfinished-work.ts'
import type { EventRecord } from '../../../../src/database/read-events.ts'
import { RevisionGraph } from '../../../../src/graph/revision-graph.ts'

//  a ── b ──┬── c
//           └── d
const graph = RevisionGraph.from([
  { revision: 'a', down_revision: null },
  { revision: 'b', down_revision: 'a' },
  { revision: 'c', down_revision: 'b' },
  { revision: 'd', down_revision: 'b' },
])

/** One run as text: `upgrade: a done, b failed, end failed`, with or without its end. */
function runOf(text: string, runId: string): EventRecord[] {
  const [what = '', steps = ''] = text.split(': ')
  const record = { runId, what, rowsBefore: [], rowsAfter: [], startedAt: runId, finishedAt: runId }
  const rest = {
    checksum: undefined,
    statements: undefined,
    failedStatement: undefined,
    error: undefined,
    milliseconds: undefined,
    databaseUser: undefined,
    osUser: undefined,
    host: undefined,
    processId: undefined,
    toolVersion: undefined,
    gitCommit: undefined,
    reason: undefined,
  }
  const start: EventRecord = { ...record, ...rest, seq: 1, revision: undefined, outcome: 'started' }
  const events = steps.split(', ').flatMap((step, index): EventRecord[] => {
    const [revision = '', outcome = ''] = step.split(' ')
    if (revision === '') return []
    const rowsAfter = outcome === 'done' ? [revision] : []
    return [{ ...start, seq: index + 2, revision: revision === 'end' ? undefined : revision, outcome, rowsAfter }]
  })
  return [start, ...events]
}

/** The states of all revisions after these runs, oldest first, with these rows. */
function statesAfter(runs: readonly string[], rows: readonly string[], more: Partial<StateFacts> = {}): string {
  const records = runs
    .map((text, index) => runOf(text, `run ${index}`))
    .reverse()
    .flat()
  const facts = {
    graph,
    rows,
    isReadable: true,
    logged: toLoggedState(records),
    history: toRevisionHistory(records),
    edited: new Set<string>(),
    unfinished: new Map<string, UnfinishedWork>(),
    isCutOff: false,
    ...more,
  }
  return revisionStates(facts)
    .map(({ revision, state }) => `${revision} ${state}`)
    .sort()
    .join(', ')
}

describe('the states', () => {
  it.each([
    ['nothing', [], [], 'a PENDING, b PENDING, c PENDING, d PENDING'],
    ['an upgrade', ['upgrade: a done, b done, end done'], ['b'], 'a APPLIED, b APPLIED, c PENDING, d PENDING'],
    ['a failure', ['upgrade: a done, b failed, end failed'], ['a'], 'a APPLIED, b FAILED, c PENDING, d PENDING'],
    [
      'a failure that was tried again',
      ['upgrade: a done, b failed, end failed', 'upgrade: b interrupted, end interrupted'],
      ['a'],
      'a APPLIED, b INTERRUPTED, c PENDING, d PENDING',
    ],
    [
      'a failure, and something else done since',
      ['upgrade: a done, b done, c failed, end failed', 'upgrade: d done, end done'],
      ['d'],
      'a APPLIED, b APPLIED, c FAILED, d APPLIED',
    ],
    [
      'a failure, and a stamp elsewhere since',
      ['upgrade: a done, b done, c failed, end failed', 'stamp: d done, end done'],
      ['d'],
      'a APPLIED, b APPLIED, c PENDING, d APPLIED',
    ],
    [
      'a failure that somebody forgot',
      ['upgrade: a done, b failed, end failed', 'repair:forget: b done, end done'],
      ['a'],
      'a APPLIED, b PENDING, c PENDING, d PENDING',
    ],
    [
      'repairs',
      ['upgrade: a done, b failed, end failed', 'repair:applied: b done, end done'],
      ['b'],
      'a APPLIED, b APPLIED, c PENDING, d PENDING',
    ],
    [
      'a repair on the way back',
      ['upgrade: a done, b done, end done', 'downgrade: b failed, end failed', 'repair:reverted: b done, end done'],
      ['a'],
      'a APPLIED, b REVERTED, c PENDING, d PENDING',
    ],
    [
      'a way back that failed',
      ['upgrade: a done, b done, end done', 'downgrade: b failed, end failed'],
      ['b'],
      'a APPLIED, b FAILED, c PENDING, d PENDING',
    ],
    [
      'a way back that failed, and was done by hand',
      ['upgrade: a done, b done, end done', 'downgrade: b failed, end failed'],
      ['a'],
      'a APPLIED, b PENDING, c PENDING, d PENDING',
    ],
    [
      'a way back',
      ['upgrade: a done, b done, end done', 'downgrade: b done, end done'],
      ['a'],
      'a APPLIED, b REVERTED, c PENDING, d PENDING',
    ],
  ])('after %s', (_, runs, rows, expected) => {
    expect(statesAfter(runs, rows)).toBe(expected)
  })

  it('take what a step without an end has left for interrupted, whatever the log says', () => {
    const work: UnfinishedWork = { direction: 'upgrade', statementsDone: 1, uncertain: undefined }
    const unfinished = new Map([['b', work]])

    expect(statesAfter([], ['a'], { unfinished })).toBe('a APPLIED, b INTERRUPTED, c PENDING, d PENDING')
    expect(statesAfter(['upgrade: b failed, end failed'], ['a'], { unfinished })).toContain('b FAILED')
  })

  it('put a run that was cut off where it must have been, and nowhere when that is not certain', () => {
    const isCutOff = true
    expect(statesAfter(['upgrade: a done'], ['a'], { isCutOff })).toContain('b INTERRUPTED')
    expect(statesAfter(['upgrade: a done, b done'], ['b'], { isCutOff })).not.toContain('INTERRUPTED')
    expect(statesAfter(['upgrade: a done'], ['b'], { isCutOff })).not.toContain('INTERRUPTED')
    expect(statesAfter(['downgrade: c done, b done'], ['b'], { isCutOff })).toContain('b INTERRUPTED')
    expect(statesAfter(['upgrade: a done'], ['a'])).not.toContain('INTERRUPTED')
  })

  it('count what a row stands on that no file knows', () => {
    const runs = ['upgrade: a done, b done, x done, y done, end done']

    expect(statesAfter(runs, ['y'])).toBe('a APPLIED, b APPLIED, c PENDING, d PENDING, x MISSING, y UNKNOWN')
    expect(statesAfter([], ['y'])).toBe('a PENDING, b PENDING, c PENDING, d PENDING, y UNKNOWN')
  })

  it('go by the log where the rows cannot be read, and tell only what it knows without files', () => {
    const runs = ['upgrade: a done, b done, c failed, end failed', 'downgrade: b done, end done']

    expect(statesAfter(runs, [], { isReadable: false })).toBe('a APPLIED, b REVERTED, c FAILED, d PENDING')
    expect(statesAfter(runs, ['a'], { graph: undefined })).toBe('a APPLIED, b REVERTED, c FAILED')
  })
})
