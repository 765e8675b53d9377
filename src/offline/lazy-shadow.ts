import type { ScriptSpool } from './script-spool.ts'
import type { Shadow } from './shadow/shadow.ts'
import type { ShadowNeed } from './shadow/shadow-options.ts'

/** What the shadow has to catch up with: a statement, or the end of a revision that has changed the session. */
interface JournalEntry {
  readonly revision: string
  readonly sql: string | undefined
}

const CHANGES_ROWS =
  /^(?:\s|--[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/)*(?:insert|update|delete|replace|merge|truncate|with\b[\s\S]*?\)\s*(?:insert|update|delete))\b/i

export interface LazyShadowOptions {
  /** Where statements are kept until a shadow is wanted. */
  readonly journal: ScriptSpool
  /** Starts a shadow that stands where the database is at the start of the script. */
  open(neededBy: ShadowNeed): Promise<Shadow>
  /** Turns what the shadow says about a statement into an error of rev. */
  explain(error: unknown, entry: JournalEntry & { readonly sql: string }, shadow: Shadow): Error
}

/**
 * The shadow of one script, started when the first read comes: until then every statement is written down, so that it
 * can catch up; so can another one, when some of them are taken back. To be called one at a time.
 */
export class LazyShadow {
  readonly #options: LazyShadowOptions
  #shadow: Shadow | undefined
  #opening: Promise<Shadow> | undefined
  #isClosed = false

  constructor(options: LazyShadowOptions) {
    this.#options = options
  }

  /**
   * Carries a statement of the script out, now or when the shadow is started; not one that changes rows alone, because
   * the rows that it may need are not there. Gives nothing to wait for while no shadow is running. Throws what `explain`
   * makes of it.
   */
  forward(revision: string, sql: string): Promise<void> | undefined {
    return CHANGES_ROWS.test(sql) ? undefined : this.#forward({ revision, sql })
  }

  /** Takes back what the revision has set in the session, now or when the shadow is started. */
  async restoreSession(revision: string): Promise<void> {
    await this.#forward({ revision, sql: undefined })
  }

  /** How far the statements have come, for `cut`. */
  get length(): number {
    return this.#options.journal.length
  }

  /** Takes back what was forwarded since; a later read has another shadow started. */
  async cut(length: number): Promise<void> {
    this.#options.journal.cut(length)
    await this.#shadow?.close()
    this.#shadow = undefined
    this.#opening = undefined
  }

  /**
   * Another shadow, which `open` starts where this one was started, and which has followed so much of what was forwarded.
   * It is the caller's to close.
   */
  async another(length: number, open: () => Promise<Shadow>): Promise<Shadow> {
    const shadow = await open()
    try {
      await this.#follow(shadow, length)
      return shadow
    } catch (error) {
      await shadow.close()
      throw error
    }
  }

  /** The shadow, having caught up. `neededBy` is told when there can be none. */
  get(neededBy: ShadowNeed): Promise<Shadow> {
    this.#opening ??= this.#start(neededBy)
    return this.#opening
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#shadow?.close()
  }

  #forward(entry: JournalEntry): Promise<void> | undefined {
    this.#options.journal.write(`${JSON.stringify(entry)}\n`)
    return this.#shadow === undefined ? undefined : this.#execute(this.#shadow, entry)
  }

  async #start(neededBy: ShadowNeed): Promise<Shadow> {
    const shadow = await this.#options.open(neededBy)
    if (this.#isClosed) await shadow.close()
    this.#shadow = shadow
    await this.#follow(shadow, Number.POSITIVE_INFINITY)
    return shadow
  }

  async #follow(shadow: Shadow, length: number): Promise<void> {
    let read = 0
    for (const line of this.#options.journal.lines()) {
      if (read >= length) return
      read += Buffer.byteLength(line) + 1
      await this.#execute(shadow, JSON.parse(line) as JournalEntry)
    }
  }

  async #execute(shadow: Shadow, { revision, sql }: JournalEntry): Promise<void> {
    if (sql === undefined) return shadow.restoreSession()
    try {
      await shadow.execute(sql)
    } catch (error) {
      throw this.#options.explain(error, { revision, sql }, shadow)
    }
  }
}
