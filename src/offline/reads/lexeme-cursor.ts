import type { Lexeme } from './lexemes.ts'

/** Ends the reading of a statement that is not surely what it has to be. */
export class Doubt extends Error {
  override readonly name = 'Doubt'
}

/** Goes through the pieces of a statement. What is expected and not there, and a piece behind the end, throw a Doubt. */
export class LexemeCursor {
  readonly lexemes: readonly Lexeme[]
  /** The index of the next piece. */
  at = 0

  constructor(lexemes: readonly Lexeme[]) {
    this.lexemes = lexemes
  }

  /** The next piece; undefined at the end. */
  peek(): Lexeme | undefined {
    return this.lexemes[this.at]
  }

  /** Takes a piece. */
  next(): Lexeme {
    const lexeme = this.peek()
    if (lexeme === undefined) throw new Doubt()
    this.at += 1
    return lexeme
  }

  /** Takes a word or quoted name. */
  expectName(): Lexeme {
    const lexeme = this.next()
    if (lexeme.kind !== 'word' && lexeme.kind !== 'quoted') throw new Doubt()
    return lexeme
  }

  expectWord(word: string): void {
    if (!this.isWord(word)) throw new Doubt()
    this.at += 1
  }

  expectSymbol(symbol: string): void {
    if (!this.accept(symbol)) throw new Doubt()
  }

  /** Takes the symbol if it is next, and says whether. */
  accept(symbol: string): boolean {
    if (!this.isSymbol(symbol)) return false
    this.at += 1
    return true
  }

  /** The word at a place, in lower case; undefined for anything else. */
  wordAt(index: number): string | undefined {
    const lexeme = this.lexemes[index]
    return lexeme?.kind === 'word' ? lexeme.text : undefined
  }

  isWord(word: string): boolean {
    return this.wordAt(this.at) === word
  }

  isWordOf(set: ReadonlySet<string>): boolean {
    return set.has(this.wordAt(this.at) ?? '')
  }

  isKind(kind: Lexeme['kind']): boolean {
    return this.peek()?.kind === kind
  }

  isSymbol(symbol: string): boolean {
    const lexeme = this.peek()
    return lexeme?.kind === 'symbol' && lexeme.text === symbol
  }
}
