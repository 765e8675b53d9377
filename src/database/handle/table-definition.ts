import { sqlTokens } from '../../sql/sql-tokens.ts'

/** One column or constraint in a CREATE TABLE of SQLite. */
export interface DefinitionItem {
  /** In lower case; undefined for a constraint of the table. */
  readonly column: string | undefined
  readonly words: readonly Word[]
}

/** What a definition is made of: quotes of names, case, spaces and comments are gone. */
export interface Word {
  /** Names and words in lower case, strings with their quotes. */
  readonly text: string
  readonly isName: boolean
  /** In how many parentheses it stands, within its item. */
  readonly depth: number
}

/** A CREATE TABLE or CREATE INDEX taken apart. */
export interface Definition {
  readonly items: readonly DefinitionItem[]
  /** What stands before and behind the parentheses. */
  readonly around: readonly Word[]
}

const CONSTRAINTS: ReadonlySet<string> = new Set(['constraint', 'primary', 'unique', 'check', 'foreign'])

/** Takes a definition apart as SQLite's own catalogue gives it. */
export function readDefinition(sql: string): Definition {
  const items: Word[][] = [[]]
  const around: Word[] = []
  let depth = 0
  let isBehind = false
  for (const word of wordsOf(sql)) {
    if (!word.isName && word.text === ')') depth -= 1
    if (depth === 0 && !word.isName && word.text === ')') isBehind = true
    else if (depth === 0 && (isBehind || word.text !== '(')) around.push({ ...word, depth: 0 })
    else if (depth === 1 && !word.isName && word.text === ',') items.push([])
    else if (depth > 0) items.at(-1)?.push({ ...word, depth: depth - 1 })
    if (!word.isName && word.text === '(') depth += 1
  }
  return { items: items.map(toItem), around }
}

function toItem(words: readonly Word[]): DefinitionItem {
  const [first] = words
  const isConstraint = first !== undefined && !first.isName && CONSTRAINTS.has(first.text)
  return { column: isConstraint ? undefined : first?.text, words }
}

function* wordsOf(sql: string): Generator<Omit<Word, 'depth'>> {
  for (const { kind, start, end } of sqlTokens(sql, 'sqlite')) {
    const text = sql.slice(start, end)
    if (kind === 'identifier') yield { text: unquote(text).toLowerCase(), isName: true }
    else if (kind === 'string') yield { text, isName: false }
    else if (kind !== 'comment') {
      for (const [part] of text.matchAll(/\d[\d.]*e[+-]\d+|[\w$.\u0080-\uffff]+|\S/gi))
        yield { text: part.toLowerCase(), isName: false }
    }
  }
}

function unquote(text: string): string {
  const inner = text.slice(1, -1)
  const quote = text.charAt(0)
  return quote === '[' ? inner : inner.replaceAll(quote + quote, quote)
}
