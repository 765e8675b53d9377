const SETS_FOREIGN_KEYS = /^\s*pragma\s+(?:main\s*\.\s*)?foreign_keys\s*(?:=|\()\s*['"]?(\w+)/i

/** What the session of the client is like at the place that the script has come to. */
export class SessionState {
  /** A transaction is open. */
  isOpen = false
  /** Undefined where nobody has set them yet. */
  foreignKeys: boolean | undefined
  /** What the last copy of a table is called in the script, by table: Knex itself calls it otherwise each time. */
  readonly copies = new Map<string, string>()
  /** As the connection has them between the steps. */
  #between: boolean

  constructor(between: boolean, now: boolean | undefined) {
    this.#between = between
    this.foreignKeys = now
  }

  get foreignKeysBetween(): boolean {
    return this.#between
  }

  /** The line that brings foreign keys to this state; empty when they have it. */
  setForeignKeys(on: boolean): string {
    if (this.foreignKeys === on) return ''
    this.foreignKeys = on
    return `PRAGMA foreign_keys = ${on ? 'ON' : 'OFF'};\n`
  }

  /** Takes notice of what a revision does; within a transaction SQLite ignores it. */
  hear(sql: string): void {
    const [, value] = SETS_FOREIGN_KEYS.exec(sql) ?? []
    if (value === undefined || this.isOpen) return
    this.foreignKeys = /^(?:on|true|yes|[1-9]\d*)$/i.test(value)
    this.#between = this.foreignKeys
  }
}
