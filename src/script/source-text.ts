import { readLeadingComment } from './leading-comment.ts'

// What turns the user's words into JavaScript or TypeScript that cannot become code. Left out of comments and escaped
// in literals: control characters, line ends other than \n, halves of surrogate pairs, and the marks that make an
// editor show text in another order than it runs in.
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** A literal for a text, a list of texts, or null; in single quotes unless only double ones need no escape. */
export function toLiteral(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toLiteral).join(', ')}]`
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'undefined'
  const escaped = JSON.stringify(value).replace(
    UNSAFE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  if (value.includes("'") && !value.includes('"')) return escaped
  const body = escaped
    .slice(1, -1)
    .replace(/\\(.)|'/g, (pair, char) => (pair === "'" ? "\\'" : char === '"' ? '"' : pair))
  return `'${body}'`
}

/** The text for the inside of a block comment whose lines begin with ` * `. */
export function toComment(value: unknown): string {
  const lines = String(value ?? '')
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(UNSAFE, ' ').replaceAll('*/', '* /').trimEnd())
  const text = lines.map((line, at) => (at === 0 ? line : ` *${line === '' ? '' : ` ${line}`}`)).join('\n')
  // The template may have put a star right before it.
  return text.startsWith('/') ? ` ${text}` : text
}

/** Whether a message is the same again when it is read as the first line of a leading comment. */
export function isCommentSafe(message: string): boolean {
  return message !== '' && readLeadingComment(`/**\n * ${toComment(message)}\n */`).message === message
}
