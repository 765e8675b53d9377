const SETS_SESSION = /^(?:\s|--[^\n]*\n|#[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/)*(?:\/\*M?!\d*\s*)?(?:set|reset|use)\b/i
// By itself: as another branch of a pattern with an anchor it would have the anchor tried at every character.
const CALLS_SET_CONFIG = /\bset_config\s*\(/i
// In PL/pgSQL, as a statement or in the text of one; the SET of an UPDATE comes after a name.
const BLOCK_SETS_SESSION =
  /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*do\b[\s\S]*?(?:['$;]|\b(?:begin|then|else|loop))\s*(?:set|reset)\s/i

/** Whether a statement changes settings of the session, as far as its text tells. */
export function setsSession(sql: string): boolean {
  return SETS_SESSION.test(sql) || CALLS_SET_CONFIG.test(sql) || BLOCK_SETS_SESSION.test(sql)
}
