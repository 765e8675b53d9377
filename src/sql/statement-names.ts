import type { SqlFamily } from './sql-family.ts'
import { sqlTokens } from './sql-tokens.ts'

/** A word of a statement: `text` in lower case for what may be a keyword, as it stands for a quoted name. */
export interface NameWord {
  readonly text: string
  /** The name as the database takes it, when it is used as one. */
  readonly name: string
  readonly isQuoted: boolean
}

const WORDS = /\/\*M?!\d*|\*\/|[A-Za-z_@$\u0080-\uffff][\w@$\u0080-\uffff]*|\d[\w.]*|\S/g

/** The words of a statement and the signs between them, with quoted names unquoted; comments and strings are left out. */
export function nameWords(sql: string, family: SqlFamily): NameWord[] {
  const words: NameWord[] = []
  for (const { kind, start, end } of sqlTokens(sql, family)) {
    if (kind === 'comment') continue
    const piece = sql.slice(start, end)
    if (kind === 'code') {
      for (const [word] of piece.matchAll(WORDS)) {
        if (word.startsWith('/*') || word === '*/') continue
        // PostgreSQL folds what is not quoted; the others do not, or compare without case.
        const lower = word.toLowerCase()
        words.push({ text: lower, name: family === 'postgresql' ? lower : word, isQuoted: false })
      }
    } else if (kind === 'semicolon') words.push({ text: ';', name: ';', isQuoted: false })
    else words.push({ text: "'", name: kind === 'identifier' ? unquoted(piece) : '', isQuoted: true })
  }
  return words
}

function unquoted(piece: string): string {
  const quote = piece.charAt(0)
  return piece.slice(1, -1).replaceAll(quote + quote, quote)
}

/** A name with the schema in front of it, when it has one. */
export interface QualifiedName {
  readonly schema: string | undefined
  readonly name: string
}

/** Reads words one after the other. */
export class WordCursor {
  readonly #words: readonly NameWord[]
  #at = 0

  constructor(words: readonly NameWord[]) {
    this.#words = words
  }

  /** The next word, when it is a keyword and one of these. */
  take(...keywords: readonly string[]): string | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || word.isQuoted || !keywords.includes(word.text)) return undefined
    this.#at += 1
    return word.text
  }

  /** All of these, one after the other, or none of them. */
  takeAll(...keywords: readonly string[]): boolean {
    const found = keywords.every((keyword, index) => {
      const word = this.#words[this.#at + index]
      return word !== undefined && !word.isQuoted && word.text === keyword
    })
    if (found) this.#at += keywords.length
    return found
  }

  /** Goes on to behind the first of these keywords; false, and nowhere, when there is none. */
  skipTo(...keywords: readonly string[]): string | undefined {
    for (let at = this.#at; at < this.#words.length; at += 1) {
      const word = this.#words[at]
      if (word !== undefined && !word.isQuoted && keywords.includes(word.text)) {
        this.#at = at + 1
        return word.text
      }
    }
    return undefined
  }

  /** A name, with its schema; undefined when none stands here. */
  name(): QualifiedName | undefined {
    const first = this.#name()
    if (first === undefined) return undefined
    if (this.take('.') === undefined) return { schema: undefined, name: first }
    const second = this.#name()
    return second === undefined ? undefined : { schema: first, name: second }
  }

  /** Names with commas between them. */
  names(): QualifiedName[] {
    const names: QualifiedName[] = []
    do {
      const name = this.name()
      if (name === undefined) return names
      names.push(name)
    } while (this.take(',') !== undefined)
    return names
  }

  #name(): string | undefined {
    const word = this.#words[this.#at]
    if (word === undefined || word.name === '' || (!word.isQuoted && !/^[\w@$\u0080-\uffff]+$/.test(word.text)))
      return undefined
    this.#at += 1
    return word.name
  }
}
