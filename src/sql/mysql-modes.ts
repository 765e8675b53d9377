// A list of modes that is written out.
const WRITTEN_OUT = /\bsql_mode[`"]?\s*:?=\s*(?:'[\w, ]*'|"[\w, ]*")/gi

/**
 * Whether a backslash in a string may be a plain character after a statement of MySQL: it sets `sql_mode` to something that
 * is not known before it runs, or to NO_BACKSLASH_ESCAPES.
 */
export function mayMakeBackslashesPlain(sql: string): boolean {
  if (!/sql_mode/i.test(sql)) return false
  return /no_backslash_escapes/i.test(sql) || /\bsql_mode\b/i.test(sql.replace(WRITTEN_OUT, ''))
}
