import type { SqlFamily } from '../../sql/sql-family.ts'
import { sqlTokens } from '../../sql/sql-tokens.ts'

/** A word, number, symbol or quoted text of a statement. */
export interface Lexeme {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  /** A word in lower case; a quoted name or string without quotes and with its escapes resolved; else as it stands. */
  readonly text: string
  /** A word as it stands; the same as `text` for all others. */
  readonly written: string
  readonly start: number
  readonly end: number
}

const PIECE = /\s+|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|(?:\d[\w.]*|\.\d\w*)|::|./gsy

/**
 * The pieces of one statement, without comments and the semicolon at its end; undefined for anything that makes a reading
 * doubtful: a quote that is never closed, a second statement, a placeholder, a comment that the server carries out.
 */
export function lexemesOf(sql: string, family: SqlFamily): readonly Lexeme[] | undefined {
  const lexemes: Lexeme[] = []
  let isOver = false
  for (const { kind, start, end, open } of sqlTokens(sql, family)) {
    const text = sql.slice(start, end)
    if (open || kind === 'placeholder') return undefined
    if (kind === 'comment') continue
    if (isOver && text.trim() !== '') return undefined
    if (kind === 'semicolon') isOver = true
    else if (kind === 'code') {
      if (text.includes('/*') || text.includes('\\') || text.includes('\0')) return undefined
      lexemes.push(...piecesOf(text, start))
    } else if (kind === 'identifier' || kind === 'string') {
      // Where backslashes do not escape, the quote after one ends the text.
      if (family === 'mysql' && /\\['"]/.test(text.replaceAll('\\\\', ''))) return undefined
      const value = unquoted(text)
      lexemes.push({ kind: kind === 'string' ? 'string' : 'quoted', text: value, written: value, start, end })
    } else return undefined
  }
  // Strings of PostgreSQL that follow each other are one, but only on different lines.
  if (lexemes.some(({ kind }, index) => kind === 'string' && lexemes[index + 1]?.kind === 'string')) return undefined
  return hasPrefixedName(lexemes) ? undefined : lexemes
}

function piecesOf(code: string, offset: number): Lexeme[] {
  const lexemes: Lexeme[] = []
  for (const { 0: text, index } of code.matchAll(PIECE)) {
    if (/^\s/.test(text)) continue
    const place = { written: text, start: offset + index, end: offset + index + text.length }
    if (/^[A-Za-z_\u0080-\uffff]/.test(text)) lexemes.push({ kind: 'word', text: text.toLowerCase(), ...place })
    else lexemes.push({ kind: /^\.?\d/.test(text) ? 'number' : 'symbol', text, ...place })
  }
  return lexemes
}

function unquoted(text: string): string {
  const quote = text.startsWith('[') ? ']' : text.charAt(0)
  return text.slice(1, -1).replaceAll(quote + quote, quote)
}

// `U&"..."` is a name written in escapes.
function hasPrefixedName(lexemes: readonly Lexeme[]): boolean {
  return lexemes.some(
    ({ text, end }, index) =>
      text === '&' && lexemes[index - 1]?.text === 'u' && /^./.test(quotedAt(lexemes, index, end)),
  )
}

function quotedAt(lexemes: readonly Lexeme[], index: number, end: number): string {
  const next = lexemes[index + 1]
  return next?.start === end && (next.kind === 'quoted' || next.kind === 'string') ? next.kind : ''
}
