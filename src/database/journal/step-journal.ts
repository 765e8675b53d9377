import { isRevError, type RevError } from '../../errors/index.ts'
import { reachesSeveral } from '../../sql/mysql-aim.ts'
import { commitsByItself } from '../../sql/mysql-commits.ts'
import { mayStopHalfWay } from '../../sql/statement-effect.ts'
import { withoutSecrets } from '../../sql/without-secrets.ts'
import { withoutValues } from '../handle/driver-message.ts'
import type { QueryObject } from '../handle/knex-internals.ts'
import { beginStatement } from '../handle/own-transaction.ts'
import type { StatementRecord } from '../handle/statement-record.ts'
import { statusOfAnswer, transactionState } from '../handle/transaction-state.ts'
import { isConnectionLost, isEnded } from '../known-errors.ts'
import { driverMessage } from '../pin.ts'
import { BatchJournal } from './batch-journal.ts'
import { dropLeftovers } from './drop-leftovers.ts'
import { StatementEffects } from './effects.ts'
import { JournalLines } from './journal-lines.ts'
import { changeEntry, type NewEntry, removeEntry, type StepKey } from './journal-table.ts'
import { giveAnswer, keepAnswer } from './kept-answer.ts'
import { lookAt } from './look.ts'
import { fromLooked, placeOf, toLooked } from './looked.ts'
import { NOT_DONE } from './settlement.ts'
import { statementHash } from './statement-hash.ts'
import type { StepJournalOptions } from './step-journal-options.ts'
import { type UnclearReason, unclear } from './unclear.ts'

// What may have to be looked for by its own words is kept whole.
const LONGEST_DEFINITION = 100_000
const LONGEST_STATEMENT = 4_000
const LONGEST_ERROR = 4_000
const INSERTS = /^\W*(?:insert|replace|load)\b/i
const ASKS_LAST = /\b(?:last_insert_id|row_count|found_rows|last_insert_rowid|changes|lastval|currval)\s*\(/i
const SETS_VARIABLE = /@[\w$.]+\s*:=|\binto\s+@|^\W*set\s+@/i

/**
 * Keeps a record of each statement that the database commits before the step is done. Where a statement can be in one
 * transaction with its record, it is; where the database commits it by itself, the record says first that it is under way,
 * and how what it changes looked before, so that it can be found out later whether it took place.
 *
 * No second connection is needed: MySQL and MariaDB commit what is open *before* they carry out a definition, and with it
 * the records of all that was open.
 */
export class StepJournal implements StatementRecord {
  /** The lines of batches, which stand for the statements in their transactions. */
  readonly batches: BatchJournal
  readonly #options: StepJournalOptions
  readonly #lines: JournalLines
  #isOpen = false
  readonly #effects: StatementEffects
  /** The last insert was not sent in this session, so that nothing may be asked of it. */
  #isAnswerGone = false
  /** The revision works in another schema or database than that of the connection. */
  #hasMoved = false
  #hasLocked = false

  constructor(options: StepJournalOptions) {
    this.#options = options
    this.#lines = new JournalLines(options)
    this.batches = new BatchJournal(options, this.#lines, () => this.#isOpen)
    this.#effects = new StatementEffects(options.database.connection, options.family)
  }

  /** Which step it is of. */
  get key(): StepKey {
    return this.#options.facts
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** One after the other: between a statement and its record nothing else may be sent. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    return this.#lines.inTurn(work)
  }

  /**
   * Whether the statement is done already; then it has its answer. Throws REV_JOURNAL_UNCLEAR when that cannot be told.
   */
  async skip(query: QueryObject, isInside: boolean): Promise<boolean> {
    const { replay, database } = this.#options
    if (replay === undefined || (this.batches.isCovering && isInside)) return false
    const { sql } = query
    const effect = await this.#effects.of(query)
    if (effect === 'temporary' && replay.isReplaying) throw this.#unclear(sql, 'temporary', undefined)
    if (this.#isAnswerGone && ASKS_LAST.test(sql)) throw this.#unclear(sql, 'answer', undefined)
    if (effect !== 'atomic' && effect !== 'commits') return false
    const answer = replay.next(statementHash(sql, query.bindings ?? []))
    if (answer.kind === 'stop') throw this.#unclear(sql, answer.reason, answer.entry.number)
    if (answer.kind === 'send') {
      if (INSERTS.test(sql)) this.#isAnswerGone = false
      if (answer.failed !== undefined) this.#lines.keepNumber(query, answer.failed.number)
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

  /** The server has rolled back the transaction that was open, and all that is in it. */
  givenUp(): void {
    this.#isOpen = false
    this.#lines.waitForNothing()
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
    if (this.batches.isCovering && isInside) {
      const refusal = this.batches.refusalOf(query, effect)
      if (refusal !== undefined) throw refusal
      return this.#follow(query, send)
    }
    if (effect === 'control') return this.#control(query, send)
    if (effect === 'session') this.#noteSession(query.sql)
    if (isSilent || (effect !== 'atomic' && effect !== 'commits')) {
      // What ends with the session may commit all the same (LOCK TABLES), and with it the rows before it.
      if (!isSilent && family === 'mysql' && this.#isOpen && commitsByItself(query.sql)) await this.#lines.flush()
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
    const { isSilent, transaction } = this.#options
    return this.inTurn(async () => {
      const opens = /^(?:begin|start|savepoint)/i.test(sql)
      if (opens) {
        const answer = await send()
        this.#lines.open()
        // A savepoint outside of a transaction, as after a definition of MySQL, opens none.
        if (!/^savepoint/i.test(sql)) this.#isOpen = true
        return answer
      }
      const isOutermost = /^(?:commit|rollback(?! to\b))/i.test(sql)
      const level = this.#lines.close()
      const answer = await send()
      if (isOutermost) this.#isOpen = false
      if (!/^rollback/i.test(sql)) this.#lines.keep(level)
      // After the end of the step itself nothing of it is left.
      else if (!isSilent && !(isOutermost && transaction)) await this.#lines.takeBack(level)
      return answer
    })
  }

  // A revision that begins and ends transactions, or sets savepoints, with SQL of its own.
  async #control(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    if (this.#isOpen) await this.#lines.waitNoMore()
    const answer = await send()
    if (/^\W*(?:begin|start)\b/i.test(query.sql)) this.#isOpen = true
    else if (!/\b(?:savepoint|to|release)\b/i.test(query.sql)) this.#isOpen = /\bchain\b/i.test(query.sql)
    return answer
  }

  /** In a transaction that is open: the record belongs to it. */
  async #inside(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    const { transaction, family } = this.#options
    const entry = this.#newEntry(query)
    const answer = await this.#follow(query, send).catch((error: unknown) => {
      if (!isRevError(error)) this.#lines.fail({ ...entry, state: 'failed', error: this.#words(query, error) })
      throw error
    })
    const done: NewEntry = { ...entry, state: 'done', ...this.#answerOf(query) }
    if (transaction && family === 'mysql' && !this.#lines.waitsNoMore) this.#lines.wait(done)
    else await this.#lines.writeInside(done)
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
      await this.#lines.write([{ ...entry, state: 'done', ...this.#answerOf(query) }])
      await control('COMMIT')
      return answer
    } catch (error) {
      await connection.query('ROLLBACK').catch(() => undefined)
      if (!isRevError(error))
        await this.#lines
          .write([{ ...entry, state: 'failed', error: this.#words(query, error) }])
          .catch(() => undefined)
      throw error
    }
  }

  /** A statement that the database commits by itself. */
  async #committing(query: QueryObject, isOpen: boolean, send: () => Promise<unknown>): Promise<unknown> {
    const { database, facts } = this.#options
    const { sql } = query
    const look = lookAt(database.connection, sql)
    if (look.leftovers !== undefined) await dropLeftovers(database, facts.revision, await look.leftovers())
    const place = this.#hasMoved ? await placeOf(database.connection) : undefined
    const own = this.#newEntry(query, LONGEST_DEFINITION)
    // What stands in the journal in other words cannot be looked for by them.
    const before = toLooked({ state: await look.before(), place, isHidden: own.statement !== sql })
    const entry: NewEntry = { ...own, state: 'running', ...(before === undefined ? {} : { before }) }
    await this.#lines.flush(entry)
    let answer: unknown
    try {
      answer = await this.#follow(query, send)
    } catch (error) {
      await this.#failed(entry, sql, isOpen, error, this.#words(query, error)).catch(() => undefined)
      throw error
    }
    // What cannot be written here has not undone the statement: it goes on being under way until somebody looks.
    await changeEntry(database, facts, entry.number, { state: 'done', ...this.#answerOf(query) })
    await this.#lines.forgetEarlier()
    return answer
  }

  async #failed(entry: NewEntry, sql: string, wasOpen: boolean, thrown: unknown, error: string): Promise<void> {
    // Without an answer it may still be under way.
    if (isConnectionLost(thrown)) return
    const { database, facts, family } = this.#options
    const state = family === 'mysql' ? await transactionState(database.connection) : 'ended'
    this.#isOpen = state === 'open'
    if (wasOpen && this.#isOpen) {
      // Refused before anything was committed: what is open goes on being open, with its records in it.
      await removeEntry(database, facts, entry.number)
      await this.#lines.waitNoMore()
      return
    }
    // A definition that the server has refused did not take place. What aims at several tables may have reached some of them,
    // a routine may have done anything, and what was ended may have been over.
    const isWhole = !mayStopHalfWay(sql, family) && !(family === 'mysql' && (reachesSeveral(sql) || isEnded(thrown)))
    const { state: now } = isWhole
      ? NOT_DONE
      : await lookAt(database.connection, sql).settle(fromLooked(entry.before).state)
    await changeEntry(database, facts, entry.number, { state: now === 'not-done' ? 'failed' : 'running', error })
  }

  /** Sends, and follows on MySQL whether a transaction is open. */
  async #follow(query: QueryObject, send: () => Promise<unknown>): Promise<unknown> {
    const answer = await send()
    if (this.#options.family !== 'mysql') return answer
    const status = statusOfAnswer([query.response].flat()[0])
    const hasEnded = this.#isOpen && status === 'ended'
    if (status !== undefined) this.#isOpen = status === 'open'
    // It committed, and nobody could know before: what was open is in the database for good.
    if (hasEnded) await this.#lines.flush()
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

  #newEntry(query: QueryObject, longest = LONGEST_STATEMENT): Omit<NewEntry, 'state'> {
    const { sql, bindings } = query
    const { number, isAgain } = this.#lines.numberOf(query)
    const statement = withoutSecrets(this.#options.database.redactor.text(sql)).slice(0, longest)
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

  #unclear(statement: string, reason: UnclearReason, number: number | undefined): RevError {
    return unclear(this.#options.facts, statement, reason, number)
  }
}

function throwCause(error: unknown): never {
  throw isRevError(error, 'REV_DATABASE_QUERY_FAILED') ? (error.cause ?? error) : error
}
