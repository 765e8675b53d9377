import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comments } from '../../../src/offline/comment.ts'

test('a message stays in its line and ends no comment', () => {
  expect(comments('a\nDROP TABLE users; -- \r\n*/ /*! x */ \u2028\u0000\\! touch /tmp/x')).toBe(
    '-- a DROP TABLE users; --  * / / *! x * /  \\! touch /tmp/x',
  )
})

test('several lines are several comments, and an empty one has no space at its end', () => {
  expect(comments('a', '', 'b')).toBe('-- a\n--\n-- b')
})

test('whatever the text, every line of it is a comment', () => {
  const nasty = fc.constantFrom(
    '\n',
    '\r',
    '\u0085',
    '\u2028',
    '\u2029',
    '\0',
    '*/',
    '/*',
    '\\!',
    '.shell',
    '\u202e',
    '\ud800',
    'a',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(nasty, fc.string({ unit: 'binary' }))), (parts) => {
      const text = comments(parts.join(''))
      expect(text).toMatch(/^--(?: |$)/)
      expect(text.split(/[\n\r\u0085\u2028\u2029\v\f]/)).toHaveLength(1)
      expect(text).not.toMatch(/\*\/|\/\*/)
      expect(Buffer.from(text, 'utf8').toString('utf8')).toBe(text)
    }),
  )
})
