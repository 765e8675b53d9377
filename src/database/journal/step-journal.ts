import { isRevError, RevError } from '../../errors/index.ts'
import { commitsByItself } from '../../sql/mysql-commits.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { mayStopHalfWay } from '../../sql/statement-effect.ts'
import { withoutValues } from '../handle/driver-message.ts'
import type { QueryObject } from '../handle/knex-internals.ts'
import { beginStatement } from '../handle/own-transaction.ts'
import type { StatementRecord } from '../handle/statement-record.ts'
import { statusOfAnswer, transactionState } from '../handle/transaction-state.ts'
import type { Database } from '../open-database.ts'
import { driverMessage } from '../pin.ts'
import { dropLeftovers } from './drop-leftovers.ts'
import { StatementEffects } from './effects.ts'
import {
  changeEntry,
  type EntryFacts,
  type NewEntry,
  removeEntry,
  type StepKey,
  writeEntries,
} from './journal-table.ts'
import { giveAnswer, keepAnswer } from './kept-answer.ts'
import { lookAt } from './look.ts'
import { fromLooked, placeOf, toLooked } from './looked.ts'
import type { Replay } from './replay.ts'
import { statementHash } from './statement-hash.ts'

const LONGEST_STATEMENT = 100_000
const LONGEST_ERROR = 4_000
const INSERTS = /^\W*(?:insert|replace|load)\b/i
const ASKS_LAST = /\b(?:last_insert_id|row_count|found_rows|last_insert_rowid|changes|lastval|currval)\s*\(/i
const SETS_VARIABLE = /@[\w$.]+\s*:=|\binto\s+@|^\W*set\s+@/i

/** What one step has to know of the journal that it is carried out with. */
export interface StepJournalOptions {
  readonly database: Database
  readonly family: SqlFamily
  readonly facts: EntryFacts
  /** Whether the function got a transaction that ends with the version rows. */
  readonly transaction: boolean
  /** What is done already; goes on behind it. Undefined for a step that begins. */
  readonly replay: Replay | undefined
  /** The number of the last statement that is done. */
  readonly lastNumber: number
  /** Writes nothing, because a transaction around the step takes everything back or keeps everything. */
  readonly isSilent: boolean
}

/**
 * Keeps a record of each statement that the database commits before the step is done. Where a statement can be in one
 * transaction with its record, it is; where the database commits it by itself, the record says first that it is under way,
 * and how what it changes looked before, so that it can be found out later whether it took place.
 *
 * No second connection is needed: MySQL and MariaDB commit what is open *before* they carry out a definition, and with it
 * the records of all that was open.
 */
export class StepJournal implements StatementRecord {
  readonly #options: StepJournalOptions
  /** Those done in the open transaction of the step, which commit together with the first definition, or not at all. */
  #pending: NewEntry[] = []
  /** Those written in each open transaction and savepoint of the revision, the innermost last. */
  #written: NewEntry[][] = []
  /** How many were pending when each of these was opened. */
  #marks: number[] = []
  /** The revision sets savepoints by itself: what is pending is written at once, so that they concern the records, too. */
  #isImmediate = false
  #isOpen = false
  #number: number
  readonly #numbers = new WeakMap<QueryObject, number>()
  #turn: Promise<unknown> = Promise.resolve()
  readonly #effects: StatementEffects
  /** The last insert was not sent in this session, so that nothing may be asked of it. */
  #isAnswerGone = false
  /** The revision works in another schema or database than that of the connection. */
  #hasMoved = false
  #hasLocked = false

  constructor(options: StepJournalOptions) {
    this.#options = options
    this.#number = options.lastNumber
    this.#effects = new StatementEffects(options.database.connection, options.family)
  }

  /** Which step it is of. */
  get key(): StepKey {
    return this.#options.facts
  }

  /** One after the other: between a statement and its record nothing else may be sent. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => undefined)
    return result
  }

  /**
   * Whether the statement is done already; then it has its answer. Throws REV_JOURNAL_UNCLEAR when that cannot be told.
   */
  async skip(query: QueryObject): Promise<boolean> {
    const { replay, database } = this.#options
    if (replay === undefined) return false
    const { sql } = query
    const effect = await this.#effects.of(query)
    if (effect === 'temporary' && replay.isReplaying) throw this.#unclear(sql, 'temporary', undefined)
    if (this.#isAnswerGone && ASKS_LAST.test(sql)) throw this.#unclear(sql, 'answer', undefined)
    if (effect !== 'atomic' && effect !== 'commits') return false
    const answer = replay.next(statementHash(sql, query.bindings ?? []))
    if (answer.kind === 'stop') throw this.#unclear(sql, answer.reason, answer.entry.number)
    if (answer.kind === 'send') {
      if (INSERTS.test(sql)) this.#isAnswerGone = false
      return false
    }
    const { number } = answer.entry
    const missing = (): never => {
      throw this.#unclear(sql, 'answer', number)
    }
    // The variable would have to be set in this session, too.
    if (SETS_VARIABLE.test(sql) && database.dialect.name === 'mysql') missing()
    this.#isAnswerGone = true
    giveAnswer(database.dialect.name, answer.entry.answer, query, missing)
    return true
  }

  /** Call it when the function has returned. Throws REV_JOURNAL_UNCLEAR for what is done and was not met again. */
  finish(): void {
    const missed = this.#options.replay?.finish()
    if (missed !== undefined) throw this.#unclear(missed.statement, 'absent', missed.number)
  }

  /** Sends a statement together with its record. `isInside`: on a transaction of Knex. */
  async statement(query: QueryObject, isInside: boolean, send: () => Promise<unknown>): Promise<unknown> {
    const { family, isSilent, transaction } = this.#options
    const effect = await this.#effects.of(query)
    if (effect === 'control') return this.#control(query, send)
    if (effect === 'session') this.#noteSession(query.sql)
    if (isSilent || (effect !== 'atomic' && effect !== 'commits')) {
      // What ends with the session may commit all the same (LOCK TABLES), and with it the rows before it.
      if (!isSilent && family === 'mysql' && this.#isOpen && commitsByItself(query.sql)) await this.#flush()
      return this.#follow(query, send)
    }
    const isOpen = family === 'mysql' ? this.#isOpen : isInside || this.#isOpen
    if (effect === 'commits') return isOpen && family !== 'mysql' ? send() : this.#committing(query, isOpen, send)
    if (!isOpen) return this.#together(query, send)
    // The transaction of the step ends with the version rows, and its records would be taken out before anybody saw them.
    if (transaction && family !== 'mysql') return send()
    return this.#inside(query, send)
  }

  /** Sends what Knex's own transactions begin and end with, in turn. */
  control(sql: string, send: () => Promise<unknown>): Promise<unknown> {
    return this.inTurn(async () => {
      const opens = /^(?:begin|start|savepoint)/i.test(sql)
      if (opens) {
        const answer = await send()
        this.#marks.push(this.#pending.length)
        this.#written.push([])
        // A savepoint outside of a transaction, as after a definition of MySQL, opens none.
        if (!/^savepoint/i.test(sql)) this.#isOpen = true
        return answer
      }
      const isOutermost = /^(?:commit|rollback(?! to\b))/i.test(sql)
      const mark = this.#marks.pop() ?? 0
      const written = this.#written.pop() ?? []
      const answer = await send()
      if (isOutermost) this.#isOpen = false
      if (/^rollback/i.test(sql)) await this.#takeBack(mark, written, isOutermost)
      else this.#written.at(-1)?.push(...written)
      return answer
    })
  }

  // What was taken back did not stop the function, so it comes again when the function is run again.
  async #takeBack(mark: number, written: readonly NewEntry[], isOutermost: boolean): Promise<void> {
    const { transaction, isSilent } = this.#options
    // The end of the step itself; nothing of it is left.
    if (isSilent || (isOutermost && transaction)) return
    this.#pending = this.#pending.map((entry, index) => (index < mark ? entry : { ...entry, state: 'failed' }))
    const failed = written.map((entry): NewEntry => ({ ...entry, state: 'failed' }))
    this.#written.at(-1)?.push(...failed)
    await this.#write(failed)
  }

  // A revision that begins and ends transactions, or sets savepoints, with SQL of its own.
  async #control(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    if (this.#isOpen && !this.#isImmediate) {
      this.#isImmediate = true
      await this.#flush()
    }
    const answer = await send()
    if (/^\W*(?:begin|start)\b/i.test(query.sql)) this.#isOpen = true
    else if (!/\b(?:savepoint|to|release)\b/i.test(query.sql)) this.#isOpen = /\bchain\b/i.test(query.sql)
    return answer
  }

  /** In a transaction that is open: the record belongs to it. */
  async #inside(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    const { transaction, family } = this.#options
    const entry = this.#newEntry(query)
    const answer = await this.#follow(query, send)
    const done: NewEntry = { ...entry, state: 'done', ...this.#answerOf(query) }
    if (transaction && family === 'mysql' && !this.#isImmediate) this.#pending.push(done)
    else {
      await this.#write([done])
      this.#written.at(-1)?.push(done)
    }
    return answer
  }

  /** Outside of one: a transaction of rev's own holds the statement and its record. */
  async #together(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    const { connection } = this.#options.database
    const entry = this.#newEntry(query)
    // What begins and ends this transaction stands for the statement, and fails in its place.
    const control = (sql: string): Promise<unknown> => connection.query(sql).catch(throwCause)
    await control(beginStatement(connection))
    try {
      const answer = await send()
      await this.#write([{ ...entry, state: 'done', ...this.#answerOf(query) }])
      await control('COMMIT')
      return answer
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => undefined)
      if (!isRevError(error))
        await this.#write([{ ...entry, state: 'failed', error: this.#words(query, error) }]).catch(() => undefined)
      throw error
    }
  }

  /** A statement that the database commits by itself. */
  async #committing(query: QueryObject, isOpen: boolean, send: () => Promise<unknown>): Promise<unknown> {
    const { database, facts } = this.#options
    const look = lookAt(database.connection, query.sql)
    if (look.leftovers !== undefined) await dropLeftovers(database, facts.revision, await look.leftovers())
    const before = toLooked(await look.before(), this.#hasMoved ? await placeOf(database.connection) : undefined)
    const entry = { ...this.#newEntry(query), state: 'running' as const, ...(before === undefined ? {} : { before }) }
    const flushed = this.#pending
    this.#forgetPending()
    await this.#write([...flushed, entry])
    try {
      const answer = await this.#follow(query, send)
      await changeEntry(database, facts, entry.number, { state: 'done', ...this.#answerOf(query) })
      return answer
    } catch (error) {
      await this.#failed(entry, isOpen, this.#words(query, error)).catch(() => undefined)
      throw error
    }
  }

  async #failed(entry: NewEntry, wasOpen: boolean, error: string): Promise<void> {
    const { database, facts, family } = this.#options
    const state = family === 'mysql' ? await transactionState(database.connection) : 'ended'
    this.#isOpen = state === 'open'
    if (wasOpen && this.#isOpen) {
      // Refused before anything was committed: what is open goes on being open, with its records in it.
      await removeEntry(database, facts, entry.number)
      this.#isImmediate = true
      return
    }
    const look = lookAt(database.connection, entry.statement)
    const { state: now } = await look.settle(fromLooked(entry.before).state)
    // What aims at several tables may have reached some of them; a routine may have done anything.
    const isOver = now === 'not-done' || (now === 'unknown' && !mayStopHalfWay(entry.statement, family))
    await changeEntry(database, facts, entry.number, {
      state: isOver ? 'failed' : 'running',
      error,
    })
  }

  /** Sends, and follows on MySQL whether a transaction is open. */
  async #follow(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    const answer = await send()
    if (this.#options.family !== 'mysql') return answer
    const status = statusOfAnswer([query.response].flat()[0])
    const hasEnded = this.#isOpen && status === 'ended'
    if (status !== undefined) this.#isOpen = status === 'open'
    // It committed, and nobody could know before: what was open is in the database for good.
    if (hasEnded && this.#pending.length > 0) await this.#flush()
    return answer
  }

  #noteSession(sql: string): void {
    if (/\bsearch_path\b|^\s*use\b/i.test(sql)) this.#hasMoved = true
    if (/^\W*lock\s+tables?\b/i.test(sql)) this.#hasLocked = true
  }

  /** Lets tables go that the revision has locked by itself and not unlocked: rev's own could not be written. */
  async unlock(): Promise<void> {
    if (this.#hasLocked) await this.#options.database.connection.query('unlock tables').catch(() => undefined)
  }

  async #flush(): Promise<void> {
    const entries = this.#pending
    this.#forgetPending()
    await this.#write(entries)
  }

  #forgetPending(): void {
    this.#pending = []
    this.#marks = this.#marks.map(() => 0)
  }

  // Sent again, a statement keeps its number.
  #newEntry(query: QueryObject): Omit<NewEntry, 'state'> {
    const { sql, bindings } = query
    const isAgain = this.#numbers.has(query)
    const number = this.#numbers.get(query) ?? this.#number + 1
    this.#numbers.set(query, number)
    this.#number = Math.max(this.#number, number)
    const statement = this.#options.database.redactor.text(sql).slice(0, LONGEST_STATEMENT)
    return { number, hash: statementHash(sql, bindings ?? []), statement, ...(isAgain ? { isAgain } : {}) }
  }

  #answerOf(query: QueryObject): { answer?: string } {
    const answer = keepAnswer(this.#options.database.dialect.name, query)
    return answer === undefined ? {} : { answer }
  }

  #words({ sql, bindings }: QueryObject, error: unknown): string {
    const words = withoutValues(driverMessage(error, sql), bindings)
    return this.#options.database.redactor.text(words).slice(0, LONGEST_ERROR)
  }

  #write(entries: readonly NewEntry[]): Promise<void> {
    return writeEntries(this.#options.database, this.#options.facts, entries)
  }

  #unclear(statement: string, reason: UnclearReason, number: number | undefined): RevError {
    const { revision, direction } = this.#options.facts
    return new RevError('REV_JOURNAL_UNCLEAR', { revision, direction, reason, number, statement })
  }
}

type UnclearReason = 'other-values' | 'order' | 'absent' | 'temporary' | 'answer'

function throwCause(error: unknown): never {
  throw isRevError(error, 'REV_DATABASE_QUERY_FAILED') ? (error.cause ?? error) : error
}
