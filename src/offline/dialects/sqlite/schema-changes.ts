const ALWAYS_CHANGES = /^\s*(?:create|drop|alter)\b(?!\s+(?:unique\s+)?\w+\s+if\b)/i
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/
// Temporary tables and those of other files have a counter of their own, and the counter itself can be set.
const CONFUSES = /\btemp(?:orary)?\b|\battach\b|\bschema_version\b|\bwritable_schema\b/i

/**
 * Counts the statements that change the schema. SQLite counts the changes too (`schema_version`), so that a script can
 * find out at the end of a step that one of them has failed. Undefined where the two cannot be compared.
 */
export class SchemaChanges {
  #isComparable = true
  #count: number | undefined = 0

  /** A step begins. */
  restart(): void {
    this.#count = 0
  }

  /** Some changes are taken back. */
  doubt(): void {
    this.#count = undefined
  }

  hear(sql: string): void {
    const bare = sql.replace(LEADING_COMMENTS, '')
    if (CONFUSES.test(bare)) this.#isComparable = false
    if (this.#count !== undefined && ALWAYS_CHANGES.test(bare)) this.#count += 1
  }

  /** The least number by which the counter has grown; 0 when nothing can be said. */
  get least(): number {
    return this.#isComparable ? (this.#count ?? 0) : 0
  }
}
