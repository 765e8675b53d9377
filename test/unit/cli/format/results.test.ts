import { describe, expect, it } from 'vitest'
import {
  formatCheck,
  formatEnsureVersion,
  formatInit,
  formatPlan,
  formatRun,
} from '../../../../src/cli/format/results.ts'
import { plainStyle } from '../../../../src/cli/style.ts'

const step = {
  direction: 'upgrade',
  revision: 'b',
  message: 'second',
  file: undefined,
  rows: ['b'],
  statements: 1,
  ms: 3,
  requires: [],
} as const

describe('a run', () => {
  const result = { command: 'upgrade', target: ['head'], database: 'dev.sqlite3', runId: 'r', before: ['a'] } as const

  it('says how much was done and where the database is now', () => {
    expect(formatRun({ ...result, rows: ['b', 'x'], steps: [step] }, plainStyle)).toBe(
      'upgrade: 1 step done, dev.sqlite3 is now at b, x\n',
    )
  })

  it('says where the database is when there was nothing to do', () => {
    expect(formatRun({ ...result, rows: [], steps: [] }, plainStyle)).toBe(
      'nothing to do for upgrade head: dev.sqlite3 is at base\n',
    )
  })
})

describe('a plan', () => {
  const result = { command: 'plan', direction: 'upgrade', target: ['head'], database: 'dev.sqlite3' } as const

  it('lists its steps in order with what is below each', () => {
    const steps = Array.from({ length: 10 }, () => step)
    const lines = formatPlan({ ...result, before: ['a'], rows: ['b'], steps }, plainStyle, () => ['a']).split('\n')

    expect(lines[0]).toBe('10 steps from a to b in dev.sqlite3:')
    expect(lines[1]).toBe('   1  upgrade a -> b  second')
    expect(lines[10]).toBe('  10  upgrade a -> b  second')
  })

  it('says what a step requires of other databases', () => {
    const requires = [{ database: 'analytics', revision: 'c1' }]
    const steps = [{ ...step, requires }]
    const text = formatPlan({ ...result, before: ['a'], rows: ['b'], steps }, plainStyle, () => ['a'])

    expect(text).toContain('  1  upgrade a -> b  second  (requires c1 of analytics)\n')
  })

  it('without steps says where the database is', () => {
    expect(formatPlan({ ...result, before: ['b'], rows: ['b'], steps: [] }, plainStyle, () => [])).toBe(
      'nothing to do: dev.sqlite3 is at b\n',
    )
  })
})

it('a check names the heads and the number of revisions', () => {
  expect(
    formatCheck({ command: 'check', revisions: 0, heads: [], base: undefined, database: undefined }, plainStyle),
  ).toBe('ok: 0 revisions, heads none\n')
  const base = { ref: 'origin/main', commit: '0123456789abcdef', added: [], heads: [] }
  expect(formatCheck({ command: 'check', revisions: 0, heads: [], base, database: undefined }, plainStyle)).toContain(
    'nothing is added to origin/main (0123456789ab)\n',
  )
})

it('init tells what was written, what was there and what is left', () => {
  const result = {
    command: 'init',
    directory: '/p',
    knexfile: '/p/knexfile.ts',
    created: ['/p/versions'],
    kept: ['/p/knexfile.ts'],
    packagesToInstall: [],
    scriptsToAdd: {},
    settingsToAdd: '',
    todo: ['install knex'],
  } as const
  expect(formatInit(result, plainStyle).split('\n')).toEqual([
    'created  /p/versions',
    'kept     /p/knexfile.ts',
    'to do    install knex',
    '',
  ])
})

it('ensure-version tells whether the table was missing', () => {
  const result = { command: 'ensure-version', table: 'rev_version', database: 'dev.sqlite3' } as const
  expect(formatEnsureVersion({ ...result, created: true })).toBe(
    'created the version table rev_version in dev.sqlite3\n',
  )
  expect(formatEnsureVersion({ ...result, created: false })).toContain('is there already')
})
