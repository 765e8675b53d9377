import { clientTrap, protectedCode } from '../sql/client-traps.ts'
import { isPlainStatement } from '../sql/plain-statement.ts'
import { type SqlStatement, splitStatements } from '../sql/split-statements.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { allSqlTokens, type SqlToken } from '../sql/sql-tokens.ts'
import type { LiteralOptions } from './literals/literal-options.ts'
import { canBePrepared, isUncastBytes } from './literals/uncast-bytes.ts'
import { literalWriter } from './literals/write-literal.ts'
import { ScriptFault } from './script-fault.ts'

/** One statement, ready for a script, without the semicolon that ends it; it may end in a line comment. */
export interface ScriptStatement {
  readonly sql: string
  /** True when semicolons stand inside it. */
  readonly hasBody: boolean
  /** PostgreSQL: the same with `$1`, `$2`, ... in place of bytes, when it has some whose type the database decides on. */
  readonly withBytesAside?: string
}

/**
 * The statements of what Knex would send, none when it holds nothing but comments and the server takes that, with the values in place of the placeholders; placeholders are found as the
 * driver finds them. Throws ScriptFault for whatever would not be the same in a script. `DELIMITER` lines, which no
 * driver takes, are left out, and their delimiters end statements.
 */
export function fillPlaceholders(
  sql: string,
  bindings: readonly unknown[],
  family: SqlFamily,
  options: LiteralOptions,
): ScriptStatement[] {
  if (sql.includes('\0')) throw new ScriptFault('statement', 'it holds a NUL character')
  const write = literalWriter(family)
  let next = 0
  const literals: string[] = []
  const aside = new Set<number>()
  const take: Take = (end) => {
    if (next >= bindings.length) throw new ScriptFault('placeholder', 'a "?" has no value')
    const literal = write(bindings[next++], options)
    if (family === 'postgresql' && isUncastBytes(literal, sql, end)) aside.add(literals.length)
    literals.push(literal)
    return literal
  }
  const fill = (how: Take): ScriptStatement[] =>
    isPlainStatement(sql, family)
      ? [
          trimmed(
            sql.replaceAll('?', (_, start: number) => how(start + 1)),
            false,
            family,
          ),
        ]
      : takenApart(sql, family, how)
  const statements = fill(take)
  if (statements.length === 0 && !isHarmless(sql, family)) throw new ScriptFault('statement', 'it is empty')
  if (next < bindings.length)
    throw new ScriptFault('statement', `it has ${next} placeholders for ${bindings.length} values`)
  return aside.size === 0 ? statements : withBytesAside(statements, fill, literals, aside)
}

/**
 * Adds what the database can be asked which types it gives to the bytes. The driver sends them as they are, and the
 * database takes them for text where it wants text; a literal would become the text of that literal.
 */
function withBytesAside(
  statements: readonly ScriptStatement[],
  fill: (how: Take) => ScriptStatement[],
  literals: readonly string[],
  aside: ReadonlySet<number>,
): ScriptStatement[] {
  if (statements.some(({ sql }) => !canBePrepared(sql))) {
    const reason =
      'the script cannot ask the database what it takes the bytes for; cast them: knex.raw("?::bytea", [buffer])'
    throw new ScriptFault('value', reason)
  }
  let next = 0
  let number = 0
  const asked = fill(() => {
    const index = next++
    return aside.has(index) ? `$${++number}` : (literals[index] as string)
  })
  return statements.map((statement, index) => ({ ...statement, withBytesAside: asked[index]?.sql ?? '' }))
}

/** Gives the literal for the next placeholder, behind which the statement goes on at `end`. */
type Take = (end: number) => string

function takenApart(sql: string, family: SqlFamily, take: Take): ScriptStatement[] {
  return splitStatements(sql, family).map((statement) => {
    refuseTraps(sql, statement, family)
    const pieces = statement.tokens.map((token) => pieceOf(sql, token, statement, family, () => take(token.end)))
    return trimmed(pieces.join(''), statement.hasBody, family)
  })
}

const CREATES_INDEX = /^\s*create\s+(?:unique\s+)?index\b/i

/** SQLite keeps the white space behind the definition of an index, and of nothing else, as a part of it. */
function trimmed(text: string, hasBody: boolean, family: SqlFamily): ScriptStatement {
  const sql = family === 'sqlite' && CREATES_INDEX.test(text) ? text.trimStart() : text.trim()
  return { sql, hasBody }
}

/** Whether the server takes a text without any statement: nothing, or for MySQL nothing but comments. SQLite takes none. */
function isHarmless(sql: string, family: SqlFamily): boolean {
  const tokens = allSqlTokens(sql, family)
  if (tokens.length === 0 || family === 'sqlite' || tokens.some(({ open }) => open)) return false
  if (family === 'postgresql') return true
  const hasComment = tokens.some(({ kind }) => kind === 'comment')
  return hasComment && tokens.every(({ kind }) => kind === 'comment' || kind === 'code')
}

function refuseTraps(sql: string, { tokens, isOpen }: SqlStatement, family: SqlFamily): void {
  const refuse = (reason: string): never => {
    throw new ScriptFault('statement', reason)
  }
  if (tokens.some(({ open }) => open)) refuse('a quote or a comment in it is never closed')
  if (isOpen) refuse('rev cannot tell where a body or a parenthesis in it ends')
  const trap = clientTrap(sql, tokens, family)
  if (trap !== undefined) refuse(trap)
}

function pieceOf(
  sql: string,
  token: SqlToken,
  { hasBody }: SqlStatement,
  family: SqlFamily,
  take: () => string,
): string {
  const text = sql.slice(token.start, token.end)
  switch (token.kind) {
    case 'placeholder':
      return placeholder(text, sql.charAt(token.start - 1), sql.charAt(token.end), family, take)
    case 'code':
      refuseNamedParameter(text, family)
      // Within a trigger sqlite3 takes nothing for an end.
      return hasBody && family === 'sqlite' ? text : protectedCode(text, sql.charAt(token.end), family)
    case 'comment':
      return text
    case 'string':
    case 'identifier':
      return quotedText(text, family)
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

// sqlite3 puts NULL where the driver wants a value.
function refuseNamedParameter(text: string, family: SqlFamily): void {
  const [name] = (family === 'sqlite' && /(?<![\w$\u0080-\uffff])[:@$][\w\u0080-\uffff]+/.exec(text)) || []
  if (name !== undefined) throw new ScriptFault('statement', `its parameter "${name}" has no value`)
}

function quotedText(text: string, family: SqlFamily): string {
  // As online, where only the placeholders outside of quotes are numbered.
  if (family === 'postgresql' && !text.includes('?')) return text
  if (family === 'postgresql') return text.replace(/\\*\?/g, (match) => (isEscaped(match) ? '?' : match))
  if (text.includes('\r'))
    throw new ScriptFault(
      'statement',
      'quoted text in it holds a carriage return, which the client drops; bind the value',
    )
  return text
}
