import { describe, expect, it } from 'vitest'
import { formatLog } from '../../../../src/cli/format/log.ts'
import { plainStyle } from '../../../../src/cli/style.ts'
import type { LogEvent, LogResult, LogRun } from '../../../../src/index.ts'

const event: LogEvent = {
  revision: '4f0c2a91d3be',
  message: 'add country table',
  direction: 'upgrade',
  outcome: 'done',
  before: [],
  rows: ['4f0c2a91d3be'],
  checksum: undefined,
  statements: 3,
  failedStatement: undefined,
  error: undefined,
  startedAt: '2026-08-01T12:30:05.260Z',
  finishedAt: '2026-08-01T12:30:05.272Z',
  ms: 12,
}
const run: LogRun = {
  runId: 'f21bff1c-761a-4b5a-809a-e6a573b00bea',
  direction: 'upgrade',
  outcome: 'done',
  startedAt: '2026-08-01T12:30:05.250Z',
  finishedAt: '2026-08-01T12:30:06.450Z',
  ms: 1200,
  before: [],
  rows: ['4f0c2a91d3be'],
  error: undefined,
  reason: undefined,
  byScript: false,
  databaseUser: 'app',
  osUser: 'deploy',
  host: 'ci',
  processId: 4711,
  toolVersion: '1.2.3',
  gitCommit: undefined,
  events: [event],
}

function shown(runs: readonly LogRun[], more: { lock?: LogResult['lock']; long?: boolean } = {}): string[] {
  const { lock, long = false } = more
  const result: LogResult = {
    command: 'log',
    database: 'shop',
    table: 'rev_event',
    exists: true,
    runs,
    more: false,
    lock,
  }
  return formatLog(result, { style: plainStyle, long }).split('\n')
}

const unfinished: LogRun = {
  ...run,
  outcome: 'unfinished',
  finishedAt: undefined,
  ms: undefined,
  rows: undefined,
  events: [],
}

describe('the log', () => {
  it('has one line for a run, and one for each revision in it', () => {
    expect(shown([{ ...run, reason: 'ticket 42' }])).toEqual([
      '2026-08-01 12:30:05 UTC  upgrade done  base -> 4f0c2a91d3be  1.2 s  by app, deploy@ci  "ticket 42"  run f21bff1c',
      '  done  4f0c2a91d3be  add country table  12 ms, 3 statements',
      '',
    ])
  })

  it('puts the error under what failed, once', () => {
    const error = 'no such table: t\nline two'
    const failing = { ...event, outcome: 'failed', statements: 1, failedStatement: 2, error }
    expect(shown([{ ...run, outcome: 'failed', error, events: [event, failing] }]).slice(1, -1)).toEqual([
      '  done    4f0c2a91d3be  add country table  12 ms, 3 statements',
      '  failed  4f0c2a91d3be  add country table  12 ms, statement 2 failed',
      '    no such table: t',
      '    line two',
    ])
    expect(shown([{ ...run, outcome: 'failed', error: 'lost', events: [event] }]).slice(2, -1)).toEqual(['  lost'])
  })

  it('says that a script did it, and that no file knows a revision', () => {
    const script: LogRun = {
      ...run,
      byScript: true,
      osUser: undefined,
      host: undefined,
      processId: undefined,
      events: [{ ...event, message: undefined }],
    }
    expect(shown([script])).toEqual([
      '2026-08-01 12:30:05 UTC  upgrade done  base -> 4f0c2a91d3be  1.2 s  by app, a script  run f21bff1c',
      '  done  4f0c2a91d3be  (no file knows this revision)  12 ms, 3 statements',
      '',
    ])
    expect(shown([{ ...script, databaseUser: undefined }])[0]).toContain('  by a script  ')
  })

  it('claims of a run without an end no more than the lock tells', () => {
    expect(shown([unfinished])[0]).toBe(
      '2026-08-01 12:30:05 UTC  upgrade running or interrupted  base -> ?  by app, deploy@ci  run f21bff1c',
    )
    expect(shown([unfinished], { lock: { held: true, holder: 'pid 7' } })[0]).toContain(
      'running or interrupted (the lock is held by pid 7)',
    )
    expect(shown([unfinished], { lock: { held: false, holder: undefined } })[0]).toContain(
      'interrupted, as it seems (it has no end, and nobody holds the lock on this server)',
    )
  })

  it('obeys no control character, and cuts a long reason but in the long form', () => {
    const reason = `\u001b[2J\n${'x'.repeat(500)}`
    const [short = ''] = shown([{ ...run, reason }])
    expect(short).toContain(`"\\x1b[2J\\n${'x'.repeat(195)}..."`)
    const [long = '', details] = shown([{ ...run, reason, gitCommit: 'abc' }], { long: true })
    expect(long).toContain(`"\\x1b[2J\\n${'x'.repeat(500)}"  run f21bff1c-761a-4b5a-809a-e6a573b00bea`)
    expect(details).toBe('  finished 2026-08-01 12:30:06 UTC  process 4711  rev 1.2.3  git abc')
  })
})
