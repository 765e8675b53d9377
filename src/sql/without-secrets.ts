const SECRET = /\b(?:identified|password|passphrase|secret)\b/i
const QUOTED = /'(?:[^'\\]|''|\\[\s\S])*'|"(?:[^"\\]|""|\\[\s\S])*"/g

/** A statement that sets a password without what stands in quotes; any other as it is. For texts that are kept or shown. */
export function withoutSecrets(sql: string): string {
  return SECRET.test(sql) ? sql.replace(QUOTED, "'***'") : sql
}
