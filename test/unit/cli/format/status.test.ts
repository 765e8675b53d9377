import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatStatus } from '../../../../src/cli/format/status.ts'
import { plainStyle, styleFor } from '../../../../src/cli/style.ts'
import type { RevisionStatus, SeedStatus, StatusEvent, StatusResult } from '../../../../src/index.ts'

const event: StatusEvent = {
  runId: 'f21bff1c-761a-4b5a-809a-e6a573b00bea',
  direction: 'upgrade',
  outcome: 'done',
  startedAt: '2026-08-01T12:30:05.238Z',
  finishedAt: '2026-08-01T12:30:05.250Z',
  ms: 12,
  statements: 3,
  failedStatement: undefined,
  error: undefined,
  reason: undefined,
  byScript: false,
  databaseUser: 'app',
  osUser: 'deploy',
  host: 'ci',
  toolVersion: '1.2.3',
  gitCommit: '0123456789abcdef0123456789abcdef01234567',
}
const applied: RevisionStatus = {
  revision: '4f0c2a91d3be',
  state: 'APPLIED',
  message: 'add country table',
  file: '/p/versions/4f0c.ts',
  stamped: false,
  event,
  unfinished: undefined,
}
const pending: RevisionStatus = {
  ...applied,
  revision: 'aaaa11112222',
  state: 'PENDING',
  message: 'add rates',
  event: undefined,
}
const failed: RevisionStatus = {
  ...pending,
  revision: 'bbbb11112222',
  state: 'FAILED',
  event: { ...event, outcome: 'failed', ms: 1204, failedStatement: 2, error: 'no such table: x\nsecond line' },
}
const NONE = { APPLIED: 0, PENDING: 0, REVERTED: 0, FAILED: 0, INTERRUPTED: 0, EDITED: 0, MISSING: 0, UNKNOWN: 0 }

const NO_SEEDS = {
  done: 0,
  new: 0,
  changed: 0,
  always: 0,
  unfinished: 0,
  edited: 0,
  elsewhere: 0,
  gone: 0,
  unknown: 0,
}
const countries: SeedStatus = {
  seed: 'countries',
  state: 'done',
  message: '',
  file: '/p/seeds/countries.csv',
  mode: 'onchange',
  dependsOn: ['4f0c2a91d3be'],
  environments: undefined,
  tags: ['reference'],
  scenarios: [],
  last: { when: '2026-08-01T12:40:00.000Z', state: 'done', ms: 7, rows: 54 },
  appliedSince: [],
  event: { ...event, direction: 'seed', reason: 'ticket 7' },
}
const users: SeedStatus = {
  ...countries,
  seed: 'users',
  state: 'new',
  message: 'people',
  file: '/p/seeds/users.ts',
  dependsOn: [],
  tags: [],
  last: undefined,
  event: undefined,
}

function resultOf(revisions: readonly RevisionStatus[], more: Partial<StatusResult> = {}): StatusResult {
  const counts = { ...NONE }
  for (const { state } of revisions) counts[state] += 1
  const seedCounts = { ...NO_SEEDS }
  for (const { state } of more.seeds ?? []) seedCounts[state] += 1
  return {
    command: 'status',
    database: 'app@db/shop',
    environment: undefined,
    seeds: [],
    seedCounts,
    hasSeedFiles: true,
    seedTable: undefined,
    table: 'rev_version',
    exists: true,
    readable: true,
    hasFiles: true,
    hasLog: true,
    target: [],
    rows: [],
    revisions,
    counts,
    run: undefined,
    findings: [],
    ok: true,
    ...more,
  }
}

const shown = (
  revisions: readonly RevisionStatus[],
  more: Partial<StatusResult> = {},
  look: { long?: boolean; columns?: number } = {},
): string[] => formatStatus(resultOf(revisions, more), { style: plainStyle, long: false, ...look }).split('\n')

describe('the status', () => {
  it('has one line for each revision, in columns, and the sum at the end', () => {
    expect(shown([applied, pending, failed])).toEqual([
      'APPLIED  2026-08-01 12:30    12 ms  4f0c2a91d3be  add country table',
      'PENDING                             aaaa11112222  add rates',
      'FAILED   2026-08-01 12:30  1204 ms  bbbb11112222  add rates',
      '  statement 2 of the attempt: no such table: x',
      '  second line',
      '1 applied, 1 pending, 1 failed in app@db/shop (times in UTC)',
      '',
    ])
    expect(shown([pending], { exists: false })).toEqual([
      'PENDING  aaaa11112222  add rates',
      '1 pending in app@db/shop',
      '',
    ])
    expect(shown([])).toEqual(['no revisions in app@db/shop (times in UTC)', ''])
  })

  it('says what has no date, no file, or a comment that was changed', () => {
    const findings = [
      { code: 'REV_FINDING_COSMETIC_EDIT', isFault: false, revision: applied.revision, message: 'comments changed.' },
    ]
    const lines = shown(
      [
        applied,
        { ...applied, revision: 'b', event: undefined, stamped: true },
        { ...applied, revision: 'c', event: undefined },
        { ...applied, revision: 'd', state: 'MISSING', message: undefined, file: undefined },
        { ...applied, revision: 'e', state: 'UNKNOWN', message: undefined, file: undefined, event: undefined },
        { ...applied, revision: 'f', state: 'EDITED' },
      ],
      { findings },
    )
    expect(lines.slice(0, 7)).toEqual([
      'APPLIED  2026-08-01 12:30  12 ms  4f0c2a91d3be  add country table (comments or white space changed since)',
      'APPLIED  stamped                  b             add country table',
      'APPLIED  not in the log           c             add country table',
      'MISSING  2026-08-01 12:30  12 ms  d             (its file is gone)',
      'UNKNOWN  not in the log           e             (no file knows it)',
      'EDITED   2026-08-01 12:30  12 ms  f             add country table',
      '  /p/versions/4f0c.ts',
    ])
  })

  it('tells what is known of a step that is not finished', () => {
    const uncertain = { statement: 4, sql: `alter table t\n${'x'.repeat(300)}` }
    const work = { direction: 'downgrade', statementsDone: 3, uncertain } as const
    const lines = shown([{ ...failed, state: 'INTERRUPTED', event: undefined, unfinished: work }])

    expect(lines.slice(1, 5)).toEqual([
      '  on the way back, so it counts as applied',
      '  3 statements of it in the database for good',
      expect.stringMatching(/^ {2}not known of no. 4 in the journal: alter table t\\nx+\.\.\.$/),
      '  run the downgrade again, which goes on behind them; or see: rev repair --help',
    ])
  })

  it('tells what to do where a script stopped half way, which no run goes on with', () => {
    const work = { direction: 'upgrade', statementsDone: 0, uncertain: undefined, byScript: true } as const
    const lines = shown([{ ...failed, state: 'INTERRUPTED', event: undefined, unfinished: work }])

    expect(lines.slice(1, 3)).toEqual([
      '  a script stopped half way: statements of it are in the database, and rev does not know which',
      `  look there and at the script; then: rev repair ${failed.revision} --rerun, or --applied or --reverted with --reason TEXT`,
    ])
  })

  it('fits into a terminal, and cuts nothing where no terminal reads it', () => {
    const long = { ...applied, message: 'add country table and everything that belongs to it, and more' }

    expect(shown([long, failed], {}, { columns: 80 })[0]).toHaveLength(80)
    expect(shown([long], {}, { columns: 80 })[0]).toMatch(/ add country table and everyt\w*\.\.\.$/)
    expect(shown([long])[0]).toContain(long.message)
    expect(shown([long], {}, { columns: 20 })[0]).toContain('add country')
  })

  it('has an id that is longer than its column stand out of it alone', () => {
    const [first, second] = shown([{ ...applied, revision: 'x'.repeat(60) }, applied])

    expect(first).toContain(`${'x'.repeat(60)}  add`)
    expect(second).toContain(`4f0c2a91d3be${' '.repeat(20)}  add`)
  })

  it('has the long form: who, why, and from where', () => {
    const lines = shown([{ ...applied, event: { ...event, reason: 'ticket 42' } }], {}, { long: true })

    expect(lines).toEqual([
      'APPLIED  2026-08-01 12:30:05  12 ms  4f0c2a91d3be  add country table',
      '  upgrade by app, deploy@ci  3 statements  run f21bff1c  rev 1.2.3  git 0123456789ab',
      '  "ticket 42"',
      '  /p/versions/4f0c.ts',
      '1 applied in app@db/shop (times in UTC)',
      '',
    ])
    const script = { ...event, byScript: true, osUser: undefined, host: undefined, gitCommit: undefined }
    expect(shown([{ ...applied, event: script }], {}, { long: true })[1]).toContain('by app, a script')
  })

  it('tells of faults that no state says, of a run without an end, and of what it goes by', () => {
    const findings = [
      { code: 'REV_FINDING_EDITED', isFault: true, revision: 'x', message: 'edited.' },
      { code: 'REV_FINDING_NO_COLUMN', isFault: true, message: 'rev_version has no column.' },
      { code: 'REV_FINDING_PROJECT_NOT_SET', isFault: false, message: 'a project.' },
    ]
    const run = { runId: event.runId, direction: 'upgrade', startedAt: event.startedAt, lockHeld: false }
    const doubts = { readable: false, hasFiles: false }

    expect(shown([], { findings, run, ...doubts })).toEqual([
      'fault: rev_version has no column. (rev doctor says what to do)',
      'the upgrade of 2026-08-01 12:30:05 (run f21bff1c) was cut off: it has no end, and nobody holds the lock',
      'no revisions in app@db/shop (by the log, as the version table cannot be read; without the revision files; times in UTC)',
      '',
    ])
    expect(shown([], { findings }, { long: true })).toContain('note: a project.')
    expect(shown([], { run: { ...run, lockHeld: true } })[0]).toContain('it is at work')
    expect(shown([], { run: { ...run, lockHeld: undefined } })[0]).toContain('it is at work, or was cut off')
  })

  it('has a line for each seed below the revisions, and a column that says what each line is', () => {
    const failed = { ...event, direction: 'seed', outcome: 'failed', failedStatement: 1, error: 'no such table: x' }
    const seeds: SeedStatus[] = [
      countries,
      { ...users, event: failed },
      { ...users, seed: 'demo', state: 'elsewhere', environments: ['development', 'test'] },
      { ...users, seed: 'power', scenarios: ['power-user'] },
      { ...countries, seed: 'old', state: 'gone', message: undefined, file: undefined, mode: undefined },
      { ...countries, seed: 'kept', last: { when: event.startedAt, state: 'stamped', ms: undefined, rows: undefined } },
      { ...countries, seed: 'lost', appliedSince: ['4f0c2a91d3be'] },
      { ...countries, seed: 'once', state: 'edited', mode: 'once' },
    ]

    expect(shown([applied, pending], { seeds, seedTable: 'read' })).toEqual([
      'revision  APPLIED    2026-08-01 12:30  12 ms  4f0c2a91d3be  add country table',
      'revision  PENDING                             aaaa11112222  add rates',
      'seed      done       2026-08-01 12:40   7 ms  countries     countries.csv',
      'seed      new        2026-08-01 12:30  12 ms  users         people',
      '  the last run of it failed',
      '    statement 1 of the attempt: no such table: x',
      'seed      elsewhere                           demo          people (only in development, test)',
      'seed      new                                 power         people (scenario power-user)',
      'seed      gone       2026-08-01 12:40   7 ms  old            (its file is gone)',
      'seed      done       2026-08-01 12:30         kept          countries.csv (stamped)',
      'seed      done       2026-08-01 12:40   7 ms  lost          countries.csv (ran before 4f0c2a91d3be, so that its rows may be gone)',
      'seed      edited     2026-08-01 12:40   7 ms  once          countries.csv (its file was edited since, and it does not run again)',
      '1 applied, 1 pending; seeds: 3 done, 2 new, 1 edited, 1 elsewhere, 1 gone in app@db/shop (times in UTC)',
      '',
    ])
    expect(shown([], { seeds: [countries] }, { long: true })).toEqual([
      'seed  done  2026-08-01 12:40:00  7 ms  countries  countries.csv',
      '  seed by app, deploy@ci  3 statements  run f21bff1c  rev 1.2.3  git 0123456789ab',
      '  "ticket 7"',
      '  onchange  54 rows  after 4f0c2a91d3be  tags reference',
      '  /p/seeds/countries.csv',
      'no revisions; seeds: 1 done in app@db/shop (times in UTC)',
      '',
    ])
  })

  it('looks as docs/status.md shows it', () => {
    const page = readFileSync(new URL('../../../../docs/status.md', import.meta.url), 'utf8')
    const seeds: SeedStatus[] = [
      countries,
      { ...users, message: 'people to try things with' },
      {
        ...users,
        seed: 'demo',
        state: 'elsewhere',
        message: 'a shop that is full',
        environments: ['development', 'test'],
      },
    ]
    const merge = { ...pending, revision: 'a40f7de3186b', message: 'merge billing' }

    expect(page).toContain(`\n\`\`\`\n${shown([applied, merge], { seeds, seedTable: 'read' }).join('\n')}\`\`\`\n`)
  })

  it('says what could not be read of seeds, and shows nothing of theirs that moves the cursor', () => {
    const strange: SeedStatus = {
      ...users,
      seed: 'a\u001b[2J',
      state: 'unknown',
      message: 'b\nc',
      scenarios: ['\u202e'],
    }
    const doubts = { hasSeedFiles: false, seedTable: 'unreadable' } as const

    expect(shown([applied], { seeds: [strange], ...doubts }).slice(1)).toEqual([
      'seed      unknown                           a\\x1b[2J      b\\nc (scenario \\u202e)',
      '1 applied; seeds: 1 unknown in app@db/shop (without the seed files; the table of seeds cannot be read; times in UTC)',
      '',
    ])
    expect(shown([], { seeds: [users], seedTable: 'missing' }).at(-2)).toContain(
      '(no table of seeds yet; times in UTC)',
    )
    expect(shown([], { seeds: [users], seedTable: 'missing', exists: false }).at(-2)).toBe(
      'no revisions; seeds: 1 new in app@db/shop',
    )
  })

  it('is painted where there are colours, and lets nothing through that moves the cursor', () => {
    const style = styleFor({ isTTY: true, hasColors: () => true }, {})
    const strange = { ...applied, message: 'a\u001b[2Jb\nc', event: { ...event, error: '\u001b[2J' } }
    const text = formatStatus(resultOf([strange, { ...strange, ...failed, message: '\u202e' }]), { style, long: true })

    expect(text).toContain('\u001b[32mAPPLIED\u001b[39m')
    expect(text).toContain('\u001b[31mFAILED\u001b[39m')
    expect(text).not.toContain('\u001b[2J')
    expect(text).not.toContain('\u202e')
    expect(text).toContain('a\\x1b[2Jb\\nc')
  })
})
