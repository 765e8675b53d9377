import { describe, expect, it } from 'vitest'
import {
  formatSeedPlan,
  formatSeedRun,
  formatSeedStamp,
  formatSeedStatus,
  formatSeedUndo,
} from '../../../../src/cli/format/seeds.ts'
import { plainStyle } from '../../../../src/cli/style.ts'

const place = { database: 'shop', environment: 'test' }
const info = {
  seed: 'countries',
  message: '',
  file: '/p/seeds/countries.csv',
  mode: 'onchange',
  state: 'changed',
  dependsOn: ['4f0c'],
  environments: undefined,
  tags: ['reference'],
  scenarios: [],
  last: { when: '2026-08-01T12:30:05.250Z', state: 'done', ms: 1234, rows: 1 },
} as const

describe('what is said of seeds', () => {
  it('of a run: what was done, what was edited, and what belongs elsewhere', () => {
    const left = [
      { seed: 'a', file: '/a', why: 'edited' },
      { seed: 'b', file: '/b', why: 'elsewhere' },
      { seed: 'c', file: '/c', why: 'done' },
    ] as const
    const run = { command: 'seed run', ...place, runId: 'r', seeds: [{ rows: 2 }, { rows: 1 }], left } as const

    expect(formatSeedRun(run, plainStyle)).toBe(
      'seed run: 2 seeds done, 3 rows written in shop\nnote: edited since it ran, and not run again: a (--force runs it)\nnot for this environment: b\n',
    )
    expect(formatSeedRun({ ...run, seeds: [] }, plainStyle)).toMatch(
      /^nothing to do for seed run: 2 seeds done in shop\n/,
    )
  })

  it('of a plan, also an empty one', () => {
    const seeds = [{ seed: 'a', message: 'the\u001bfirst', file: '/a', mode: 'once', why: 'new' }] as const

    expect(formatSeedPlan({ command: 'seed plan', ...place, seeds, left: [] }, plainStyle)).toBe(
      '1 seed would run in shop:\n  1  a  (new)  the\\x1bfirst\n',
    )
    expect(formatSeedPlan({ command: 'seed plan', ...place, seeds: [], left: [] }, plainStyle)).toBe(
      'no seed would run in shop\n',
    )
  })

  it('of their status, in columns, with those that are gone', () => {
    const result = {
      command: 'seed status',
      ...place,
      protected: false,
      seeds: [info, { ...info, seed: 'a', state: 'new', last: undefined }],
      gone: [{ seed: 'lost', when: '2026-08-01T12:30:05.250Z', state: 'stamped', ms: undefined, rows: undefined }],
    } as const

    expect(formatSeedStatus(result, { style: plainStyle, long: false }).split('\n')).toEqual([
      'changed     countries  onchange  2026-08-01 12:30:05 UTC  1 row  1.2 s',
      'new         a          onchange',
      'gone        lost                 2026-08-01 12:30:05 UTC  stamped',
      '',
    ])
    expect(formatSeedStatus(result, { style: plainStyle, long: true })).toContain(
      '1.2 s  after 4f0c; tags reference; /p/seeds/countries.csv\n',
    )
  })

  it('of what was taken back, and what was recorded', () => {
    const undone = { seed: 'a', message: '', file: '/a', by: 'keys', statements: 1, rows: 1, ms: 1 } as const
    const result = { command: 'seed undo', database: 'shop', runId: 'r', seeds: [undone] } as const

    expect(formatSeedUndo(result, plainStyle)).toBe('seed undo: 1 seed undone, 1 row removed or changed in shop\n')
    expect(formatSeedUndo({ ...result, seeds: [] }, plainStyle)).toBe(
      'nothing to do for seed undo: none of these seeds is in shop\n',
    )
    expect(
      formatSeedStamp({ command: 'seed stamp', database: 'shop', runId: 'r', seeds: ['a', 'b'] }, plainStyle),
    ).toBe('seed stamp: a, b count as done in shop\n')
  })
})
