import { hash } from 'node:crypto'
import { codeChecksum } from './code-checksum.ts'

/** What was kept of a file when it was run. */
export interface RecordedChecksum {
  /** `sha256:` and hex, of the whole text, line ends and byte order mark normalised. */
  readonly text: string
  /** Hex, of the code without comments and white space; undefined where it could not be told. */
  readonly code: string | undefined
  /** Of the file, without the dot; undefined where it was not kept. */
  readonly extension: string | undefined
}

/**
 * How a file stands to what was recorded of it. `cosmetic`: only comments or white space differ. `edited`: the code
 * differs, or the text, where one of the two could not be split into code and comments. `not-comparable`: the one is
 * TypeScript and the other JavaScript, or the record does not say, so that a difference means nothing.
 */
export type Comparison = 'same' | 'cosmetic' | 'edited' | 'not-comparable'

/** The SHA-256 of a text, the same for all line ends and with or without a byte order mark. */
export function textChecksum(text: string): string {
  return digestOf(normalised(text))
}

/** What is kept of a file: `sha256:HEX code:HEX ts`, without `code:` where the text cannot be split for certain. */
export function toRecordedChecksum(text: string, extension: string): string {
  const plain = normalised(text)
  const code = codeChecksum(plain)
  return [digestOf(plain), ...(code === undefined ? [] : [`code:${code}`]), extension.replace(/^\./, '')].join(' ')
}

/** Reads what was kept, also by a rev that kept the checksum of the text alone; undefined for anything else. */
export function readRecordedChecksum(recorded: string): RecordedChecksum | undefined {
  const found = /^(sha256:[\da-f]{64})(?: code:([\da-f]{64}))?(?: ([cm]?[jt]s))?$/.exec(recorded)
  if (found === null) return undefined
  const [, text = '', code, extension] = found
  return { text, code, extension }
}

/** Compares what was recorded with what would be recorded now. */
export function compareChecksums(recorded: RecordedChecksum, now: RecordedChecksum): Comparison {
  if (recorded.text === now.text) return 'same'
  const family = familyOf(recorded)
  if (family === undefined || family !== familyOf(now)) return 'not-comparable'
  return recorded.code !== undefined && recorded.code === now.code ? 'cosmetic' : 'edited'
}

const familyOf = ({ extension }: RecordedChecksum): string | undefined => extension?.slice(-2)

const digestOf = (plain: string): string => `sha256:${hash('sha256', plain, 'hex')}`

function normalised(text: string): string {
  if (!text.includes('\r') && !text.startsWith('\uFEFF')) return text
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}
