import { findCallSite } from '../../../database/handle/call-site.ts'
import { RevError } from '../../../errors/index.ts'
import { askedOfBefore } from '../../../sql/asked-of-before.ts'
import { transactionChange } from '../../../sql/mysql-transactions.ts'
import { splitStatements } from '../../../sql/split-statements.ts'
import { allSqlTokens, type SqlToken } from '../../../sql/sql-tokens.ts'
import type { StepCare, StepSession } from '../script-dialect.ts'
import { charsetReason, mayChooseCharset } from './client-charset.ts'

// Cheap, for every statement of a revision.
const MAY_BE_REFUSED =
  /@rev_|\b(?:use|delimiter|transaction|tx_read_only|transaction_read_only|row_count|found_rows|chain|release)\b/i

const DELIMITER = 'DELIMITER is a command of a client, which the server does not know; `rev upgrade` would fail here'
const VARIABLE = 'a variable whose name begins with @rev_ belongs to the script'

// The driver asks for it when it connects, and no client can be told to.
const COUNTS =
  'the driver has the server count the rows that a statement finds, clients have it count those that it changes, and a script has statements of its own in between; have the statement decide by itself (INSERT ... SELECT ... WHERE NOT EXISTS)'

const CHAINS =
  'a script commits by itself when nothing has failed, and goes on in the same session; use COMMIT and BEGIN'

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [
    /^use /,
    'a script stays in the database that its client has chosen; put the name of the other one before its tables',
  ],
  [
    /^(?:(?:set|start) .*transaction\b.* read write\b|set .*\b(?:tx|transaction)_read_only\b)/,
    'a script makes its session read-only when something has failed, and this would let it write again',
  ],
]

/** Refuses what would carry a script away from its database, out of its guard or out of its character set. */
export function careFor({ gate, revision, file }: StepSession, guarded: boolean): StepCare {
  return {
    surround: () => undefined,
    answer(sql) {
      const reason = MAY_BE_REFUSED.test(sql) || mayChooseCharset(sql) ? reasonAgainst(sql, guarded) : undefined
      if (reason === undefined) return undefined
      const place = { revision, ...findCallSite(gate.origin.get()?.stack, file) }
      throw gate.violate(new RevError('REV_OFFLINE_STATEMENT', { ...place, query: sql, reason }))
    },
    check: async () => {},
  }
}

function reasonAgainst(sql: string, guarded: boolean): string | undefined {
  if (/delimiter/i.test(sql) && allSqlTokens(sql, 'mysql').some(({ kind }) => kind === 'command')) return DELIMITER
  if (askedOfBefore(sql, 'mysql') !== undefined) return COUNTS
  for (const { tokens } of splitStatements(sql, 'mysql')) {
    const code = codeOf(sql, tokens)
    if (code.includes('@rev_')) return VARIABLE
    if (guarded && transactionChange(code) === 'chains') return CHAINS
    const found = REFUSED.find(([pattern], index) => (guarded || index === 0) && pattern.test(code))
    const reason = found?.[1] ?? charsetReason(sql, tokens)
    if (reason !== undefined) return reason
  }
  return undefined
}

/** What is neither quoted nor a comment, in lower case and with single spaces. */
function codeOf(sql: string, tokens: readonly SqlToken[]): string {
  const pieces = tokens.map(({ kind, start, end }) => (kind === 'code' ? sql.slice(start, end) : ' '))
  const text = pieces.join('').replace(/\/\*M?!\d*|\*\//g, ' ')
  return `${text.replace(/\s+/g, ' ').trim()} `.toLowerCase()
}
