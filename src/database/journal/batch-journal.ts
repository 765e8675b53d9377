import { RevError } from '../../errors/index.ts'
import type { StatementEffect } from '../../sql/statement-effect.ts'
import type { QueryObject } from '../handle/knex-internals.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { JournalLines } from './journal-lines.ts'
import { moveEntry, type NewEntry } from './journal-table.ts'
import type { StepJournalOptions } from './step-journal-options.ts'
import { unclear } from './unclear.ts'

/**
 * What batches have in the journal of their step: one line for each call, which is moved on in the transaction of each batch
 * and stands for all that is sent in it.
 */
export class BatchJournal {
  readonly #options: StepJournalOptions
  readonly #lines: JournalLines
  readonly #isOpen: () => boolean
  #isCovering = false

  /** `isOpen`: whether a transaction of the revision is open. */
  constructor(options: StepJournalOptions, lines: JournalLines, isOpen: () => boolean) {
    this.#options = options
    this.#lines = lines
    this.#isOpen = isOpen
  }

  /**
   * Where the batches stand of which this is the hash; undefined for new ones. Throws REV_JOURNAL_UNCLEAR when that cannot
   * be told.
   */
  find(hash: string, statement: string): JournalEntry | undefined {
    const { replay, facts } = this.#options
    const answer = replay?.next(hash)
    if (answer === undefined || answer.kind === 'send') return undefined
    if (answer.kind === 'skip') return answer.entry
    const reason = answer.reason === 'other-values' ? 'other-batches' : answer.reason
    throw unclear(facts, statement, reason, answer.entry.number)
  }

  /** Whether each batch can be a transaction, with its line in the journal. */
  get keepsEach(): boolean {
    return !this.#options.transaction && !this.#options.isSilent
  }

  /** Why batches cannot begin now; undefined when they can. */
  get refusal(): string | undefined {
    const { transaction, isSilent, family } = this.#options
    if (!transaction && this.#isOpen()) return 'a transaction is open that the revision began by itself'
    if (transaction && family === 'mysql' && !isSilent && !this.#isOpen()) {
      return 'the transaction of the revision has ended with its first change of the schema'
    }
    return undefined
  }

  /** Carries batches out: what is sent inside of Knex's transactions meanwhile has no lines of its own. */
  async cover<T>(work: () => Promise<T>): Promise<T> {
    this.#isCovering = true
    try {
      return await work()
    } finally {
      this.#isCovering = false
    }
  }

  get isCovering(): boolean {
    return this.#isCovering
  }

  /** The error for a statement with which the database would commit the batch without its line; undefined for any other. */
  refusalOf({ sql }: QueryObject, effect: StatementEffect): RevError | undefined {
    const { family, facts, database } = this.#options
    if (family !== 'mysql' || effect !== 'commits') return undefined
    const problem = `a statement of a batch would commit it: ${database.redactor.text(sql)}`
    return new RevError('REV_BATCH_PLACE', { revision: facts.revision, file: undefined, problem })
  }

  /** The number of a line for new batches. */
  nextNumber(): number {
    return this.#lines.nextNumber()
  }

  /**
   * Writes how far batches are, in the transaction that is open; `before` is how far they were. Throws REV_BATCH_OVERTAKEN
   * when that is not so any more.
   */
  async write(entry: NewEntry & { readonly answer: string }, before: string | undefined, name: string): Promise<void> {
    const { database, facts, transaction, isSilent } = this.#options
    if (isSilent) return
    if (transaction && before === undefined && !this.#lines.waitsNoMore) return this.#lines.wait(entry)
    if (before === undefined) return this.#lines.inTurn(() => this.#lines.write([entry]))
    const line = { number: entry.number, answer: before }
    const isMoved = await this.#lines.inTurn(() => moveEntry(database, facts, line, entry))
    if (!isMoved) throw new RevError('REV_BATCH_OVERTAKEN', { revision: facts.revision, name })
  }
}
