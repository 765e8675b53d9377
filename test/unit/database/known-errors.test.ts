import { describe, expect, test } from 'vitest'
import { hintFor } from '../../../src/database/known-errors.ts'

const failure = (message: string, fields: object = {}): Error => Object.assign(new Error(message), fields)

describe('hintFor', () => {
  test('knows the same trouble on each database', () => {
    const troubles = [
      [
        failure('x', { code: '42P07' }),
        failure('x', { errno: 1050, code: 'ER_TABLE_EXISTS_ERROR' }),
        failure('table `a` already exists', { code: 'SQLITE_ERROR' }),
      ],
      [
        failure('x', { code: '23505' }),
        failure('x', { errno: 1062 }),
        failure('x', { code: 'SQLITE_CONSTRAINT_UNIQUE' }),
      ],
      [
        failure('x', { code: '23503' }),
        failure('x', { errno: 1452 }),
        failure('x', { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' }),
      ],
      [failure('x', { code: '55P03' }), failure('x', { errno: 1205 }), failure('x', { code: 'SQLITE_BUSY_SNAPSHOT' })],
      [failure('x', { code: '53100' }), failure('x', { errno: 1114 }), failure('x', { code: 'SQLITE_FULL' })],
    ]

    for (const same of troubles) {
      const hints = new Set(same.map((error) => hintFor(error)))
      expect(hints.size).toBe(1)
      expect(hints).not.toContain(undefined)
    }
  })

  test('gives the very line for a statement that cannot run in a transaction', () => {
    const errors = [
      failure('create index concurrently a - CREATE INDEX CONCURRENTLY cannot run inside a transaction block', {
        code: '25001',
      }),
      failure('cannot VACUUM from within a transaction', { code: 'SQLITE_ERROR' }),
      failure('unsafe use of new value "x" of enum type "mood"', { code: '55P04' }),
    ]

    for (const error of errors) expect(hintFor(error)).toContain('export const transaction = false')
  })

  test('tells a missing extension from a missing table', () => {
    const extension = hintFor(failure('extension "postgis" is not available', { code: '0A000' }))

    expect(extension).toContain('create extension')
    expect(hintFor(failure('x', { code: '42P01' }))).not.toContain('create extension')
  })

  test('looks behind an error for the cause that it knows', () => {
    const error = new Error('could not do it', { cause: failure('x', { code: 'ECONNREFUSED' }) })

    expect(hintFor(error)).toBe(hintFor(failure('y', { code: 'ECONNREFUSED' })))
  })

  test('says nothing about what it does not know', () => {
    expect(hintFor(new Error('something else'))).toBeUndefined()
    expect(hintFor('a text')).toBeUndefined()
    expect(hintFor(failure('x', { code: 'toString' }))).toBeUndefined()
  })
})
