import type { QueryObject } from '../handle/knex-internals.ts'
import { clearUpTo, type NewEntry, writeEntries } from './journal-table.ts'
import type { StepJournalOptions } from './step-journal-options.ts'

/** What one transaction or savepoint of the revision has in the journal. */
interface Level {
  /** How many lines waited when it was opened. */
  readonly waited: number
  readonly written: NewEntry[]
}

/**
 * The lines that one step has in the journal: their numbers, those that are written, and those that wait, because what they
 * tell of commits together with the first definition of MySQL, or not at all.
 */
export class JournalLines {
  readonly #options: StepJournalOptions
  #number: number
  readonly #numbers = new WeakMap<QueryObject, number>()
  #waiting: NewEntry[] = []
  #failures: NewEntry[] = []
  /** Each open transaction and savepoint of the revision, the innermost last. */
  #levels: Level[] = []
  #turn: Promise<unknown> = Promise.resolve()
  #waitsNoMore = false
  #hasForgotten = false

  constructor(options: StepJournalOptions) {
    this.#options = options
    this.#number = options.lastNumber
  }

  /** One after the other: between a statement and its line nothing else may be sent. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /** The number of a new line. */
  nextNumber(): number {
    this.#number += 1
    return this.#number
  }

  /** The number of the line of a statement: sent again, it keeps the one that it had. */
  numberOf(query: QueryObject): { readonly number: number; readonly isAgain: boolean } {
    const known = this.#numbers.get(query)
    const number = known ?? this.nextNumber()
    this.#numbers.set(query, number)
    return { number, isAgain: known !== undefined }
  }

  /** The statement is one that failed before, and keeps the number that it had. */
  keepNumber(query: QueryObject, number: number): void {
    this.#numbers.set(query, number)
  }

  /** Keeps the line of a statement that failed in a transaction: it is of interest with a line behind it, and written with that. */
  fail(entry: NewEntry): void {
    this.#failures.push(entry)
  }

  /** From now on nothing waits: the revision sets savepoints by itself, which have to concern the lines, too. */
  async waitNoMore(): Promise<void> {
    if (this.#waitsNoMore) return
    this.#waitsNoMore = true
    await this.flush()
  }

  get waitsNoMore(): boolean {
    return this.#waitsNoMore
  }

  /** Keeps a line until the first definition commits it. */
  wait(entry: NewEntry): void {
    this.#waiting.push(entry)
  }

  /** What waited was rolled back by the server. */
  waitForNothing(): void {
    this.#waiting = []
    this.#levels = this.#levels.map((level) => ({ ...level, waited: 0 }))
  }

  /** Writes those that wait, and more. */
  async flush(...more: NewEntry[]): Promise<void> {
    await this.write([...this.#waiting, ...more])
    // Only now: those that could not be written go on waiting, because what they tell of may still be committed.
    this.#waiting = []
    this.#levels = this.#levels.map((level) => ({ ...level, waited: 0 }))
  }

  async write(entries: readonly NewEntry[]): Promise<void> {
    if (entries.length === 0) return
    await writeEntries(this.#options.database, this.#options.facts, [...this.#failures, ...entries])
    this.#failures = []
    if (entries.some(({ state }) => state === 'done')) await this.forgetEarlier()
  }

  /** Writes lines in the innermost transaction, which may take them back. */
  async writeInside(entry: NewEntry): Promise<void> {
    const written = [...this.#failures, entry]
    await this.write([entry])
    this.#levels.at(-1)?.written.push(...written)
  }

  /** Only when something of the new attempt is there for good, the old one is of no interest any more. */
  async forgetEarlier(): Promise<void> {
    const { database, facts, forgets } = this.#options
    if (forgets === 0 || this.#hasForgotten) return
    await clearUpTo(database, facts, forgets)
    this.#hasForgotten = true
  }

  /** A transaction or savepoint was opened. */
  open(): void {
    this.#levels.push({ waited: this.#waiting.length, written: [] })
  }

  /** The innermost one is about to end: what it has in the journal. */
  close(): Level {
    return this.#levels.pop() ?? { waited: 0, written: [] }
  }

  /** It was committed: its lines are those of the one around it. */
  keep({ written }: Level): void {
    this.#levels.at(-1)?.written.push(...written)
  }

  /** It was rolled back, which did not stop the function: what was taken back comes again when that is run again. */
  async takeBack({ waited, written }: Level): Promise<void> {
    this.#hasForgotten = false
    this.#waiting = this.#waiting.map((entry, index) => (index < waited ? entry : { ...entry, state: 'failed' }))
    const failed = written.map((entry): NewEntry => ({ ...entry, state: 'failed' }))
    this.#levels.at(-1)?.written.push(...failed)
    await this.write(failed)
  }
}
