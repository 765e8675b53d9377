// SQL cut into the few kinds of text that matter when statements are split or placeholders filled: what is quoted or a
// comment never counts as SQL. It knows quotes, dollar quotes and comments of the three families and nothing of their
// grammar, so it works on any statement, whole or broken.
import type { SqlFamily } from './sql-family.ts'

/**
 * `command` is a whole line such as `DELIMITER //`, which the clients of MySQL understand and no server does; from there
 * on, each `//` outside of quotes is a `delimiter`.
 */
export type SqlTokenKind =
  | 'code'
  | 'string'
  | 'identifier'
  | 'comment'
  | 'placeholder'
  | 'semicolon'
  | 'delimiter'
  | 'command'

/** A piece of SQL; the pieces follow each other without gaps. */
export interface SqlToken {
  readonly kind: SqlTokenKind
  readonly start: number
  readonly end: number
  /** True when a quote or comment is still open at the end of the text. */
  readonly open?: true
}

// A placeholder takes the backslashes before it along: Knex reads `\?` as a plain question mark.
const STARTS: Readonly<Record<SqlFamily, RegExp>> = {
  postgresql: /['"$;]|\\*\?|--|\/\*/g,
  mysql: /['"`;#]|\?+|--(?=[\0- ]|$)|\/\*(?!M?!)|^[ \t]*[Dd][Ee][Ll][Ii][Mm][Ii][Tt][Ee][Rr](?=[ \t]+[^ \t\r\n])/gm,
  sqlite: /['"`[;?]|--|\/\*/g,
}
const COMMAND_LINE = /[^\r\n]*/y
const ARGUMENT = /^[ \t]*delimiter[ \t]+(?:'([^']+)'|"([^"]+)"|`([^`]+)`|([^ \t]+))/i
const DOLLAR_QUOTE = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y
// How the next part of a string is joined to the one before: the rules for backslashes go on in it.
const CONTINUATION = /[ \t\f\v]*[\r\n](?:\s|--[^\r\n]*[\r\n])*'/y
const WORD_CHARACTER = /[A-Za-z0-9_$\u0080-\uffff]/

/** The tokens of `sql`, in order; none for the empty text. One at a time, for whoever needs only the first of them. */
export function* sqlTokens(sql: string, family: SqlFamily): Generator<SqlToken> {
  const reader = new SqlTokenReader(sql, family)
  for (let token = reader.next(); token !== undefined; token = reader.next()) yield token
}

/** All tokens at once, which costs less than one at a time. */
export function allSqlTokens(sql: string, family: SqlFamily): SqlToken[] {
  const reader = new SqlTokenReader(sql, family)
  const tokens: SqlToken[] = []
  for (let token = reader.next(); token !== undefined; token = reader.next()) tokens.push(token)
  return tokens
}

class SqlTokenReader {
  readonly #sql: string
  readonly #family: SqlFamily
  #starts: RegExp
  #delimiter = ';'
  /** Where the last token that is not code ends. */
  #done = 0
  // Only there a client looks for its commands.
  #atStart = true
  /** The token after the code that was given. */
  #waiting: SqlToken | undefined

  constructor(sql: string, family: SqlFamily) {
    this.#sql = sql
    this.#family = family
    this.#starts = new RegExp(STARTS[family])
  }

  /** Undefined at the end. */
  next(): SqlToken | undefined {
    const waiting = this.#waiting
    if (waiting !== undefined) {
      this.#waiting = undefined
      return waiting
    }
    const from = this.#done
    if (from === this.#sql.length) return undefined
    const token = this.#find()
    if (token?.start === from) return token
    this.#waiting = token
    return { kind: 'code', start: from, end: token?.start ?? this.#sql.length }
  }

  #find(): SqlToken | undefined {
    const sql = this.#sql
    for (let found = this.#starts.exec(sql); found !== null; found = this.#starts.exec(sql)) {
      const start = found.index
      if (this.#atStart && start > this.#done) this.#atStart = sql.slice(this.#done, start).trim() === ''
      const token = this.#tokenAt(start, found[0])
      if (token === undefined) continue
      if (token.kind !== 'comment') this.#atStart = ENDS_STATEMENT.has(token.kind)
      this.#done = token.end
      this.#starts.lastIndex = token.end
      return token
    }
    this.#done = sql.length
    return undefined
  }

  #tokenAt(start: number, opening: string): SqlToken | undefined {
    if (this.#delimiter !== ';' && opening === this.#delimiter) {
      return { kind: 'delimiter', start, end: start + opening.length }
    }
    if (this.#family !== 'mysql' || !/delimiter$/i.test(opening)) {
      return tokenAt(this.#sql, start, opening, this.#family)
    }
    // In the midst of a statement the word is a name.
    if (!this.#atStart) return undefined
    const token = commandLine(this.#sql, start)
    this.#delimiter = delimiterOf(this.#sql.slice(token.start, token.end))
    this.#starts = startsWith(this.#delimiter, this.#family)
    return token
  }
}

/** The delimiter that a `command` sets. */
export function delimiterOf(command: string): string {
  const [, ...quotedOrBare] = ARGUMENT.exec(command) ?? []
  return quotedOrBare.find((argument) => argument !== undefined) ?? ';'
}

const ENDS_STATEMENT: ReadonlySet<SqlTokenKind> = new Set(['semicolon', 'delimiter', 'command'])

function startsWith(delimiter: string, family: SqlFamily): RegExp {
  const { source, flags } = STARTS[family]
  if (delimiter === ';') return new RegExp(source, flags)
  return new RegExp(`${delimiter.replace(/[^\w\s]/g, '\\$&')}|${source}`, flags)
}

function commandLine(sql: string, start: number): SqlToken {
  COMMAND_LINE.lastIndex = start
  COMMAND_LINE.exec(sql)
  return { kind: 'command', start, end: COMMAND_LINE.lastIndex }
}

function tokenAt(sql: string, start: number, opening: string, family: SqlFamily): SqlToken | undefined {
  if (opening.endsWith('?')) return { kind: 'placeholder', start, end: start + opening.length }
  switch (opening) {
    case ';':
      return { kind: 'semicolon', start, end: start + 1 }
    case '--':
    case '#':
      return lineComment(sql, start, family)
    case '/*':
      return blockComment(sql, start, family === 'postgresql')
    case '$':
      return dollarQuoted(sql, start)
    case "'":
      if (isEscapeString(sql, start, family)) return escapeString(sql, start)
      return quoted(sql, start, "'", 'string', family === 'mysql')
    case '"':
      return quoted(sql, start, '"', family === 'mysql' ? 'string' : 'identifier', family === 'mysql')
    default:
      return quoted(sql, start, opening === '[' ? ']' : opening, 'identifier', false)
  }
}

/** Whether the quote at `start` belongs to an `E'...'` of PostgreSQL, in which backslashes escape. */
function isEscapeString(sql: string, start: number, family: SqlFamily): boolean {
  if (family !== 'postgresql' || !/[eE]/.test(sql.charAt(start - 1))) return false
  return start < 2 || !WORD_CHARACTER.test(sql.charAt(start - 2))
}

function escapeString(sql: string, start: number): SqlToken {
  let token = quoted(sql, start, "'", 'string', true)
  for (;;) {
    CONTINUATION.lastIndex = token.end
    if (token.open || !CONTINUATION.test(sql)) return token
    token = { ...quoted(sql, CONTINUATION.lastIndex - 1, "'", 'string', true), start }
  }
}

function quoted(sql: string, start: number, quote: string, kind: SqlTokenKind, backslashes: boolean): SqlToken {
  const close = backslashes ? closeWithBackslashes(sql, start + 1, quote) : closeOf(sql, start + 1, quote)
  return close === -1 ? { kind, start, end: sql.length, open: true } : { kind, start, end: close + 1 }
}

function closeOf(sql: string, from: number, quote: string): number {
  let close = sql.indexOf(quote, from)
  while (close !== -1 && quote !== ']' && sql.startsWith(quote, close + 1)) close = sql.indexOf(quote, close + 2)
  return close
}

const SINGLE = /['\\]/g
const DOUBLE = /["\\]/g

// Looking for the next backslash by itself would read to the end of a text that has none, for each of its strings.
function closeWithBackslashes(sql: string, from: number, quote: string): number {
  const signs = quote === '"' ? DOUBLE : SINGLE
  signs.lastIndex = from
  for (let found = signs.exec(sql); found !== null; found = signs.exec(sql)) {
    if (found[0] === quote && !sql.startsWith(quote, found.index + 1)) return found.index
    signs.lastIndex = found.index + 2
  }
  return -1
}

function dollarQuoted(sql: string, start: number): SqlToken | undefined {
  if (start > 0 && WORD_CHARACTER.test(sql.charAt(start - 1))) return undefined
  DOLLAR_QUOTE.lastIndex = start
  const tag = DOLLAR_QUOTE.exec(sql)?.[0]
  if (tag === undefined) return undefined
  const close = sql.indexOf(tag, start + tag.length)
  if (close === -1) return { kind: 'string', start, end: sql.length, open: true }
  return { kind: 'string', start, end: close + tag.length }
}

const LINE_END = /[\r\n]/g

function lineComment(sql: string, start: number, family: SqlFamily): SqlToken {
  LINE_END.lastIndex = start
  // PostgreSQL alone lets a carriage return end a comment.
  const end = family === 'postgresql' ? (LINE_END.exec(sql)?.index ?? -1) : sql.indexOf('\n', start)
  return { kind: 'comment', start, end: end === -1 ? sql.length : end }
}

function blockComment(sql: string, start: number, nests: boolean): SqlToken {
  const marks = nests ? /\/\*|\*\//g : /\*\//g
  marks.lastIndex = start + 2
  let depth = 1
  for (let mark = marks.exec(sql); mark !== null; mark = marks.exec(sql)) {
    depth += mark[0] === '/*' ? 1 : -1
    if (depth === 0) return { kind: 'comment', start, end: marks.lastIndex }
  }
  return { kind: 'comment', start, end: sql.length, open: true }
}
