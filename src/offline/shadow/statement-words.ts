import type { SqlFamily } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'

export interface Word {
  /** In lower case; quotes taken off. Empty for a string or a value. */
  readonly text: string
  /** Quoted, so it is no keyword. */
  readonly isQuoted: boolean
  /** A string as it stands, with its quotes. */
  readonly string?: string
}

const WORDS = /[A-Za-z0-9_$@\u0080-\uffff]+|\S/g

/** The words of SQL and each sign between them; comments are left out, but for those that MySQL executes. */
export function* wordsOf(sql: string, family: SqlFamily): Generator<Word> {
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    const text = sql.slice(start, end)
    if (kind === 'code') {
      for (const [word] of text.replace(/\/\*M?!\d*|\*\//g, ' ').matchAll(WORDS))
        yield { text: word.toLowerCase(), isQuoted: false }
    } else if (kind === 'identifier') yield { text: text.slice(1, -1).toLowerCase(), isQuoted: true }
    else if (kind === 'semicolon') yield { text: ';', isQuoted: false }
    else if (kind !== 'comment') yield { text: '', isQuoted: true, ...(kind === 'string' ? { string: text } : {}) }
  }
}

/** The first two words that are not quoted. */
export function firstWordsOf(words: readonly Word[]): [verb: string, kind: string] {
  const [verb = '', kind = ''] = words.filter(({ text, isQuoted }) => !isQuoted && text !== ';').map(({ text }) => text)
  return [verb, kind]
}
