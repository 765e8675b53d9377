import type { ScriptSpool } from './script-spool.ts'
import type { Shadow } from './shadow/shadow.ts'
import type { ShadowNeed } from './shadow/shadow-options.ts'

/** A statement that the shadow has to catch up with. */
interface JournalEntry {
  readonly revision: string
  readonly sql: string
}

const CHANGES_ROWS =
  /^(?:\s|--[^\n]*\n|\/\*(?!M?!)[\s\S]*?\*\/)*(?:insert|update|delete|replace|merge|truncate|with\b[\s\S]*?\)\s*(?:insert|update|delete))\b/i

export interface LazyShadowOptions {
  /** Where statements are kept until a shadow is wanted. */
  readonly journal: ScriptSpool
  /** Starts a shadow that stands where the database is at the start of the script. */
  open(neededBy: ShadowNeed): Promise<Shadow>
  /** Turns what the shadow says about a statement into an error of rev. */
  explain(error: unknown, entry: JournalEntry, shadow: Shadow): Error
}

/**
 * The shadow of one script, started when the first read comes: until then every statement is written down, so that it
 * can catch up. To be called one at a time.
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
   * the rows that it may need are not there. Throws what `explain` makes of it.
   */
  async forward(revision: string, sql: string): Promise<void> {
    if (CHANGES_ROWS.test(sql)) return
    const entry = { revision, sql }
    if (this.#shadow === undefined) this.#options.journal.write(`${JSON.stringify(entry)}\n`)
    else await this.#execute(this.#shadow, entry)
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

  async #start(neededBy: ShadowNeed): Promise<Shadow> {
    const shadow = await this.#options.open(neededBy)
    if (this.#isClosed) await shadow.close()
    this.#shadow = shadow
    for (const line of this.#options.journal.lines()) await this.#execute(shadow, JSON.parse(line) as JournalEntry)
    return shadow
  }

  async #execute(shadow: Shadow, entry: JournalEntry): Promise<void> {
    try {
      await shadow.execute(entry.sql)
    } catch (error) {
      throw this.#options.explain(error, entry, shadow)
    }
  }
}
