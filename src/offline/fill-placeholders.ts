import { splitStatements } from '../sql/split-statements.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import type { SqlToken } from '../sql/sql-tokens.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import { literalWriter } from './literals/write-literal.ts'
import { ScriptFault } from './script-fault.ts'

/** One statement, ready for a script, without the semicolon that ends it. */
export interface ScriptStatement {
  readonly sql: string
  /** True when semicolons stand inside it. */
  readonly hasBody: boolean
}

/**
 * The statements of what Knex would send, with the values in place of the placeholders; placeholders are found as the
 * driver finds them. Throws ScriptFault for whatever would not be the same in a script.
 */
export function fillPlaceholders(
  sql: string,
  bindings: readonly unknown[],
  family: SqlFamily,
  options: LiteralOptions,
): ScriptStatement[] {
  const write = literalWriter(family)
  let next = 0
  const take = (): string => {
    if (next >= bindings.length) throw new ScriptFault('placeholder', 'a "?" has no value')
    return write(bindings[next++], options)
  }
  const statements = splitStatements(sql, family).map(({ tokens, hasBody }) => ({
    sql: tokens
      .map((token) => pieceOf(sql, token, family, bindings.length > 0, take))
      .join('')
      .trim(),
    hasBody,
  }))
  if (statements.length === 0) throw new ScriptFault('statement', 'it is empty')
  if (next < bindings.length)
    throw new ScriptFault('statement', `it has ${next} placeholders for ${bindings.length} values`)
  return statements
}

function pieceOf(sql: string, token: SqlToken, family: SqlFamily, hasValues: boolean, take: () => string): string {
  const text = sql.slice(token.start, token.end)
  if (token.open) throw new ScriptFault('statement', 'a quote or a comment in it is never closed')
  switch (token.kind) {
    case 'placeholder':
      return placeholder(text, sql.charAt(token.start - 1), sql.charAt(token.end), family, take)
    case 'code':
      return code(text, family)
    case 'comment':
      return comment(text, family, hasValues)
    case 'string':
    case 'identifier':
      return quotedText(text, family, hasValues)
    default:
      return text
  }
}

function placeholder(text: string, before: string, after: string, family: SqlFamily, take: () => string): string {
  if (family === 'postgresql') return isEscaped(text) ? '?' : take()
  if (text.length > 1 || /\d/.test(after))
    throw new ScriptFault('statement', `"${text}${after}" is no placeholder that Knex fills`)
  const literal = take()
  // Two minus signs would begin a comment.
  return before === '-' && literal.startsWith('-') ? ` ${literal}` : literal
}

/** Whether Knex sends a `?` as it is: after an odd number of backslashes. */
function isEscaped(text: string): boolean {
  return text.length % 2 === 0
}

function code(text: string, family: SqlFamily): string {
  if (text.includes('\0')) throw new ScriptFault('statement', 'it holds a NUL character')
  if (/\\(?!N\b)/.test(text))
    throw new ScriptFault('statement', 'a backslash outside of quotes is a command of the client')
  // psql puts a variable in place of `:name`; the space keeps the slice of an array what it is.
  return family === 'postgresql' ? text.replace(/(?<!:):(?=[A-Za-z_'"{])/g, ': ') : text
}

function comment(text: string, family: SqlFamily, hasValues: boolean): string {
  if (family !== 'postgresql' || !text.includes('?')) return text
  // Knex counts the question marks of comments as well, so a value would go there.
  if (hasValues) throw new ScriptFault('statement', 'a "?" stands in a comment, and Knex would give it a value')
  return text
}

function quotedText(text: string, family: SqlFamily, hasValues: boolean): string {
  if (text.includes('\0')) throw new ScriptFault('statement', 'it holds a NUL character')
  if (family === 'postgresql') return text.replace(/\\*\?/g, (match) => questionMark(match, hasValues))
  if (text.includes('\r'))
    throw new ScriptFault(
      'statement',
      'quoted text in it holds a carriage return, which the client drops; bind the value',
    )
  return text
}

// In a statement with values Knex numbers the question marks inside of quotes, too.
function questionMark(match: string, hasValues: boolean): string {
  if (isEscaped(match)) return '?'
  if (hasValues) throw new ScriptFault('placeholder', 'a "?" stands inside of quotes, and Knex would give it a value')
  return match
}
