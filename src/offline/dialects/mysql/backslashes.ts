import { fixed, sqlText } from './sql-text.ts'

// As a run would find the mode; the session's own is the script's by now. What the server lets each connection do may set it.
const MODE = `IF(@@GLOBAL.init_connect LIKE '%sql_mode%', @@GLOBAL.init_connect, @@GLOBAL.sql_mode)`

/**
 * A script takes NO_BACKSLASH_ESCAPES away, because what Knex compiles is written for backslashes that escape. SQL that a
 * revision brings along (`revision` is the first of them) would then be read otherwise than in a run.
 */
export function backslashFaults(revision: string | undefined): { readonly when: string; readonly words: string }[] {
  if (revision === undefined) return []
  const mode = 'the sql_mode of the server has NO_BACKSLASH_ESCAPES'
  const remedy = 'bind texts with a backslash, give LIKE an ESCAPE, or use rev itself'
  const words = `${mode}, by which a run reads SQL of revision ${revision} otherwise than a script; ${remedy}`
  return [{ when: `${MODE} LIKE '%NO_BACKSLASH_ESCAPES%'`, words: sqlText(fixed(words)) }]
}
