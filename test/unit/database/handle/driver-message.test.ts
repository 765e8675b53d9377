import { describe, expect, it } from 'vitest'
import { errorPosition, withoutValues } from '../../../../src/database/handle/driver-message.ts'

describe("the driver's message", () => {
  it('loses the values', () => {
    expect(withoutValues('invalid input syntax for type integer: "geheim"', ['geheim'])).toBe(
      'invalid input syntax for type integer: "?"',
    )
    expect(withoutValues("Duplicate entry 'a-b' for key 'item.name'", ['a', 'b'])).toBe(
      "Duplicate entry '?' for key 'item.name'",
    )
    expect(withoutValues('relation "t" does not exist', undefined)).toBe('relation "t" does not exist')
    expect(withoutValues('out of range: "5000"', [5000, null, ''])).toBe('out of range: "?"')
  })

  it('gives the position where there is one', () => {
    expect(errorPosition({ position: '10' }, '', 'select * form t')).toBe(10)
    expect(errorPosition({}, "syntax near 'form t' at line 1", 'select * form t')).toBe(10)
    expect(errorPosition({}, 'near "form": syntax error', 'select * form t')).toBe(10)
    expect(errorPosition({}, 'near "t": syntax error', 'select t from t')).toBeUndefined()
    expect(errorPosition({}, 'no such table: t', 'select * from t')).toBeUndefined()
  })
})
