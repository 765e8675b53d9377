import type { SqlFamily } from './sql-family.ts'
import { type SqlToken, sqlTokens } from './sql-tokens.ts'

/** One statement of a text, as its tokens, without the semicolon that ended it. */
export interface SqlStatement {
  readonly tokens: readonly SqlToken[]
  /** True when semicolons stand inside it: the body of a trigger or a routine. */
  readonly hasBody: boolean
}

// Statements whose body may hold semicolons outside of quotes, and the words that open what END closes.
const BODIES: Readonly<Record<SqlFamily, RegExp>> = {
  postgresql: /^\s*create\b[^;]*\b(?:function|procedure)\b[^;]*\bbegin\s+atomic\b/i,
  sqlite: /^\s*create\s+(?:temp(?:orary)?\s+)?trigger\b/i,
  mysql:
    /^\s*(?:create\b(?:\s+or\s+replace\b)?(?:\s+definer\s*=[^;]*?)?(?:\s+aggregate\b)?\s+(?:trigger|procedure|function|event|package)\b[^;]*\b(?:begin|case|if|loop|repeat|while)\b|begin\s+not\s+atomic\b)/i,
}
const NESTING = /\b(?:begin|case|end)\b/gi

/**
 * Splits SQL at the semicolons that end statements. Pieces that hold only space and comments are left out. A routine of
 * MySQL takes the rest of the text: its driver sends such a text as one statement, too.
 */
export function splitStatements(sql: string, family: SqlFamily): SqlStatement[] {
  const statements: SqlStatement[] = []
  let tokens: SqlToken[] = []
  let code = ''
  let hasBody = false
  const finish = (): void => {
    if (code.trim() !== '') statements.push({ tokens: hasBody ? withoutLastSemicolon(tokens, sql) : tokens, hasBody })
    tokens = []
    code = ''
    hasBody = false
  }
  for (const token of sqlTokens(sql, family)) {
    if (token.kind === 'semicolon') {
      hasBody ||= BODIES[family].test(code)
      if (!hasBody || (family !== 'mysql' && nestingOf(code) <= 0)) {
        finish()
        continue
      }
    }
    tokens.push(token)
    // Quoted text is no keyword, but it separates words, and it is what makes a piece a statement.
    if (token.kind === 'code') code += sql.slice(token.start, token.end)
    else if (token.kind === 'comment') code += ' '
    else if (token.kind !== 'semicolon') code += '?'
  }
  finish()
  return statements
}

/** How many BEGIN and CASE are still open. */
function nestingOf(code: string): number {
  let depth = 0
  for (const [word] of code.matchAll(NESTING)) depth += word.toLowerCase() === 'end' ? -1 : 1
  return depth
}

function withoutLastSemicolon(tokens: SqlToken[], sql: string): SqlToken[] {
  const last = tokens.findLastIndex(
    (token) => token.kind !== 'comment' && sql.slice(token.start, token.end).trim() !== '',
  )
  return tokens[last]?.kind === 'semicolon' ? tokens.slice(0, last) : tokens
}
