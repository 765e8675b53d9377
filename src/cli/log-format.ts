import { RevError } from '../errors/index.ts'
import type { Given } from './given.ts'

const FORMATS = ['text', 'json']

/**
 * Whether the lines on standard error are to be JSON: as typed, before the command line was read, because what is wrong
 * with it is told in that format, too.
 */
export function wantsLogLines(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const words = argv.slice(0, end === -1 ? undefined : end)
  return words.some(
    (word, index) => word === '--log-format=json' || (word === '--log-format' && words[index + 1] === 'json'),
  )
}

/** Throws REV_USAGE_INVALID_VALUE for a format that there is not. */
export function assertLogFormat(given: Given): void {
  const value = given.text('log-format')
  if (value === undefined || FORMATS.includes(value)) return
  throw new RevError('REV_USAGE_INVALID_VALUE', {
    option: '--log-format',
    value,
    expected: `one of ${FORMATS.join(', ')}`,
  })
}
