import { describe, expect, test } from 'vitest'
import {
  compareChecksums,
  type RecordedChecksum,
  readRecordedChecksum,
  textChecksum,
  toRecordedChecksum,
} from '../../../src/script/recorded-checksum.ts'

const CODE = 'export const revision = "a"\n'
const OPEN = 'function f() {}\n/a/g\n'

function read(recorded: string): RecordedChecksum {
  const found = readRecordedChecksum(recorded)
  if (found === undefined) throw new Error(`not read: ${recorded}`)
  return found
}
const compare = (one: string, other: string, from = '.ts', to = '.ts'): string =>
  compareChecksums(read(toRecordedChecksum(one, from)), read(toRecordedChecksum(other, to)))

describe('what is kept of a file', () => {
  test('fits the column, and is read as it was written', () => {
    const recorded = toRecordedChecksum(CODE, '.mts')

    expect(recorded).toMatch(/^sha256:[\da-f]{64} code:[\da-f]{64} mts$/)
    expect(recorded.length).toBeLessThanOrEqual(255)
    expect(read(recorded)).toEqual({ text: textChecksum(CODE), code: expect.any(String), extension: 'mts' })
  })

  test('is the text alone where the code cannot be told', () => {
    expect(toRecordedChecksum(OPEN, '.js')).toMatch(/^sha256:[\da-f]{64} js$/)
    expect(read(toRecordedChecksum(OPEN, '.js')).code).toBeUndefined()
  })

  test('is the same for all line ends and with or without a byte order mark', () => {
    expect(toRecordedChecksum('\uFEFFf(`a\r\nb`)\r\n', '.ts')).toBe(toRecordedChecksum('f(`a\nb`)\n', '.ts'))
  })

  test('is read where there is the checksum of the text alone, and nowhere else', () => {
    expect(read(textChecksum(CODE))).toEqual({ text: textChecksum(CODE), code: undefined, extension: undefined })
    for (const text of ['', 'sha256:a', 'md5:0', `${textChecksum(CODE)} code:1 ts`, `${textChecksum(CODE)} sql`])
      expect(readRecordedChecksum(text)).toBeUndefined()
  })
})

describe('two files of one revision', () => {
  test('are the same, differ in comments, or in code', () => {
    expect(compare(CODE, CODE)).toBe('same')
    expect(compare(CODE, `// first\n${CODE}`)).toBe('cosmetic')
    expect(compare(CODE, CODE.replace('"a"', '"b"'))).toBe('edited')
    expect(compare(CODE, `${CODE}//\n`, '.ts', '.mts')).toBe('cosmetic')
  })

  test('count as edited when the code of one cannot be told', () => {
    expect(compare(OPEN, `${OPEN}\n`)).toBe('edited')
    expect(compare(CODE, OPEN)).toBe('edited')
  })

  test('are not compared between TypeScript and JavaScript, nor with a record that does not say', () => {
    expect(compare(CODE, `${CODE} `, '.ts', '.js')).toBe('not-comparable')
    expect(compare(CODE, CODE, '.ts', '.js')).toBe('same')
    expect(compareChecksums(read(textChecksum(CODE)), read(toRecordedChecksum(`${CODE} `, '.ts')))).toBe(
      'not-comparable',
    )
  })
})
