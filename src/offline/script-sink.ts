import type { ScriptDialect } from './dialects/script-dialect.ts'
import type { ScriptStatement } from './fill-placeholders.ts'

export interface SinkTargets {
  /** Takes the text of the script. */
  write(text: string): void
  /** Carries out what the script does, where somebody wants that; a rejection, or what it throws, ends the script. */
  forward(sql: string): Promise<void> | undefined
}

const NOTHING = Promise.resolve()

/**
 * Puts statements and text into the script, one after the other, and knows which transaction is open where they stand.
 * The order is that of the calls, so no method may wait before it has queued what it has to do.
 *
 * MySQL commits with each change of the schema, so a BEGIN around a whole revision would promise what is not kept.
 * There the sink opens a transaction before the first change of rows and closes it before the next change of the schema.
 */
export class ScriptSink {
  readonly #dialect: ScriptDialect
  readonly #targets: SinkTargets
  #queue: Promise<unknown> = NOTHING
  /** How much of the queue is not through. */
  #waiting = 0
  #failure: { error: unknown } | undefined
  #isOpen = false
  #isAutomatic = false
  #savepoints: string[] = []
  #statements = 0

  constructor(dialect: ScriptDialect, targets: SinkTargets) {
    this.#dialect = dialect
    this.#targets = targets
  }

  /** How many statements were put into the script. */
  get statements(): number {
    return this.#statements
  }

  /** Writes a block of text that changes nothing in the database; nothing for the empty text. */
  text(text: string): Promise<void> {
    return this.#enqueue(() => this.#put(text))
  }

  /** Does something at this place of the order, where `put` writes text: what comes later waits for it. */
  here<T>(action: (put: (text: string) => void) => Promise<T>): Promise<T> {
    return this.#follow(this.#queue.then(() => action((text) => this.#put(text))))
  }

  /** Throws what has ended the script, as it is. */
  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Opens the transaction of a revision, or gets ready to open it where it means something. */
  begin(): Promise<void> {
    if (!this.#dialect.opensLate) return this.open()
    this.#isAutomatic = true
    return this.#settled()
  }

  /** Opens a transaction here, with a statement of its own or the usual one. */
  open(statement?: string): Promise<void> {
    if (this.#isOpen) return this.#settled()
    this.#isOpen = true
    return this.#enqueue(() => {
      this.#put(this.#dialect.begin(statement))
      return this.#targets.forward('BEGIN')
    })
  }

  /** Commits what is open; nothing when nothing is. */
  commit(): Promise<void> {
    this.#isAutomatic = false
    return this.#close('COMMIT')
  }

  /** Gives up what is open; nothing when nothing is. */
  rollback(): Promise<void> {
    this.#isAutomatic = false
    return this.#close('ROLLBACK')
  }

  savepoint(name: string): Promise<void> {
    if (this.#isAutomatic) void this.open()
    // Without a transaction MySQL makes none, and has none to end.
    if (this.#dialect.opensLate && !this.#isOpen) return this.#settled()
    this.#savepoints.push(name)
    return this.#control(`SAVEPOINT ${name}`)
  }

  /** Keeps or takes back what came after the savepoint; nothing when MySQL has forgotten the savepoint by a commit. */
  endSavepoint(name: string, ending: 'RELEASE SAVEPOINT' | 'ROLLBACK TO SAVEPOINT'): Promise<void> {
    const index = this.#savepoints.indexOf(name)
    if (index === -1) return this.#settled()
    this.#savepoints.length = index
    return this.#control(`${ending} ${name}`)
  }

  /** One statement of a revision. */
  statement(statement: ScriptStatement): Promise<void> {
    this.#prepareFor(statement.sql)
    this.#statements += 1
    const inTransaction = this.#isOpen
    const change = this.#isAutomatic ? undefined : this.#dialect.opensOrEnds?.(statement.sql)
    if (change !== undefined) this.#isOpen = change === 'opens'
    return this.#enqueue(() => {
      this.#put(this.#dialect.statement(statement, inTransaction))
      return this.#targets.forward(statement.sql)
    })
  }

  /** Gets ready for text of rev's own that changes rows. */
  prepareForRows(): void {
    if (this.#isAutomatic) void this.open()
  }

  #prepareFor(sql: string): void {
    if (this.#dialect.commitsByItself(sql)) {
      this.#savepoints = []
      // The script commits first, because it does so only when nothing has failed.
      if (this.#dialect.opensLate) void this.#close('COMMIT')
    } else if (this.#isAutomatic) void this.open()
  }

  #control(sql: string): Promise<void> {
    return this.#enqueue(() => {
      this.#put(this.#dialect.control?.(sql) ?? `${sql};\n`)
      return this.#targets.forward(sql)
    })
  }

  #close(ending: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    if (!this.#isOpen) return this.#settled()
    this.#isOpen = false
    this.#savepoints = []
    return this.#enqueue(() => {
      this.#put(ending === 'COMMIT' ? this.#dialect.commit() : this.#dialect.rollback())
      return this.#targets.forward(ending)
    })
  }

  #put(block: string): void {
    if (block !== '') this.#targets.write(`${block}\n`)
  }

  async #settled(): Promise<void> {
    await this.#queue
  }

  // Without a shadow nothing ever waits, and a promise for each piece of text would cost more than the text.
  #enqueue(action: () => void | Promise<void>): Promise<void> {
    if (this.#waiting > 0 || this.#failure !== undefined) return this.#follow(this.#queue.then(action))
    try {
      const answer = action()
      return answer === undefined ? NOTHING : this.#follow(answer)
    } catch (error) {
      return this.#follow(Promise.reject(error))
    }
  }

  #follow<T>(done: Promise<T>): Promise<T> {
    this.#waiting += 1
    this.#queue = done
    // Whoever awaits this piece or the next hears of the failure; unheard it would end the process.
    done.then(
      () => {
        this.#waiting -= 1
      },
      (error: unknown) => {
        this.#failure ??= { error }
        this.#waiting -= 1
      },
    )
    return done
  }
}
