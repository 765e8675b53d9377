import { describe, expect, it } from 'vitest'
import { formatLock, formatWait } from '../../../../src/cli/format/lock.ts'
import { plainStyle } from '../../../../src/cli/style.ts'
import type { LockResult } from '../../../../src/commands/lock.ts'
import { toHolder } from '../../../../src/database/lock/lock-holder.ts'

const look = { style: plainStyle, long: false }
const free: LockResult = {
  command: 'lock',
  database: 'app@db/shop',
  table: 'public.rev_version',
  held: false,
  unknown: undefined,
  holder: undefined,
  run: undefined,
  gone: undefined,
}
const run: NonNullable<LockResult['run']> = {
  runId: '3f2a91bc-0000',
  direction: 'upgrade',
  outcome: 'unfinished',
  startedAt: '2026-08-01T12:30:05.000Z',
  finishedAt: undefined,
  ms: undefined,
  before: [],
  rows: undefined,
  error: undefined,
  reason: 'ticket\u001b[31m 42',
  byScript: false,
  databaseUser: 'app',
  osUser: 'deploy',
  host: 'ci-1',
  processId: 4711,
  toolVersion: undefined,
  gitCommit: undefined,
}

describe('rev lock', () => {
  it('says in one line that nobody holds it, or that it cannot be known', () => {
    expect(formatLock(free, look)).toBe('the lock of public.rev_version in app@db/shop is free\n')
    expect(formatLock({ ...free, held: undefined, unknown: 'a standby' }, look)).toBe(
      'the lock of public.rev_version in app@db/shop is not known: a standby\n',
    )
  })

  it('says who holds it, with which run, and that its process is gone', () => {
    const holder = toHolder({ connection: 12, user: 'app', application: 'rev script upgrade a:b' })

    expect(formatLock({ ...free, held: true, holder, run, gone: 'there is no process 4711' }, look)).toBe(
      [
        'the lock of public.rev_version in app@db/shop is held',
        '  by  connection 12, user app, application rev script upgrade a:b',
        '      a script that was written with --sql',
        '  run upgrade by deploy on ci-1, process 4711, since 2026-08-01T12:30:05.000Z, "ticket\\x1b[31m 42" (3f2a91bc-0000)',
        '      there is no process 4711',
        '',
      ].join('\n'),
    )
  })

  it('says so when a file is locked and nothing else is known', () => {
    expect(formatLock({ ...free, held: true }, look)).toContain('by whom is not known')
  })
})

it('rev wait says where the database is and how long that took', () => {
  const result = { command: 'wait', database: 'shop', target: ['head'], revisions: ['b'], rows: [], waitedMs: 1_500 }

  expect(formatWait({ ...result, command: 'wait' }, plainStyle)).toBe('shop is at base (waited 1.5 s)\n')
})
