import type { SqlToken } from './sql-tokens.ts'

/** What stands in a list of words for anything that is no keyword: quoted text, a number, a value, a name after a dot. */
export const OPERAND = "'"

// The marks of a comment that MySQL executes are no words of it.
const WORDS = /(\/\*M?!\d*|\*\/)|[A-Za-z_@$\u0080-\uffff][\w@$\u0080-\uffff]*|(\d[\w.]*)|:=|\S/g

/**
 * The words of a piece of SQL in lower case, and each sign of punctuation between them, one after the other. Comments are
 * left out.
 */
export function* sqlWords(sql: string, tokens: Iterable<SqlToken>): Generator<string> {
  let last = ''
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') continue
    if (kind !== 'code') {
      last = kind === 'semicolon' ? ';' : OPERAND
      yield last
      continue
    }
    for (const [word, mark, number] of sql.slice(start, end).matchAll(WORDS)) {
      if (mark !== undefined) continue
      last = number !== undefined || last === '.' ? OPERAND : word.toLowerCase()
      yield last
    }
  }
}

/** At most the first `count` words. Asked of every statement, so nothing is made of what stands behind them. */
export function firstWords(sql: string, tokens: Iterable<SqlToken>, count: number): string[] {
  const words: string[] = []
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') continue
    if (kind !== 'code') words.push(kind === 'semicolon' ? ';' : OPERAND)
    else addWords(words, sql.slice(start, end), count)
    if (words.length >= count) break
  }
  return words
}

// With a place of its own to go on from.
const NEXT_WORD = new RegExp(WORDS)

function addWords(words: string[], code: string, count: number): void {
  NEXT_WORD.lastIndex = 0
  while (words.length < count) {
    const found = NEXT_WORD.exec(code)
    if (found === null) return
    const [word, mark, number] = found
    if (mark !== undefined) continue
    words.push(number !== undefined || words.at(-1) === '.' ? OPERAND : word.toLowerCase())
  }
}
