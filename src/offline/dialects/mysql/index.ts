import { commitsByItself } from '../../../sql/mysql-commits.ts'
import { transactionChange } from '../../../sql/mysql-transactions.ts'
import { sqlTokens } from '../../../sql/sql-tokens.ts'
import { firstWords } from '../../../sql/sql-words.ts'
import { comments } from '../../comment.ts'
import { doneEvents, startedEvent } from '../event-values.ts'
import type { ScriptDialect, ScriptEnd, ScriptFacts, ScriptStep } from '../script-dialect.ts'
import { careFor } from './care.ts'
import { connectionCharset } from './connection-charset.ts'
import { askWhere, sayWhere, stopHere } from './ending.ts'
import { insertEvents, NAME_RUN, NOTE_START } from './events.ts'
import { assert, GO, goOnUnlessFailed } from './go-on.ts'
import { answerIs, guard, guardProject, HAS_FAULT } from './guard.ts'
import { HalfWayMarks } from './half-way-marks.ts'
import { endLimits, liftStatementLimit, setLimits } from './limits.ts'
import { recordProject } from './meta.ts'
import { createEventTable, createVersionTable } from './own-tables.ts'
import { getsPastReadOnly, whileGoing } from './past-read-only.ts'
import {
  REMEMBER_ROLE,
  RESTORE_CLOCK,
  RESTORE_RESTRICTED,
  RESTORE_ROLE,
  rememberSettings,
  restoreSettings,
} from './session.ts'
import { setup } from './setup.ts'
import { execute, failingQuery, sqlText } from './sql-text.ts'
import { statementText } from './statement.ts'
import { changeRows, tryChange } from './version-rows.ts'

/** A script for MySQL and MariaDB, for `mysql` and `mariadb` or for any client that sends it in one session. */
export function mysqlScript(facts: ScriptFacts): ScriptDialect {
  return new MysqlScript(facts)
}

class MysqlScript implements ScriptDialect {
  readonly #facts: ScriptFacts
  readonly #kinds = new Set<'insert' | 'update' | 'delete'>()
  readonly #rows = new Set<string>()
  #steps = 0
  /** The number of the last event. The first is that the run has begun. */
  #seq = 1
  #hasRecorded = false
  #setsRole = false
  #hasBodies = false
  readonly #marks: HalfWayMarks

  constructor(facts: ScriptFacts) {
    this.#facts = facts
    this.#marks = new HalfWayMarks(facts)
    // A connection that no script can stand for is told before anything is done.
    connectionCharset(facts)
  }

  readonly opensLate = true

  get runWith(): string {
    if (this.#facts.client === 'generic') return 'any client, all of it in one session'
    return 'mariadb --comments DATABASE < FILE (or mysql)'
  }

  get notes(): string[] {
    const { client, guarded, tables } = this.#facts
    const lines = [
      'Each change of the schema is committed by itself: a failure half way is not rolled back. The version rows tell which',
      'revisions are whole; put the one that failed right by hand before you go on.',
    ]
    if (guarded) {
      lines.push(
        `One of which something is in the database has a row in ${tables.step.text}, and nothing goes on until that is gone: rev repair`,
        'takes it out, as --applied or --reverted, or you do.',
        'Lines with @rev_go: when the statement above has failed, the session is read-only from there on, and a transaction that',
        'is open is not committed. So even a client that ignores errors does nothing more, but for rows of tables without',
        'transactions until that one ends.',
      )
    }
    if (client === 'generic' && this.#hasBodies) {
      lines.push('Some statements hold semicolons (triggers, routines): the client must send each of them whole.')
    }
    return lines
  }

  opening(end: ScriptEnd): string {
    const { startRows, tables, guarded } = this.#facts
    const remember = end.changesSession ? `${rememberSettings()}${this.#setsRole ? REMEMBER_ROLE : ''}` : ''
    return paragraphs(
      setup(this.#facts),
      guarded ? guard(this.#facts, end, [...this.#rows]) : '',
      remember === ''
        ? ''
        : `${comments('Some revisions change settings of the session; each is brought back.')}\n${remember}`,
      `${startRows.length === 0 ? createVersionTable(this.#facts) : ''}${this.#marks.table()}${createEventTable(this.#facts)}${recordProject(this.#facts)}`,
      guarded ? this.#tryPrivileges() : '',
      `${NAME_RUN}${insertEvents(tables.event, [startedEvent(this.#facts)], 1)}${this.#goOn()}`,
    )
  }

  ensureVersion(): string {
    const plain = { ...this.#facts, guarded: false }
    const proven = this.#facts.guarded ? guardProject(plain) : ''
    return paragraphs(
      setup(plain),
      proven,
      createVersionTable(plain),
      sayWhere(plain.tables.version, proven === '' ? undefined : HAS_FAULT),
    )
  }

  beforeStep(step: ScriptStep): string {
    for (const row of step.after) this.#rows.add(row)
    for (const { kind } of step.changes) this.#kinds.add(kind)
    this.#steps += 1
    this.#hasRecorded = false
    this.#marks.restart(step)
    const limits = setLimits(this.#facts, step)
    if (!this.#facts.guarded || this.#steps === 1) return `${NOTE_START}${limits}`
    const held = 'IS_USED_LOCK(@rev_lock) = CONNECTION_ID()'
    return `${NOTE_START}${assert(held, 'rev: the lock of this script was lost')}${limits}`
  }

  begin(statement = 'START TRANSACTION'): string {
    return `${statement};\n`
  }

  afterBegin(): string {
    return ''
  }

  commit(): string {
    if (!this.#facts.guarded) return 'COMMIT;\n'
    const why = this.#hasRecorded ? 'an error above, or changed version rows' : 'an error above'
    const failing = sqlText(failingQuery(`rev: not committed: ${why}`))
    const mark = this.#hasRecorded ? '' : this.#marks.mark()
    return `${mark}${execute(`IF(@rev_go = ${GO}, 'COMMIT', ${failing})`)}${goOnUnlessFailed()}ROLLBACK;\n`
  }

  rollback(): string {
    return 'ROLLBACK;\n'
  }

  control(sql: string): string {
    return `${sql};\n${this.#goOn()}`
  }

  statement(statement: Parameters<ScriptDialect['statement']>[0], inTransaction: boolean): string {
    const { sql } = statement
    const text = this.#textOf(statement)
    const isCommitted = this.commitsByItself(sql)
    return `${text}${this.#marks.after(sql, { isCommitted, inTransaction, takesRole: setsRole(sql) })}`
  }

  #textOf(statement: Parameters<ScriptDialect['statement']>[0]): string {
    this.#hasBodies ||= statement.hasBody
    this.#setsRole ||= setsRole(statement.sql)
    const { sql, hasBody } = statement
    // What came after a failure within the transaction of the revision itself must not be kept.
    if (this.#facts.guarded && /\bcommit\b/i.test(sql) && transactionChange(sql) === 'commits') return this.commit()
    if (this.#facts.guarded && !hasBody && getsPastReadOnly(sql)) return `${whileGoing(sql)}${this.#goOn()}`
    return `${statementText(statement, this.#facts.client)}${this.#goOn()}`
  }

  commitsByItself(sql: string): boolean {
    return commitsByItself(sql)
  }

  opensOrEnds(sql: string): 'opens' | 'ends' | undefined {
    const change = transactionChange(sql)
    if (change === 'begins') return 'opens'
    return change === 'commits' || change === 'rolls back' ? 'ends' : undefined
  }

  check(check: Parameters<ScriptDialect['check']>[0]): string {
    if (!this.#facts.guarded) return ''
    const { revision, subject } = check
    const why = comments(`revision ${revision} relies on the answer to ${subject}`)
    return `${why}\n${assert(answerIs(check), `rev: another answer than expected to ${subject}`)}`
  }

  refuseIf(condition: string, message: string): string {
    return this.#facts.guarded ? assert(`NOT (${condition})`, `rev: ${message}`) : ''
  }

  restoreSession(): string {
    const role = this.#setsRole ? execute(RESTORE_ROLE) : ''
    return `${restoreSettings()}${this.#goOn()}${execute(RESTORE_RESTRICTED)}${execute(RESTORE_CLOCK)}${role}${this.#goOn()}`
  }

  record(...[step, end]: Parameters<ScriptDialect['record']>): string {
    const { tables, guarded } = this.#facts
    const events = doneEvents(this.#facts, step, end)
    const first = this.#seq + 1
    this.#seq += events.length
    this.#hasRecorded = true
    const written = `${insertEvents(tables.event, events, first)}${this.#goOn()}`
    const unlimited = liftStatementLimit(this.#facts, step)
    return `${unlimited}${this.#marks.unmark(step)}${changeRows(tables.version, step.changes, guarded)}${written}`
  }

  afterStep(step: ScriptStep): string {
    return endLimits(step)
  }

  closing(end: ScriptEnd): string {
    return this.#facts.guarded ? askWhere(this.#facts, end.rows) : ''
  }

  stop(message: string): string {
    return stopHere(message, this.#facts.guarded)
  }

  async careFor(...[, session]: Parameters<ScriptDialect['careFor']>): ReturnType<ScriptDialect['careFor']> {
    return careFor(session, this.#facts.guarded)
  }

  #goOn(): string {
    return this.#facts.guarded ? goOnUnlessFailed() : ''
  }

  // A privilege that is missed after the work would leave it without its row.
  #tryPrivileges(): string {
    const { version } = this.#facts.tables
    const tries = [...this.#kinds].sort().map((kind) => `${tryChange(version, kind)}${goOnUnlessFailed()}`)
    tries.push(this.#marks.tries())
    return `${comments('May this user change the rows of rev itself? These change none.')}\n${tries.join('')}`
  }
}

const paragraphs = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n')

function setsRole(sql: string): boolean {
  return (
    /\brole\b/i.test(sql) && /^set (?:role|default role)\b/.test(firstWords(sql, sqlTokens(sql, 'mysql'), 3).join(' '))
  )
}
