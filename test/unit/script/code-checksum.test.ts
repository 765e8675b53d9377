import { describe, expect, test } from 'vitest'
import { codeChecksum } from '../../../src/script/code-checksum.ts'

const same = (one: string, other: string): boolean => {
  const checksum = codeChecksum(one)
  expect(checksum).toMatch(/^[\da-f]{64}$/)
  return checksum === codeChecksum(other)
}

describe('the checksum of the code', () => {
  test.each([
    ['comments', 'const a = 1', '/** A number. */\nconst a = 1 // one'],
    ['indentation', 'if (a) {\n  b()\n}', 'if (a) {\n\tb()\n}\n'],
    ['spaces around brackets and operators', 'const a = { b: 1 }', 'const a={b:1}'],
    ['lines that an operator or a bracket goes on', 'f(\n  a,\n  b\n)', 'f(a, b)'],
    ['a chain of calls on several lines', 'knex\n  .schema\n  .dropTable("a")', 'knex.schema.dropTable("a")'],
    ['a line of #!', '#!/usr/bin/env node\nf()', 'f()'],
    ['an assignment that goes on below', 'const a =\n  b', 'const a = b'],
  ])('is the same for other %s', (_, one, other) => {
    expect(same(one, other)).toBe(true)
  })

  test.each([
    ['a value', 'f(1)', 'f(2)'],
    ['a space in a string', `f('a b')`, `f('a  b')`],
    ['a comment in a string', `f('a/* b */')`, `f('a')`],
    ['a line of a template', 'f(`a\nb`)', 'f(`a b`)'],
    ['a comment in a template', `f(\`a -- \${b} // c\`)`, `f(\`a -- \${b}\`)`],
    ['a space in a regular expression', 'f(/a b/)', 'f(/a  b/)'],
    ['a flag of a regular expression', 'f(/a/g)', 'f(/a/)'],
    ['a comment that was code', 'a()\nb()', 'a()\n// b()'],
    ['the line end after return', 'function f() { return\n1 }', 'function f() { return 1 }'],
    ['the line end after async', 'class A { async\nf() {} }', 'class A { async f() {} }'],
    ['the line end after async before *', 'class A { async\n*f() {} }', 'class A { async *f() {} }'],
    ['the line end before ++', '(a)\n++\nb', '(a)++\nb'],
    ['the line end after type arguments', 'const a = f<T>\ng', 'const a = f<T> g'],
    ['a space within an operator', 'a != b', 'a! = b'],
    ['a space after a number', '1.e5', '1 .e5'],
    ['quotes', `f("a")`, `f('a')`],
    ['where one token ends', 'f(a b)', 'f(ab)'],
  ])('is another for %s', (_, one, other) => {
    expect(same(one, other)).toBe(false)
  })

  test.each([
    ['a slash that only a grammar understands', 'function f() {}\n/a/g'],
    ['a string that does not end', `f('a`],
    ['a comment that does not end', 'f() /* a'],
    ['a bracket that does not close', 'f('],
    ['an escape in a name', '\\u0061 = 1'],
  ])('is none for %s', (_, text) => {
    expect(codeChecksum(text)).toBeUndefined()
  })
})
