import { expect, test } from 'vitest'
import { pauseBefore } from '../../../../src/database/limits/pause.ts'
import { limitsFor } from '../../../../src/database/limits/time-limit.ts'
import { worksConcurrently } from '../../../../src/database/limits/without-limits.ts'

const nothing = { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0 }

test('a limit is what the revision says, else the run, else the settings, else the default', () => {
  const setting = { tableLockTimeoutMs: 1, statementTimeoutMs: 2 }
  const option = { tableLockTimeoutMs: 3 }
  const revision = { ...nothing, statementTimeoutMs: 0, retries: 4 }

  expect(limitsFor({}, {}, undefined)).toEqual({
    tableLock: { ms: 5_000, source: 'default' },
    statement: { ms: 0, source: 'default' },
    retries: 0,
  })
  expect(limitsFor(setting, {}, nothing)).toMatchObject({ tableLock: { ms: 1, source: 'setting' } })
  expect(limitsFor(setting, option, nothing)).toMatchObject({
    tableLock: { ms: 3, source: 'option' },
    statement: { ms: 2, source: 'setting' },
  })
  expect(limitsFor(setting, option, revision)).toMatchObject({ statement: { ms: 0, source: 'revision' }, retries: 4 })
})

test('each pause is about twice as long as the one before, up to 8 s', () => {
  expect([2, 3, 4, 5, 6, 7, 99].map((attempt) => pauseBefore(attempt, () => 1))).toEqual([
    500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000,
  ])
  expect(pauseBefore(2, () => 0)).toBe(250)
})

test.each([
  ['create unique index concurrently a on b (c)', true],
  ['-- x\nDROP INDEX CONCURRENTLY a', true],
  ['reindex (verbose) table concurrently a', true],
  ['refresh materialized view concurrently a', false],
  ["create index a on b (c) where d = 'concurrently'", false],
  ['create index "concurrently" on b (c) -- concurrently', false],
])('%s: %s', (sql, expected) => {
  expect(worksConcurrently(sql)).toBe(expected)
})
