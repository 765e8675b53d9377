import type { Knex } from 'knex'
import { splitStatements } from '../../sql/split-statements.ts'
import { type SqlFamily, sqlFamilyOf } from '../../sql/sql-family.ts'
import type { SeedContext, SeedModule } from './seed-module.ts'

const UNDO_LINE = /^--[ \t]*undo[ \t]*$/im

/** A seed whose statements are run one after the other; those below a line `-- undo` take it back. */
export function sqlModule(text: string, transaction: boolean): SeedModule {
  const line = UNDO_LINE.exec(text)
  const forward = line === null ? text : text.slice(0, line.index)
  const back = line === null ? undefined : text.slice(line.index + line[0].length)
  const runAll = (sql: string) => async (knex: Knex, context: SeedContext) => {
    const family = sqlFamilyOf(context.dialect)
    if (family === undefined) throw new Error(`rev cannot read the SQL of ${context.dialect}: write this seed as code`)
    for (const statement of statementsOf(sql, family)) await knex.raw(statement)
  }
  return { run: runAll(forward), undo: back === undefined ? undefined : runAll(back), transaction }
}

function statementsOf(sql: string, family: SqlFamily): string[] {
  const plain = sql.replace(/^\uFEFF/, '')
  return splitStatements(plain, family).map(({ tokens }) =>
    tokens
      .slice(tokens.findIndex(({ kind, start, end }) => kind !== 'comment' && plain.slice(start, end).trim() !== ''))
      .map(({ kind, start, end }) => {
        const part = plain.slice(start, end)
        // Knex would take it for the place of a value; PostgreSQL has operators of that name.
        return kind === 'placeholder' && family === 'postgresql' && part === '?' ? '\\?' : part
      })
      .join('')
      .trim(),
  )
}
