import { mayOrphan } from '../../../database/sqlite/foreign-keys.ts'
import { rebuildStatement } from '../../../database/sqlite/table-rebuild.ts'
import { versionTableDdl } from '../../../database/version-table-ddl.ts'
import type { ScriptStatement } from '../../fill-placeholders.ts'
import { keepCarriageReturns } from '../../line-ends.ts'
import type { SchemaCheck } from '../../reads/schema-read.ts'
import { doneEvents } from '../event-values.ts'
import type {
  ScriptDialect,
  ScriptEnd,
  ScriptFacts,
  ScriptStep,
  StepCare,
  StepEnd,
  StepSession,
} from '../script-dialect.ts'
import { careForRebuilds } from './care.ts'
import { createIfMissing } from './create-if-missing.ts'
import { askWhere, askWhereIfProven, stopHere, UNLOCK } from './ending.ts'
import { insertEvent, NUMBER_RUN } from './events.ts'
import { answerIs, beginRun, guard, guardProject, otherwise } from './guard.ts'
import { waitLine } from './limits.ts'
import { endsInLineComment } from './line-comment.ts'
import { metaWhereMissing } from './meta.ts'
import { proveNoOrphans, REMEMBER_ORPHANS, REMEMBER_ORPHANS_ANEW } from './orphans.ts'
import { OwnSavepoints } from './own-savepoints.ts'
import { countProven, need, Proofs, prove, proveBetween, proveOrRollBack, proveOrRollBackBetween } from './proofs.ts'
import { SchemaChanges } from './schema-changes.ts'
import { SessionState } from './session-state.ts'
import { notes, runWith, setup } from './setup.ts'
import { NOW } from './sql-text.ts'
import { journalWhereMissing } from './unfinished.ts'
import { changeRows, changeRowsPlainly, isSeen, rowsSql, rowsText } from './version-rows.ts'

/** A script for SQLite, for `sqlite3` or for any client that sends it on one connection. */
export function sqliteScript(facts: ScriptFacts): ScriptDialect {
  return new SqliteScript(facts)
}

class SqliteScript implements ScriptDialect {
  readonly opensLate = false
  readonly #facts: ScriptFacts
  readonly #proofs = new Proofs()
  readonly #session: SessionState
  readonly #changes = new SchemaChanges()
  /** What must be proven before the rows of this step move. */
  #proven: string[] = []
  /** How many of them there were where the open transaction and each savepoint in it began. */
  #levels: number[] = []
  readonly #savepoints = new OwnSavepoints()
  #step: ScriptStep | undefined
  #steps = 0
  #again = 0
  /** The events of the run are counted from 1, and the first says that it has begun. */
  #events = 1
  #isDoubtful = false
  #mindsOrphans = false
  #touchedLegacyRename = false
  /** Some statement so far may have made a temporary table, which lives as long as the session. */
  #mayHide = false

  constructor(facts: ScriptFacts) {
    this.#facts = facts
    // As the drivers open their connections.
    this.#session = new SessionState(facts.dialect.driver !== 'sqlite3', facts.guarded ? true : undefined)
  }

  get runWith(): string {
    return runWith(this.#facts)
  }

  get notes(): readonly string[] {
    return notes(this.#facts)
  }

  opening(end: ScriptEnd): string {
    const facts = this.#facts
    const { guarded, startRows, dialect, tables } = facts
    if (!guarded) {
      const version = startRows.length === 0 ? createIfMissing(versionTableDdl(dialect, tables.version)) : ''
      return `${setup(facts)}\n${this.#scratch()}BEGIN IMMEDIATE;\n${version}${beginRun(facts)}COMMIT;\n`
    }
    // First, because its proofs are columns of what stands before it.
    const proven = guard(facts, end, this.#proofs, this.#mindsOrphans ? REMEMBER_ORPHANS : '')
    return `${setup(facts)}PRAGMA foreign_keys = ON;\n\n${KEPT}${this.#scratch()}${proven}`
  }

  ensureVersion(): string {
    const facts = this.#facts
    const { dialect, tables, guarded } = facts
    const create = createIfMissing(versionTableDdl(dialect, tables.version))
    if (!guarded) return `${setup(facts)}\n${create}`
    const proven = guardProject(facts, this.#proofs, create)
    if (proven === '') return `${setup(facts)}\n${create}${askWhere(tables.version)}`
    return [
      `${setup(facts)}PRAGMA foreign_keys = ON;\n\n${KEPT}`,
      ATTACH_OWN,
      STAND_INS,
      metaWhereMissing(facts),
      this.#proofs.tables(),
      proven,
      `${askWhereIfProven(tables.version, false)}${DETACH_OWN}`,
    ].join('')
  }

  beforeStep(step: ScriptStep): string {
    this.#steps += 1
    this.#again = 0
    this.#step = step
    this.#proven = []
    this.#savepoints.restart()
    this.#isDoubtful = false
    this.#changes.restart()
    const session = this.#session
    const wait = step.limits?.tableLockTimeoutMs === undefined ? '' : `${waitLine(this.#facts, step.limits)}\n`
    const legacy = `${wait}${this.#touchedLegacyRename ? 'PRAGMA legacy_alter_table = OFF;\n' : ''}`
    this.#touchedLegacyRename = false
    // A revision may rebuild tables; a seed changes rows alone, and what hangs on them follows, as in a run.
    const keepsForeignKeys = step.direction === 'seed' && session.foreignKeysBetween
    if (step.transaction) return `${legacy}${session.setForeignKeys(keepsForeignKeys)}`
    const start = this.#facts.guarded ? this.#proveAgain(ALONE, startStep(0, true)) : startStep(0, false)
    return `${legacy}${start}${session.setForeignKeys(session.foreignKeysBetween)}`
  }

  begin(statement = 'BEGIN IMMEDIATE'): string {
    this.#session.isOpen = true
    this.#levels = [this.#proven.length]
    return `${statement};\n`
  }

  afterBegin(step: ScriptStep): string {
    return step.transaction ? startStep(1, this.#facts.guarded) : OPEN_STEP
  }

  commit(): string {
    this.#session.isOpen = false
    return 'COMMIT;\n'
  }

  rollback(): string {
    this.#session.isOpen = false
    this.#takeBack(this.#levels[0] ?? 0)
    return `ROLLBACK;\n${this.#afterRollback()}`
  }

  control(sql: string): string {
    this.#savepoints.hear(sql, this.#proven.length)
    if (/^savepoint/i.test(sql)) this.#levels.push(this.#proven.length)
    else {
      const proven = this.#levels.pop() ?? 0
      if (/^rollback/i.test(sql)) this.#takeBack(proven)
    }
    return `${sql};\n`
  }

  statement({ sql }: ScriptStatement): string {
    this.#changes.hear(sql)
    const before = this.#savepoints.hear(sql, this.#proven.length)
    if (before !== undefined) this.#takeBack(before)
    this.#session.hear(sql)
    const rebuild = rebuildStatement(sql)
    if (rebuild?.does === 'copy') this.#session.copies.set(rebuild.table, rebuild.temporary)
    this.#isDoubtful ||= mayOrphan(sql)
    this.#mayHide ||= /\btemp(?:orary)?\b/i.test(sql)
    const [, legacy] = /\blegacy_alter_table\s*[=(]\s*(\w+)/i.exec(sql) ?? []
    if (legacy !== undefined) this.#touchedLegacyRename = !/^(?:off|0|no|false)$/i.test(legacy)
    // A comment at the end of a line would hide the semicolon.
    const kept = keepCarriageReturns(sql, this.#facts.client)
    const text = endsInLineComment(sql) ? `${kept}\n;\n` : `${kept};\n`
    if (this.#step?.transaction !== false || !/^\s*rollback\b(?![\s\S]*\bto\b)/i.test(sql)) return text
    this.#takeBack(0)
    return `${text}${this.#afterRollback()}`
  }

  commitsByItself(): boolean {
    return false
  }

  check(check: SchemaCheck): string {
    return this.#prove('answer', otherwise(check), answerIs(check))
  }

  refuseIf(condition: string, message: string): string {
    return this.#prove('refused', message, `NOT (${condition})`)
  }

  restoreSession(): string {
    return ''
  }

  record(step: ScriptStep, end: StepEnd): string {
    const facts = this.#facts
    const { guarded, tables } = facts
    const rows = guarded
      ? `${this.#proveStep(step, end)}${this.#proveSeen()}${changeRows(tables.version, step.changes, this.#proofs)}`
      : changeRowsPlainly(tables.version, step.changes)
    const events = doneEvents(facts, step, end).map((event) => {
      this.#events += 1
      return insertEvent(tables.event, event, this.#events, event.revision !== undefined)
    })
    return `${rows}${events.join('')}DELETE FROM rev_script.rev_begun;\n`
  }

  afterStep({ limits }: ScriptStep): string {
    return limits?.tableLockTimeoutMs === undefined ? '' : `${waitLine(this.#facts)}\n`
  }

  closing(): string {
    const { guarded, tables } = this.#facts
    return guarded ? `${askWhereIfProven(tables.version, true)}${UNLOCK}${DETACH_OWN}` : DETACH_OWN
  }

  stop(message: string): string {
    const isOpen = this.#session.isOpen
    this.#session.isOpen = false
    return `${isOpen ? 'ROLLBACK;\n' : ''}${this.#facts.guarded ? UNLOCK : ''}${stopHere(message)}`
  }

  careFor(step: ScriptStep, session: StepSession): Promise<StepCare> {
    return careForRebuilds({
      step,
      session,
      state: this.#session,
      mark: () => this.#proofs.numbered('mark'),
      prove: (kind, message, condition) => this.#prove(kind, message, condition),
      proveOrRollBack: (kind, message, condition) => {
        if (!this.#facts.guarded) return ''
        return proveOrRollBackBetween(this.#proofs.column(this.#proofs.numbered(kind), message), condition)
      },
    })
  }

  /** What was done is undone, and so are the proofs but the first ones. */
  #takeBack(proven: number): void {
    this.#changes.doubt()
    this.#proven.length = Math.min(this.#proven.length, proven)
  }

  /** Fails, so that nothing more is kept, where something above has failed. */
  #proveAgain(comment: string, more: string): string {
    const { tables } = this.#facts
    this.#again += 1
    const what = `step ${this.#steps}.${this.#again}`
    const column = this.#proofs.column('is_at_step', 'something above has failed, or the version rows have changed')
    const passed = "EXISTS (SELECT 1 FROM rev_script.rev_proof WHERE what = 'guard')"
    const before = rowsText(this.#step?.before ?? [])
    return [
      comment,
      this.#session.setForeignKeys(true),
      'BEGIN;\n',
      need(what),
      prove(what, column, `${passed}\n  AND ${rowsSql(tables.version)} IS ${before}`),
      more,
      'COMMIT;\n',
    ].join('')
  }

  /** A transaction that was rolled back may have been the one that could not be committed. */
  #afterRollback(): string {
    if (!this.#facts.guarded || this.#step?.transaction !== false) return ''
    const were = this.#session.foreignKeys ?? false
    return `${this.#proveAgain('', '')}${this.#session.setForeignKeys(were)}`
  }

  /** A check that the rows of the step wait for. */
  #prove(kind: string, message: string, condition: string): string {
    if (!this.#facts.guarded) return ''
    const what = this.#proofs.numbered(kind)
    this.#proven.push(what)
    return proveBetween(what, message, condition)
  }

  #proveStep({ transaction }: ScriptStep, { last }: StepEnd): string {
    const conditions: string[] = []
    const { least } = this.#changes
    if (least > 0) {
      const began = '(SELECT schema_version FROM rev_script.rev_begun)'
      conditions.push(`(SELECT ifnull(schema_version >= ${began} + ${least}, 0) FROM pragma_schema_version)`)
    }
    if (this.#proven.length > 0) {
      conditions.push(`${countProven(this.#proven)} = ${this.#proven.length}`)
    }
    const failed = 'something in this step has failed'
    const whole =
      conditions.length === 0
        ? ''
        : proveOrRollBack(this.#proofs.column('is_whole', failed), conditions.join('\n  AND '))
    // As online: without a transaction foreign keys are on, or nobody asks.
    if (!transaction || !this.#isDoubtful || !this.#session.foreignKeysBetween) return whole
    this.#mindsOrphans = true
    return `${whole}${proveNoOrphans(this.#proofs)}${last === undefined ? REMEMBER_ORPHANS_ANEW : ''}`
  }

  /** A temporary table of the same name would be taken for one of rev's, and get its rows. */
  #proveSeen(): string {
    if (!this.#mayHide) return ''
    const { version, event } = this.#facts.tables
    const column = this.#proofs.column('is_seen', `a temporary table hides ${version.text} or ${event.text}`)
    return proveOrRollBack(column, isSeen([version, event]))
  }

  #standIns(): string {
    const facts = this.#facts
    return `${STAND_INS}${journalWhereMissing(facts.tables.step)}${metaWhereMissing(facts)}`
  }

  /** What the script keeps for itself, in memory. */
  #scratch(): string {
    return [
      ATTACH_OWN,
      NUMBER_RUN,
      'CREATE TABLE rev_script.rev_begun (started_at TEXT, schema_version INTEGER, is_open INTEGER);\n',
      this.#mindsOrphans ? 'CREATE TABLE rev_script.rev_orphan (child TEXT, parent TEXT, n INTEGER);\n' : '',
      this.#facts.guarded ? `${this.#standIns()}${this.#proofs.tables()}` : '',
    ].join('')
  }
}

/** Nothing begins where the guard was not passed, even where what it kept open is gone. */
function startStep(isOpen: 0 | 1, guarded: boolean): string {
  const passed = guarded ? ", rev_script.rev_proof WHERE what = 'guard'" : ''
  return [
    `INSERT INTO rev_script.rev_begun SELECT ${NOW}, schema_version, ${isOpen}\n`,
    `  FROM pragma_schema_version${passed};\n`,
  ].join('')
}

const OPEN_STEP = 'UPDATE rev_script.rev_begun SET is_open = 1;\n'

const ATTACH_OWN = "ATTACH ':memory:' AS rev_script;\n"

const DETACH_OWN = 'DETACH rev_script;\n'

const KEPT = '-- What the script keeps for itself, in memory.\n'

const STAND_INS = '-- Empty, for a database that has no table of this name: the guard asks it then.\n'

const ALONE = '-- What follows is not rolled back, so it needs everything above to have worked.\n'
