import type { DialectFacts } from '../../../database/dialect.ts'
import { stepTableDdl } from '../../../database/step-table-ddl.ts'
import type { TableName } from '../../../database/tables.ts'
import { type Proofs, prove } from './proofs.ts'
import { askedAs, makeToAsk, standIn } from './stand-in.ts'

/** The name of the proof that no revision is half done. */
export const FINISHED = 'finished'

/** What is asked where a database has no journal. */
export function journalWhereMissing(step: TableName): string {
  return standIn(step, 'revision TEXT, state TEXT')
}

/** Proves that no run has left a revision half done, and names the one that it has. */
export function proveFinished(dialect: DialectFacts, step: TableName, proofs: Proofs): string {
  const open = `FROM ${askedAs(step)} WHERE state <> 'failed'`
  const words = 'was begun and is not finished; rev status says how to go on with it'
  const column = proofs.column('is_finished', `a revision ${words}`)
  return [
    makeToAsk(step, stepTableDdl(dialect, step)),
    `SELECT 'rev: revision ' || revision || ' ${words}'\n`,
    `  FROM (SELECT min(revision) AS revision ${open}) WHERE revision IS NOT NULL;\n`,
    prove(FINISHED, column, `NOT EXISTS (SELECT 1 ${open})`),
  ].join('')
}
