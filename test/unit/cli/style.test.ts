import { expect, it } from 'vitest'
import { printable, printableJson, printableLine } from '../../../src/cli/printable.ts'
import { styleFor } from '../../../src/cli/style.ts'

const screen = { isTTY: true, hasColors: () => true }
const file = { isTTY: false }
const red = '\u001b[31mx\u001b[39m'

it.each([
  ['a terminal', screen, {}, red],
  ['a file', file, {}, 'x'],
  ['a terminal with NO_COLOR', screen, { NO_COLOR: '1' }, 'x'],
  ['a terminal with an empty NO_COLOR', screen, { NO_COLOR: '' }, red],
  ['a file with FORCE_COLOR', file, { FORCE_COLOR: '1' }, red],
  ['a terminal with FORCE_COLOR=0', screen, { FORCE_COLOR: '0' }, 'x'],
  ['a file with both', file, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'x'],
  ['a terminal without colours', { isTTY: true, hasColors: () => false }, {}, 'x'],
])('%s is painted accordingly', (_name, stream, environment, text) => {
  expect(styleFor(stream, environment).red('x')).toBe(text)
})

it('spells out what a terminal would obey, and leaves text alone', () => {
  expect(printable('a\tb\r\nc\rd\u001b[1m\u007f\u0085\u2066')).toBe('a\tb\nc\\x0dd\\x1b[1m\\x7f\\x85\\u2066')
  expect(printableLine('a\tb\nc')).toBe('a\\tb\\nc')
  expect(printable('Grüße, 世界 👨‍👩‍👧 ü')).toBe('Grüße, 世界 👨‍👩‍👧 ü')
})

it('keeps the meaning of JSON', () => {
  const value = { text: 'a\u007f\u009b\u202e\n' }
  const json = printableJson(JSON.stringify(value))
  expect(json).not.toMatch(/[\u007f-\u009f\u202e]/)
  expect(JSON.parse(json)).toEqual(value)
})
