// psql, mariadb and sqlite3 read some text otherwise than their servers do: as commands of their own, or with another
// idea of where a statement ends. All of it was tried out with the clients in batch mode.
import { isPostgresRoutine } from './postgresql-body.ts'
import type { SqlFamily } from './sql-family.ts'
import type { SqlToken } from './sql-tokens.ts'
import { firstWords, sqlWords } from './sql-words.ts'

const TRAPS: Readonly<Record<SqlFamily, (sql: string, tokens: readonly SqlToken[]) => string | undefined>> = {
  postgresql: psqlTrap,
  mysql: mysqlTrap,
  sqlite: sqliteTrap,
}

/**
 * Why the database's own client would not run the statement as the server does, in words that follow "a statement cannot
 * stand in a script: "; undefined when it would. Expects a statement as `splitStatements` gives it.
 */
export function clientTrap(sql: string, tokens: readonly SqlToken[], family: SqlFamily): string | undefined {
  const isCommand = ({ kind, start, end }: SqlToken): boolean =>
    kind === 'code' && /\\(?!N\b)/.test(sql.slice(start, end))
  if (sql.includes('\\') && tokens.some(isCommand)) {
    return 'a backslash outside of quotes is a command of the client'
  }
  return TRAPS[family](sql, tokens)
}

const CHANGED = 'it changes how quotes and backslashes are read, so that rev could not tell where statements end'

function psqlTrap(sql: string, tokens: readonly SqlToken[]): string | undefined {
  // psql reads line by line and has forgotten the E when the string goes on.
  const isContinued = ({ kind, start, end }: SqlToken): boolean =>
    kind === 'string' && /'\s*[\r\n](?:\s|--.*)*'[^']*\\/.test(afterEscapes(sql, start, end))
  if (sql.includes('\\') && tokens.some(isContinued))
    return "an E'...' string goes on in another line, where psql reads its backslashes otherwise"
  const words = firstWords(sql, tokens, 4)
  const [first] = words
  if (first === 'copy') {
    const all = [...sqlWords(sql, tokens)]
    if (all.some((word, index) => word === 'from' && all[index + 1] === 'stdin')) {
      return 'COPY ... FROM STDIN would take the rest of the script for its rows; insert the rows instead'
    }
  }
  if (
    first === 'set' &&
    /\bstandard_conforming_strings\b\s*(?:=|to\b)(?!\s*'?(?:on|true|yes|1)\b)/i.test(textOf(sql, tokens))
  ) {
    return CHANGED
  }
  const name = isPostgresRoutine(words) ? nameTakenForBody(sql, tokens) : undefined
  return name === undefined
    ? undefined
    : `psql takes the name "${name}" for a part of the body; put it in double quotes`
}

// psql counts the words BEGIN, CASE and END outside of parentheses, whatever they mean there.
function nameTakenForBody(sql: string, tokens: readonly SqlToken[]): string | undefined {
  let parentheses = 0
  let before = ''
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment') continue
    for (const current of kind === 'code' ? signsOf(sql.slice(start, end)) : ["'"]) {
      if (current === '(') parentheses += 1
      else if (current === ')') parentheses -= 1
      if (before === 'begin' && current !== 'atomic') return before
      if ((before === '.' || before === 'as') && /^(?:begin|case|end)$/.test(current) && parentheses === 0)
        return current
      before = parentheses === 0 || current === '(' ? current : ''
    }
  }
  return undefined
}

function signsOf(code: string): string[] {
  return code.toLowerCase().match(/[\w$\u0080-\uffff]+|\S/g) ?? []
}

/** The text of an escape string from its first quote on; nothing of other strings. */
function afterEscapes(sql: string, start: number, end: number): string {
  return /[eE]/.test(sql.charAt(start - 1)) && sql.charAt(start) === "'" ? sql.slice(start, end) : ''
}

const MYSQL_COMMANDS =
  /^(?:charset|clear|connect|delimiter|edit|ego|exit|go|help|nopager|notee|nowarning|pager|print|prompt|quit|rehash|source|status|system|tee|warnings)$/
const CHANGED_QUOTES = /\b(?:ansi|ansi_quotes|no_backslash_escapes|db2|maxdb|mssql|oracle|postgresql)\b/i

function mysqlTrap(sql: string, tokens: readonly SqlToken[]): string | undefined {
  const [first = ''] = firstWords(sql, tokens, 1)
  if (MYSQL_COMMANDS.test(first)) return `the client takes "${first}" at the start of a statement for its own command`
  if (first === '-') return 'it begins with "--", which the client reads otherwise than the server'
  if (first === 'set') {
    const text = textOf(sql, tokens)
    if (/\bsql_mode\b/i.test(text) && CHANGED_QUOTES.test(text)) {
      return CHANGED
    }
  }
  let inVersioned = false
  for (const { kind, start, end } of tokens) {
    if (kind === 'comment' && inVersioned && sql.startsWith('/*', start)) {
      return 'the client does not understand a comment within a comment that the server executes'
    }
    if (kind !== 'code') continue
    for (const [mark] of sql.slice(start, end).matchAll(/\/\*M?!|\*\//g)) inVersioned = mark !== '*/'
  }
  return inVersioned
    ? 'a semicolon stands in a comment that the server executes, or the comment is never closed'
    : undefined
}

function sqliteTrap(sql: string, tokens: readonly SqlToken[]): string | undefined {
  const [first = ''] = firstWords(sql, tokens, 1)
  if (first === '.' || first === '#') {
    return `the client takes "${first}" at the start of a statement for its own command`
  }
  return undefined
}

function textOf(sql: string, tokens: readonly SqlToken[]): string {
  return tokens.map(({ start, end }) => sql.slice(start, end)).join('')
}

/**
 * A piece of code with what the client would not send as it is written in another way that means the same. `next` is the
 * character that follows the piece.
 */
export function protectedCode(code: string, next: string, family: SqlFamily): string {
  switch (family) {
    case 'postgresql':
      if (!code.includes(':')) return code
      // psql puts a variable in place of `:name`; the space keeps the slice of an array what it is.
      return `${code}${next}`
        .replace(/::+|:(?=[\w'"{\u0080-\uffff])/g, (sign) => (sign === ':' ? ': ' : sign))
        .slice(0, next === '' ? undefined : -next.length)
    case 'sqlite':
      // Alone in a line these end a statement, as in the shells of other databases.
      return code.replace(/\n([ \t]*)(?=(?:\/|go)[ \t\r]*(?:\n|$))/gi, '\n$1/**/ ')
    default:
      return code
  }
}
