import { describe, expect, it } from 'vitest'
import { createReporter } from '../../../src/cli/reporter.ts'
import { plainStyle } from '../../../src/cli/style.ts'
import type { Terminal } from '../../../src/cli/terminal.ts'
import type { RevEvent } from '../../../src/events.ts'

const step = {
  direction: 'upgrade',
  revision: '4f0c2a91d3be',
  message: 'add country table',
  file: '/p/versions/4f0c2a91d3be_add_country_table.ts',
  index: 1,
  total: 1,
} as const

const run: RevEvent[] = [
  { type: 'notice', code: 'REV_NOTICE_DEFAULT_TARGET', message: 'no target was given: upgrading to head' },
  { type: 'lock:wait', holder: 'deploy@ci', waitedMs: 0 },
  { type: 'lock:wait', holder: 'deploy@ci', waitedMs: 400 },
  { type: 'lock:wait', holder: undefined, waitedMs: 5_400 },
  { type: 'lock:taken', waitedMs: 5_900 },
  { type: 'run:start', runId: 'r', direction: 'upgrade', steps: 1, database: 'sqlite dev.sqlite3' },
  { type: 'step:start', ...step },
  { type: 'log', revision: step.revision, text: 'half of it' },
  { type: 'statement', revision: step.revision, sql: 'insert into t\nvalues (?)', bindings: 1, ms: 3 },
  { type: 'statement', revision: step.revision, sql: 'select 1', bindings: 0, ms: 1, error: 'no such table: t' },
  { type: 'step:done', ...step, ms: 12, statements: 2, rows: [step.revision] },
  { type: 'run:done', runId: 'r', ms: 61_500, rows: [step.revision] },
]

function said(events: readonly RevEvent[], options: { quiet?: boolean; verbose?: boolean; isInteractive?: boolean }) {
  let text = ''
  const terminal: Terminal = {
    out: () => {
      throw new Error('progress does not belong on standard output')
    },
    written: async () => {},
    err: (more) => {
      text += more
    },
    outStyle: plainStyle,
    errStyle: plainStyle,
    isInteractive: options.isInteractive ?? false,
    ask: undefined,
    environment: {},
    cwd: '/',
  }
  const { quiet = false, verbose = false } = options
  const report = createReporter(terminal, { quiet, verbose, downRevisions: () => ['1975ea83b712'] })
  for (const event of events) report(event)
  return text
}

describe('the reporter', () => {
  it('says what is waited for, what runs and how long it took', () => {
    expect(said(run, {}).split('\n')).toEqual([
      'note: no target was given: upgrading to head',
      'waiting for the lock, held by deploy@ci (0 ms)',
      'waiting for the lock (5.4 s)',
      'upgrade of sqlite dev.sqlite3: 1 step',
      '  4f0c2a91d3be: half of it',
      'upgrade 1975ea83b712 -> 4f0c2a91d3be  add country table  12 ms',
      '',
    ])
  })

  it('shows each statement on one line, without values, when it is verbose', () => {
    const text = said(run, { verbose: true })
    expect(text).toContain('  insert into t\\nvalues (?)  (1 value, 3 ms)\n')
    expect(text).toContain('  select 1  (1 ms)  no such table: t\n')
    expect(text).toContain('lock taken after 5.9 s\n')
    expect(text).toContain('done in 1 min 2 s\n')
  })

  it('says nothing when it is quiet', () => {
    expect(said(run, { quiet: true })).toBe('')
  })

  it('keeps the step under way on an open line of a terminal, which the next line takes over', () => {
    const text = said(run, { isInteractive: true })
    expect(text).toContain('add country table  ...\r\u001b[K  4f0c2a91d3be: half of it\n')
  })

  it('says which step failed', () => {
    const text = said([{ type: 'step:failed', ...step, ms: 7, statements: 1, error: new Error('x') }], {})
    expect(text).toBe('upgrade 1975ea83b712 -> 4f0c2a91d3be  add country table  failed after 7 ms\n')
  })

  it('says what is tried again, why, and who may be in the way', () => {
    const retry = { type: 'retry', revision: 'b2', reason: 'no lock', attempt: 1, pauseMs: 400 } as const
    const text = said(
      [
        { ...retry, what: 'statement', sql: 'select 1', blockers: ['connection 7', 'connection 8'], attempts: 4 },
        { ...retry, what: 'revision', sql: undefined, blockers: [], attempts: 3 },
      ],
      {},
    )
    expect(text.split('\n')).toEqual([
      'note: a statement of b2 got no lock: no lock (locks are held there by connection 7; connection 8); attempt 2 of 4 follows in 400 ms',
      'note: b2 got no lock: no lock; attempt 2 of 3 follows in 400 ms',
      '',
    ])
  })

  it('obeys no control character of a message', () => {
    const event: RevEvent = {
      type: 'step:done',
      ...step,
      message: 'a\u001b[2J\nb\u202e',
      ms: 1,
      statements: 0,
      rows: [],
    }
    expect(said([event], {})).toContain('a\\x1b[2J\\nb\\u202e')
  })

  it('draws a downgrade downwards and a stamp without an arrow', () => {
    const text = said(
      [
        { type: 'step:done', ...step, direction: 'downgrade', ms: 1, statements: 0, rows: [] },
        { type: 'step:done', ...step, direction: 'stamp', message: '', ms: 1, statements: 0, rows: [] },
      ],
      {},
    )
    expect(text).toBe('downgrade 4f0c2a91d3be -> 1975ea83b712  add country table  1 ms\nstamp 4f0c2a91d3be  1 ms\n')
  })
})
