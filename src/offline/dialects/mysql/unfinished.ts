import type { ScriptFacts } from '../script-dialect.ts'
import { execute, sqlText } from './sql-text.ts'

/** Reads into `@rev_open` a revision that a run or a script has left half way; NULL when there is none. */
export function readUnfinished({ tables: { step } }: ScriptFacts): string {
  const schema = step.schema === undefined ? 'DATABASE()' : sqlText(step.schema)
  const found = `SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = ${schema} AND table_name = ${sqlText(step.name)}`
  const read = `SELECT MIN(revision) INTO @rev_open FROM ${step.sql} WHERE state <> 'failed'`
  return `SET @rev_open = NULL;\n${execute(`IF((${found}) = 1, ${sqlText(read)}, 'DO 0')`)}`
}

/** That one is not finished: a condition, and the words for it; both are SQL. */
export const UNFINISHED = {
  when: '@rev_open IS NOT NULL',
  words: `CONCAT('revision ', @rev_open, ' was begun and is not finished; rev status says how to go on with it')`,
}
