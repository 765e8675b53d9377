import { expect, test } from 'vitest'
import { isPlainStatement } from '../../src/sql/plain-statement.ts'
import { millisecondsOf } from '../support/milliseconds-of.ts'

test.each(['postgresql', 'mysql', 'sqlite'] as const)(
  'a text that is not plain is seen to be so in a time that grows with its length: %s',
  (family) => {
    const long = `update t set a = ${'(a, "b", \'c\') - '.repeat(600)}`
    const time = millisecondsOf(() => {
      for (const end of ["'", '"', '"?"', ';', '(', '--', '\\']) {
        expect(isPlainStatement(long + end, family)).toBe(false)
      }
    })
    expect(time).toBeLessThan(500)
  },
)
