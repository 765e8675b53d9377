import { describe, expect, test } from 'vitest'
import { isWholeAgain, limitFailure, type SentStatement } from '../../../../src/database/limits/lock-failure.ts'
import type { SqlFamily } from '../../../../src/sql/sql-family.ts'

const failure = (fields: object, message = 'x'): Error => Object.assign(new Error(message), fields)

test.each([
  [{ code: '55P03', routine: 'ProcessInterrupts' }, 'wait'],
  [{ code: '55P03' }, 'wait'],
  [{ code: '55P03', routine: 'RangeVarGetRelidExtended' }, 'refused'],
  [{ code: '40P01' }, 'deadlock'],
  [{ code: '40001' }, 'serialization'],
  [{ code: '57014' }, 'time'],
  [{ code: 'ER_LOCK_WAIT_TIMEOUT', errno: 1205 }, 'wait'],
  [{ code: 'ER_LOCK_DEADLOCK', errno: 1213 }, 'deadlock'],
  [{ errno: 1969 }, 'time'],
  [{ errno: 3024 }, 'time'],
  [{ code: 'SQLITE_BUSY' }, 'wait'],
  [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'wait'],
  [{ code: '23505' }, undefined],
  [{ code: 'ECONNRESET' }, undefined],
  [{ code: 'PROTOCOL_CONNECTION_LOST' }, undefined],
  [{ code: 'SQLITE_LOCKED' }, undefined],
] as const)('an error with %j is %s', (fields, expected) => {
  expect(limitFailure(failure(fields))).toBe(expected)
  expect(limitFailure(Object.assign(new Error('wrapped'), { cause: failure(fields) }))).toBe(expected)
})

test('what somebody has cancelled is not out of time', () => {
  expect(limitFailure(failure({ code: '57014' }, 'canceling statement due to user request'))).toBeUndefined()
})

test('what is no error is about nothing', () => {
  for (const thrown of [undefined, null, 'lock', {}]) expect(limitFailure(thrown)).toBeUndefined()
})

describe('a statement that got no lock is the same again', () => {
  const alone = (sql: string, more: Partial<SentStatement> = {}): SentStatement => ({
    sql,
    place: 'alone',
    commitsByItself: false,
    ...more,
  })
  const whole = (statement: SentStatement, dialect: SqlFamily, kind: 'wait' | 'deadlock' = 'wait'): boolean =>
    isWholeAgain(statement, kind, dialect, dialect)

  test.each(['postgresql', 'sqlite', 'mysql'] as const)('on %s when it stands alone', (dialect) => {
    expect(whole(alone('alter table a add column b int'), dialect)).toBe(true)
    expect(whole(alone("/* why; */ alter table a add column b int default ';';"), dialect)).toBe(true)
  })

  test.each(['postgresql', 'sqlite', 'mysql'] as const)('on %s, but not where there is more', (dialect) => {
    expect(whole(alone('alter table a add column b int; select 1'), dialect)).toBe(false)
    expect(whole(alone('alter table a add column b int', { place: 'inside' }), dialect)).toBe(false)
    expect(whole(alone(''), dialect)).toBe(false)
  })

  test.each([
    ['call p()', 'mysql'],
    ['call p()', 'postgresql'],
    ['do $$ begin perform 1; end $$', 'postgresql'],
    ['create index concurrently a on b (c)', 'postgresql'],
    ['drop index /* x */ CONCURRENTLY a', 'postgresql'],
  ] as const)('but not %s on %s, which may have kept something', (sql, dialect) => {
    expect(whole(alone(sql), dialect)).toBe(false)
  })

  test('in the transaction of the step only where the database commits a definition by itself', () => {
    const definition = alone('alter table a add column b int', { place: 'step' })
    expect(whole(definition, 'mysql')).toBe(true)
    expect(whole(definition, 'postgresql')).toBe(false)
    expect(whole(definition, 'sqlite')).toBe(false)
    expect(whole(alone('create temporary table a select * from b', { place: 'step' }), 'mysql')).toBe(false)
  })

  test('with rows on MySQL only after a deadlock, and only when nothing stands with them', () => {
    const rows = 'update a set b = 1'
    expect(whole(alone(rows), 'mysql')).toBe(false)
    expect(whole(alone(rows), 'mysql', 'deadlock')).toBe(true)
    expect(whole(alone(rows, { place: 'step' }), 'mysql', 'deadlock')).toBe(false)
    expect(whole(alone(rows, { place: 'step', commitsByItself: true }), 'mysql', 'deadlock')).toBe(true)
  })

  test('for no other reason, and in no SQL that cannot be read', () => {
    const statement = alone('alter table a add column b int')
    for (const other of ['refused', 'serialization', 'time', undefined] as const) {
      expect(isWholeAgain(statement, other, 'postgresql', 'postgresql')).toBe(false)
    }
    expect(isWholeAgain(statement, 'wait', 'oracledb', undefined)).toBe(false)
  })
})
