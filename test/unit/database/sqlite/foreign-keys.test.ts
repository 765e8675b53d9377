import { describe, expect, it } from 'vitest'
import { newViolations } from '../../../../src/database/sqlite/foreign-keys.ts'

const row = (table: string, rowid: number | null, parent = 'p') => ({ table, rowid, parent })

describe('violations that a step is blamed for', () => {
  it('are those that were not there before', () => {
    expect(newViolations([], [])).toEqual([])
    expect(newViolations([row('a', 1)], [row('a', 1), row('a', 2)])).toEqual([row('a', 2)])
    expect(newViolations([row('a', 1)], [row('b', 1)])).toEqual([row('b', 1)])
  })

  it('are none when a table has as many as it had, under other numbers', () => {
    expect(newViolations([row('a', 1), row('a', 2)], [row('a', 7), row('a', 8)])).toEqual([])
  })

  it('are counted in tables without row numbers', () => {
    expect(newViolations([row('a', null)], [row('a', null), row('a', null)])).toEqual([row('a', null)])
  })
})
