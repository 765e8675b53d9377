import { mysqlBody } from './mysql-body.ts'
import { postgresqlBody } from './postgresql-body.ts'
import type { SqlFamily } from './sql-family.ts'
import { allSqlTokens, delimiterOf, type SqlToken } from './sql-tokens.ts'
import { sqliteBody } from './sqlite-body.ts'
import type { StatementBody } from './statement-body.ts'

/** One statement of a text, as its tokens, without the semicolon or delimiter that ended it. */
export interface SqlStatement {
  readonly tokens: readonly SqlToken[]
  /** True when semicolons stand inside it: the body of a trigger or a routine, the actions of a rule. */
  readonly hasBody: boolean
  /** True when rev sees no end of that body, or of a parenthesis in PostgreSQL, before the text or its delimiter ends. */
  readonly isOpen: boolean
}

const BODIES: Readonly<Record<SqlFamily, (sql: string) => StatementBody>> = {
  postgresql: postgresqlBody,
  mysql: mysqlBody,
  sqlite: sqliteBody,
}

/**
 * Splits SQL where the server, or the database's own client, ends statements: at the semicolons outside of quotes,
 * comments and bodies, and at what a `DELIMITER` line of a MySQL client puts in their place; such lines themselves are
 * left out, as are pieces that hold only space and comments. After a `DELIMITER` line a routine goes on to the delimiter.
 */
export function splitStatements(sql: string, family: SqlFamily): SqlStatement[] {
  const statements: SqlStatement[] = []
  let delimiter = ';'
  let tokens: SqlToken[] = []
  // Where the part behind the last semicolon begins, and whether there is more in the statement than space and comments.
  let part = 0
  let isBlank = true
  let body = BODIES[family](sql)
  const finish = (isOpen: boolean): void => {
    if (!isBlank) {
      const own = withoutLastSemicolons(tokens, sql)
      statements.push({ tokens: own, hasBody: own.some(({ kind }) => kind === 'semicolon'), isOpen })
    }
    tokens = []
    part = 0
    isBlank = true
    body = BODIES[family](sql)
  }
  const isInside = (): boolean => !isBlank && body.isInside(part === 0 ? tokens : tokens.slice(part))
  for (const token of allSqlTokens(sql, family)) {
    switch (token.kind) {
      case 'semicolon':
        if (!isInside() && (delimiter === ';' || !body.isRoutine)) {
          finish(false)
          continue
        }
        tokens.push(token)
        part = tokens.length
        continue
      case 'command':
        delimiter = delimiterOf(sql.slice(token.start, token.end))
        finish(false)
        continue
      case 'delimiter':
        finish(isInside())
        continue
      default:
        tokens.push(token)
        isBlank &&= isBlankToken(token, sql)
    }
  }
  finish(isInside())
  return statements
}

function isBlankToken({ kind, start, end }: SqlToken, sql: string): boolean {
  return kind === 'comment' || (kind === 'code' && sql.slice(start, end).trim() === '')
}

function withoutLastSemicolons(tokens: SqlToken[], sql: string): SqlToken[] {
  const last = tokens.findLastIndex((token) => token.kind !== 'semicolon' && !isBlankToken(token, sql))
  const semicolon = tokens.findIndex(({ kind }, index) => index > last && kind === 'semicolon')
  return semicolon === -1 ? tokens : tokens.slice(0, semicolon)
}
