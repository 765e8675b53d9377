// Line ends of any kind, other control characters, and marks that make text read otherwise than it is.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff]+/g

// All but ASCII in which nothing begins or ends a comment, which is what nearly all texts are.
const NOT_PLAIN = /[^ -~]|\*\/|\/\*/

/**
 * Line comments, one for each line given. Whatever a message holds stays in its line: it can neither end the comment nor
 * begin a statement or a command of the client.
 */
export function comments(...lines: readonly string[]): string {
  return lines.map((line) => `-- ${inOneLine(line)}`.trimEnd()).join('\n')
}

/** The text with everything replaced that does not belong into one line of a comment. */
export function inOneLine(text: string): string {
  if (!NOT_PLAIN.test(text)) return text
  return text
    .replace(UNPRINTABLE, ' ')
    .replace(/\*(?=\/)/g, '* ')
    .replace(/\/(?=\*)/g, '/ ')
    .replace(/\p{Surrogate}/gu, '\ufffd')
}
