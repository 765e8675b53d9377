import type { ScriptStatement } from '../../fill-placeholders.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { startupSettings } from '../../startup-settings.ts'
import { doneEvents, startedEvent } from '../event-values.ts'
import type {
  ScriptDialect,
  ScriptEnd,
  ScriptFacts,
  ScriptStep,
  StepCare,
  StepEnd,
  StepSession,
} from '../script-dialect.ts'
import { careForSession } from './care.ts'
import { withPatience, worksConcurrently } from './concurrent-index.ts'
import { askWhere, askWhereIfProven, stopHere, unlock } from './ending.ts'
import { closeOpenRuns, insertEvents, NOTE_START, NUMBER_RUN, type NumberedEvent, startOf } from './events.ts'
import { guard } from './guard.ts'
import { StepLimits } from './limits.ts'
import { projectVariables, proveProject, recordProject } from './meta.ts'
import { createIfMissing, createMissing } from './own-tables.ts'
import { proveAlone, proveAnswer, proveBytes, proveFalse, proveLoneStep, proveStep } from './prove.ts'
import { changeRows, changeRowsPlainly } from './record.ts'
import { REMEMBER_SESSION, restoreSession } from './session.ts'
import { setup } from './setup.ts'
import { doBlock, indented } from './sql-text.ts'

// psql alone tells whether something has failed: for a client that goes on after an error, the session is read-only then.
const STAY_OR_STOP = `SELECT set_config('default_transaction_read_only',
  CASE :'LAST_ERROR_SQLSTATE' WHEN '00000' THEN 'off' ELSE 'on' END, false) AS rev_read_only \\gset
`

/** A script for PostgreSQL; for its relatives, which have no blocks of code, the statements and the version rows alone. */
export function postgresqlScript(given: ScriptFacts): ScriptDialect {
  const hasBlocks = given.dialect.name === 'postgresql'
  return new PostgresScript(hasBlocks ? given : { ...given, guarded: false }, hasBlocks)
}

class PostgresScript implements ScriptDialect {
  readonly opensLate = false
  readonly #facts: ScriptFacts
  readonly #hasBlocks: boolean
  /** The events of the run are counted from 1, and the first says that it has begun. */
  #events = 1
  #steps = 0
  #step: ScriptStep | undefined
  #hasLoneSteps = false
  #longestId = 0
  #inTransaction = false
  #ownsTransaction = false
  #limits: StepLimits | undefined

  constructor(facts: ScriptFacts, hasBlocks: boolean) {
    this.#facts = facts
    this.#hasBlocks = hasBlocks
    // What cannot be understood of the connection is told before anything is done.
    startupSettings(facts.knexConfig)
  }

  get runWith(): string {
    return this.#facts.client === 'psql'
      ? 'psql -X -v ON_ERROR_STOP=1 -d DATABASE -f FILE'
      : 'a client that sends the statements one by one, commits each, and stops at the first error'
  }

  get notes(): readonly string[] {
    const lone = this.#hasLoneSteps ? ' but those marked [no transaction]' : ''
    const notes = [`transactions: one for each revision${lone}`]
    if (this.#facts.client === 'generic') {
      notes.push(
        'the session must have the time zone, date style and search_path of the server: some clients send their own',
      )
    }
    if (!this.#facts.guarded) return this.#hasBlocks ? notes : [...notes, 'no guard and no log on this database']
    return [...notes, 'connect to the server itself: the lock is lost in a pooler that shares sessions (PgBouncer)']
  }

  opening(end: ScriptEnd): string {
    const facts = this.#facts
    const { tables } = facts
    const parts = [setup(facts, end, this.#hasLoneSteps)]
    if (facts.guarded) parts.push(guard(facts, end, this.#longestId))
    parts.push(this.#hasBlocks ? this.#begin(end) : createIfMissing(facts.dialect, tables.version))
    return parts.join('\n')
  }

  ensureVersion(): string {
    const facts = this.#facts
    const { dialect, tables, guarded, settings } = facts
    const proof =
      guarded && settings.project !== undefined ? ['DECLARE', ...indented('  ', projectVariables(facts))] : []
    const create = this.#hasBlocks
      ? doBlock(
          ...proof,
          'BEGIN',
          ...(proof.length > 0 ? proveProject(facts) : []),
          ...createMissing(dialect, tables, 'version'),
        )
      : createIfMissing(dialect, tables.version)
    return [setup(facts, undefined, false), create, ...(facts.guarded ? [askWhere(tables.version)] : [])].join('\n')
  }

  beforeStep(step: ScriptStep): string {
    this.#steps += 1
    this.#step = step
    this.#ownsTransaction = step.transaction
    this.#limits = new StepLimits(this.#facts, step)
    this.#longestId = Math.max(this.#longestId, ...step.after.map((id) => id.length))
    if (step.transaction) return ''
    this.#hasLoneSteps = true
    const { guarded, tables, client } = this.#facts
    const limits = this.#limits.set()
    if (guarded) return `${proveLoneStep(tables, step, this.#steps, client)}${limits}`
    return `${this.#hasBlocks ? doBlock('BEGIN', `  ${NOTE_START}`) : ''}${limits}`
  }

  begin(statement = 'BEGIN'): string {
    this.#inTransaction = true
    return `${statement};\n`
  }

  afterBegin(step: ScriptStep): string {
    this.#ownsTransaction = true
    // A revision without a transaction may have taken a role that must not touch rev's tables.
    return step.transaction ? `${this.#prove(step)}${this.#limits?.set() ?? ''}` : ''
  }

  commit(): string {
    return this.#end('COMMIT;\n')
  }

  rollback(): string {
    return this.#end('ROLLBACK;\n')
  }

  statement({ sql, withBytesAside }: ScriptStatement, inTransaction: boolean): string {
    const proof = withBytesAside === undefined ? '' : this.#proveBytes(withBytesAside, inTransaction)
    // A comment at the end of a line would hide the semicolon.
    const text = `${proof}${sql}${/--[^\n]*$/.test(sql) ? '\n' : ''};\n`
    this.#limits?.hear(sql)
    if (inTransaction) return text
    const lifted = worksConcurrently(sql) ? this.#limits?.lifted() : undefined
    const sent = lifted === undefined ? text : withPatience(text, sql, lifted, this.#facts.guarded)
    return `${sent}${this.#stayOrStop()}`
  }

  commitsByItself(): boolean {
    return false
  }

  check(check: SchemaCheck): string {
    return this.#facts.guarded ? proveAnswer(check, this.#inTransaction) : ''
  }

  refuseIf(condition: string, message: string): string {
    return this.#facts.guarded ? proveFalse(condition, message, this.#inTransaction) : ''
  }

  restoreSession(): string {
    return this.#hasBlocks ? restoreSession(this.#step?.revision ?? '') : ''
  }

  record(step: ScriptStep, end: StepEnd): string {
    const { guarded, tables } = this.#facts
    const { version } = tables
    const unlimited = this.#limits?.setForRows() ?? ''
    if (!this.#hasBlocks) return `${unlimited}${changeRowsPlainly(version, step.changes)}`
    const rows = guarded ? changeRows(tables, step.changes, this.#steps) : changeRowsPlainly(version, step.changes)
    const [ofStep, ofRun] = doneEvents(this.#facts, step, end)
    const events: NumberedEvent[] = []
    if (ofStep !== undefined) events.push({ event: ofStep, seq: this.#nextEvent(), start: startOf(step) })
    if (ofRun !== undefined) events.push({ event: ofRun, seq: this.#nextEvent(), start: undefined })
    return `${unlimited}${step.transaction ? '' : this.#prove(step)}${rows}${insertEvents(tables.event, events)}`
  }

  afterStep(): string {
    return this.#limits?.end() ?? ''
  }

  closing(): string {
    return this.#facts.guarded ? `${unlock()}\n${askWhereIfProven(this.#facts.tables.version)}` : ''
  }

  stop(message: string): string {
    const { dialect } = this.#facts
    const rollback = this.#inTransaction ? this.rollback() : ''
    // Without blocks of code the message is the name of a column that there is not.
    return `${rollback}${this.#hasBlocks ? stopHere(message) : `SELECT ${dialect.quote(`rev: ${message}`)};\n`}`
  }

  async careFor(_step: ScriptStep, session: StepSession): Promise<StepCare> {
    return careForSession(session, this.#hasBlocks)
  }

  #begin(end: ScriptEnd): string {
    const facts = this.#facts
    const { tables } = facts
    const started = { event: startedEvent(facts), seq: 1, start: undefined }
    const missing = [
      ...(facts.startRows.length === 0 || !facts.guarded ? createMissing(facts.dialect, tables, 'version') : []),
      ...createMissing(facts.dialect, tables, 'event'),
      ...recordProject(facts),
    ]
    const probe = this.#hasLoneSteps && facts.guarded ? mayWrite(tables.version.sql) : []
    // Where there is a guard it has done this.
    const number = facts.guarded
      ? []
      : [`  ${NUMBER_RUN}`, ...(end.changesSession ? indented('  ', REMEMBER_SESSION) : [])]
    return [
      '-- The tables of rev where they are missing, and the note that this run has begun.\n',
      'BEGIN;\n',
      doBlock('BEGIN', ...number, ...missing, ...probe),
      facts.guarded ? closeOpenRuns(tables.event, facts.startRows) : '',
      insertEvents(tables.event, [started]),
      'COMMIT;\n',
    ].join('')
  }

  #prove(step: ScriptStep): string {
    const { guarded, tables } = this.#facts
    if (!guarded) return ''
    return proveStep(tables, step, this.#steps)
  }

  // Without a guard, too: this is about what the statement means, not about where the database is.
  #proveBytes(statement: string, inTransaction: boolean): string {
    if (!this.#hasBlocks) return ''
    const lines = proveBytes(this.#step?.revision ?? '', statement)
    return inTransaction || !this.#facts.guarded ? doBlock(...lines) : proveAlone(lines)
  }

  #end(ending: string): string {
    if (!this.#inTransaction) return ''
    this.#inTransaction = false
    return this.#ownsTransaction ? ending : `${ending}${this.#stayOrStop()}`
  }

  #stayOrStop(): string {
    return this.#facts.guarded && this.#facts.client === 'psql' ? STAY_OR_STOP : ''
  }

  #nextEvent(): number {
    this.#events += 1
    return this.#events
  }
}

/** Fails now, not after work that is not rolled back, when this user may not write the version rows. For PL/pgSQL. */
function mayWrite(version: string): string[] {
  return [
    '  -- Fails here, and not after the work, when this user may not write the version rows.',
    `  INSERT INTO ${version} SELECT * FROM ${version} WHERE false;`,
    `  UPDATE ${version} SET version_num = version_num WHERE false;`,
    `  DELETE FROM ${version} WHERE false;`,
  ]
}
