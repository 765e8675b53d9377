import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toComment, toLiteral } from '../../../src/script/source-text.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom("'", '"', '\\', '\n', '\u2028', '\ud800', '`', '*/', '/', '*', 'u0041', ' '))
    .map((all) => all.join('')),
)

describe('a literal', () => {
  it('is the same value again when it is run, on one line and without anything hidden', () => {
    fc.assert(
      fc.property(text, (value) => {
        const literal = toLiteral(value)
        expect(runInNewContext(literal)).toBe(value)
        expect(literal).not.toMatch(/[\n\r\u2028\u2029\u202e\0]/)
      }),
    )
  })

  it('is written as people write it', () => {
    expect(toLiteral('abc')).toBe(`'abc'`)
    expect(toLiteral(`it's`)).toBe(`"it's"`)
    expect(toLiteral(`say "it's"`)).toBe(`'say "it\\'s"'`)
    expect(toLiteral(['a', 'b'])).toBe(`['a', 'b']`)
    expect(toLiteral(null)).toBe('null')
  })
})

describe('text for a comment', () => {
  it('never ends the comment, wherever a template puts it', () => {
    fc.assert(
      fc.property(text, (value) => {
        expect(runInNewContext(`/**${toComment(value)}\n*/ 42`)).toBe(42)
        expect(runInNewContext(`/**\n * ${toComment(value)}\n */ 42`)).toBe(42)
      }),
    )
  })

  it('keeps its lines below each other', () => {
    expect(toComment('one\r\n\r\n two ')).toBe('one\n *\n *  two')
  })
})
