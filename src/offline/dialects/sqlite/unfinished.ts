import type { DialectFacts } from '../../../database/dialect.ts'
import { stepTableDdl } from '../../../database/step-table-ddl.ts'
import type { TableName } from '../../../database/tables.ts'
import { askedAs, makeToAsk, standIn } from './stand-in.ts'

const WORDS = 'was begun and is not finished; rev status says how to go on with it'

/** What is said when a run has left a revision half done. */
export const UNFINISHED = `a revision ${WORDS}`

/** What is asked where a database has no journal. */
export function journalWhereMissing(step: TableName): string {
  return standIn(step, 'revision TEXT, state TEXT')
}

/** A line that names the revision which a run has left half done, where there is one. */
export function tellUnfinished(dialect: DialectFacts, step: TableName): string {
  return [
    makeToAsk(step, stepTableDdl(dialect, step)),
    `SELECT 'rev: revision ' || revision || ' ${WORDS}'\n`,
    `  FROM (SELECT min(revision) AS revision ${open(step)}) WHERE revision IS NOT NULL;\n`,
  ].join('')
}

/** Whether no run has, as SQL; behind that line. */
export function isFinished(step: TableName): string {
  return `NOT EXISTS (SELECT 1 ${open(step)})`
}

const open = (step: TableName): string => `FROM ${askedAs(step)} WHERE state <> 'failed'`
