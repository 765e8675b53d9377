// What a statement does to a transaction, told by its first words. Whoever keeps a record of statements has to know which
// of them can be kept in one transaction with their record, and which the database commits by itself.
import { commitsByItself } from './mysql-commits.ts'
import { splitStatements } from './split-statements.ts'
import type { SqlFamily } from './sql-family.ts'
import type { SqlToken } from './sql-tokens.ts'
import { firstWords, sqlWords } from './sql-words.ts'

/**
 * `reads`: changes nothing. `session`: changes what ends with the session (settings, locks, prepared statements).
 * `temporary`: makes a table that ends with the session. `control`: begins or ends a transaction. `atomic`: all or
 * nothing, in a transaction with others. `commits`: the database commits it by itself, or refuses it in a transaction, or
 * it cannot be told.
 */
export type StatementEffect = 'reads' | 'session' | 'temporary' | 'control' | 'atomic' | 'commits'

/** The effect of a text; of several statements in one, that of all of them together. */
export function effectOf(sql: string, family: SqlFamily): StatementEffect {
  const statements = splitStatements(sql, family)
  if (statements.some(({ isOpen, tokens }) => isOpen || tokens.some(({ open }) => open))) return 'commits'
  const effects = new Set(statements.map(({ tokens }) => EFFECTS[family](sql, tokens)))
  const [only] = effects
  if (only === undefined) return 'reads'
  if (effects.size === 1 && (statements.length === 1 || only !== 'control')) return only
  if (effects.has('commits') || effects.has('control')) return 'commits'
  return effects.has('atomic') ? 'atomic' : effects.has('temporary') ? 'temporary' : 'session'
}

/** Whether a statement that fails may have done a part of its work: a routine that commits, several statements in one text. */
export function mayStopHalfWay(sql: string, family: SqlFamily): boolean {
  const statements = splitStatements(sql, family)
  const [first] = statements
  if (statements.length !== 1 || first === undefined) return statements.length > 1
  return /^(?:call|execute|do|begin|if|case|for|loop|while|repeat)\b/.test(opening(sql, first.tokens))
}

type Effect = (sql: string, tokens: readonly SqlToken[]) => StatementEffect

const ENOUGH_WORDS = 8
const opening = (sql: string, tokens: readonly SqlToken[]): string =>
  `${firstWords(sql, tokens, ENOUGH_WORDS).join(' ')} `

const CONTROL = /^(?:begin(?! not\b)|start transaction|commit|end|abort|rollback|savepoint|release|xa)\b/
const TEMPORARY = /^create (?:or replace )?(?:global |local )?temp(?:orary)?\b/

const MYSQL_READS = /^(?:select|show|desc|describe|explain|values|table|checksum|help|handler|do|get|\()/
const MYSQL_SESSION =
  /^(?:set (?!password\b|default role\b|statement\b)|(?:use|prepare|deallocate|(?:un)?lock tables?|drop temporary|signal|kill)\b)/
const MYSQL_ATOMIC = /^(?:insert|update|delete|replace|merge|with|load (?:data|xml))\b/

const mysqlEffect: Effect = (sql, tokens) => {
  const text = opening(sql, tokens)
  // MariaDB: settings for one statement, which is what counts.
  if (/^set statement\b/.test(text)) return innerEffect(sql, tokens)
  if (CONTROL.test(text)) return 'control'
  if (TEMPORARY.test(text)) return 'temporary'
  if (MYSQL_SESSION.test(text)) return 'session'
  if (commitsByItself(sql.slice(tokens[0]?.start, tokens.at(-1)?.end))) return 'commits'
  if (MYSQL_READS.test(text)) return 'reads'
  if (/^with\b/.test(text)) return writes(sql, tokens) ? 'atomic' : 'reads'
  // A routine may commit, and so may what EXECUTE carries out.
  return MYSQL_ATOMIC.test(text) ? 'atomic' : 'commits'
}

const SET_STATEMENT = /^\s*set\s+statement\b[\s\S]*?\bfor\b/i

function innerEffect(sql: string, tokens: readonly SqlToken[]): StatementEffect {
  const text = sql.slice(tokens[0]?.start, tokens.at(-1)?.end)
  const inner = text.replace(SET_STATEMENT, '')
  // What is committed by the statement inside is committed, and nothing can be found out about it.
  return inner === text || effectOf(inner, 'mysql') !== 'atomic' ? 'commits' : 'atomic'
}

const POSTGRES_READS = /^(?:select|show|explain|values|table|fetch|with|\()/
const POSTGRES_SESSION =
  /^(?:set |prepare (?!transaction\b)|(?:reset|listen|unlisten|notify|deallocate|declare|move|close|load|discard)\b)/
const POSTGRES_COMMITS = [
  /^(?:vacuum|reindex|cluster|checkpoint|call)\b/,
  /^(?:create|drop|alter) (?:database|tablespace|subscription|system)\b/,
  /^prepare transaction\b/,
  // Before PostgreSQL 12 it was refused in a transaction.
  /^alter type\b/,
  /^discard all\b/,
]

const postgresEffect: Effect = (sql, tokens) => {
  const text = opening(sql, tokens)
  if (CONTROL.test(text)) return 'control'
  if (TEMPORARY.test(text)) return 'temporary'
  if (POSTGRES_COMMITS.some((pattern) => pattern.test(text))) return 'commits'
  if (POSTGRES_SESSION.test(text)) return 'session'
  if (/^do\b/.test(text)) return endsTransactionInside(sql, tokens) ? 'commits' : 'atomic'
  if (POSTGRES_READS.test(text)) return writes(sql, tokens) ? 'atomic' : 'reads'
  for (const word of sqlWords(sql, tokens)) if (word === 'concurrently') return 'commits'
  return 'atomic'
}

const SQLITE_READS = /^(?:select|explain|values|with|\()/
const SQLITE_SESSION = /^(?:pragma|attach|detach|analyze)\b/

const sqliteEffect: Effect = (sql, tokens) => {
  const text = opening(sql, tokens)
  if (CONTROL.test(text)) return 'control'
  if (TEMPORARY.test(text)) return 'temporary'
  if (/^vacuum\b/.test(text)) return 'commits'
  if (SQLITE_SESSION.test(text)) return 'session'
  if (SQLITE_READS.test(text)) return writes(sql, tokens) ? 'atomic' : 'reads'
  return 'atomic'
}

const EFFECTS: Readonly<Record<SqlFamily, Effect>> = {
  mysql: mysqlEffect,
  postgresql: postgresEffect,
  sqlite: sqliteEffect,
}

/** Whether a query holds a statement that writes, as WITH does, or writes itself (INTO). */
function writes(sql: string, tokens: readonly SqlToken[]): boolean {
  const words = [...sqlWords(sql, tokens)]
  return words.some((word, index) => {
    if (word === 'insert' || word === 'into') return true
    if (word === 'delete') return words[index + 1] === 'from'
    // Not the lock of SELECT ... FOR UPDATE, nor the ON UPDATE of a key.
    return word === 'update' && !/^(?:for|on|key)$/.test(words[index - 1] ?? '')
  })
}

function endsTransactionInside(sql: string, tokens: readonly SqlToken[]): boolean {
  return tokens.some(
    ({ kind, start, end }) => kind === 'string' && /\b(?:commit|rollback)\b/i.test(sql.slice(start, end)),
  )
}
