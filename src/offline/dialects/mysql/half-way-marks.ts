import { SENT_BY_SCRIPT } from '../../../database/step-table-ddl.ts'
import { comments } from '../../comment.ts'
import type { ScriptFacts, ScriptStep } from '../script-dialect.ts'
import { GOES_ON, goOnUnlessFailed } from './go-on.ts'
import { createStepTable } from './own-tables.ts'
import { sqlText } from './sql-text.ts'

const LOCKS = /^\s*(un)?lock\s+tables?\b|^\s*flush\b.*\bwith\s+read\s+lock\b/is
const CHANGES_ROWS = /^\s*(?:insert|update|delete|replace|load|call|with)\b/i
// Whether these commit is not to be seen: in a transaction the mark shares its fate.
const MAY_COMMIT = /^\s*(?:execute|call|begin\s+not\s+atomic|set\s+statement)\b/i

/**
 * Marks a step in the table of unfinished ones as soon as something of it is committed, until its version rows are written.
 * Without a guard nobody would look, and there are no marks. Each method gives whole lines, or the empty text.
 */
export class HalfWayMarks {
  readonly #facts: ScriptFacts
  #step: ScriptStep | undefined
  #isMarked = false
  #any = false
  /** Rev's own tables are out of reach: others are locked by name, or the revision has taken a role. */
  #isOutOfReach = false

  constructor(facts: ScriptFacts) {
    this.#facts = facts
  }

  /** A step begins. */
  restart(step: ScriptStep): void {
    this.#step = step
    this.#isMarked = false
    this.#isOutOfReach = false
  }

  /** Behind a statement; `isCommitted`: it has committed whatever was open. */
  after(sql: string, { isCommitted, inTransaction, takesRole }: StatementEffect): string {
    const locks = LOCKS.exec(sql)
    if (locks !== null) this.#isOutOfReach = locks[1] === undefined
    else if (takesRole) this.#isOutOfReach = true
    const isAlone = this.#step?.transaction === false && !inTransaction && CHANGES_ROWS.test(sql)
    return isAlone || isCommitted || MAY_COMMIT.test(sql) ? this.mark() : ''
  }

  /** Once for each step. A seed has no need of it: it is recorded when it is done. */
  mark(): string {
    const step = this.#step
    if (step === undefined || this.#isMarked || this.#isOutOfReach || !this.#facts.guarded) return ''
    if (step.direction !== 'upgrade' && step.direction !== 'downgrade') return ''
    this.#isMarked = true
    this.#any = true
    return insertMark(this.#facts, step)
  }

  /** Takes the mark of the step out, in the transaction of its version rows. */
  unmark(step: ScriptStep): string {
    return this.#isMarked ? deleteMark(this.#facts, step) : ''
  }

  /** Makes the table, where some step is marked. */
  table(): string {
    return this.#any ? createStepTable(this.#facts) : ''
  }

  /** Fails for a user who may not write marks, before anything is done; writes none. */
  tries(): string {
    return this.#any ? tryMarks(this.#facts) : ''
  }
}

interface StatementEffect {
  readonly isCommitted: boolean
  readonly inTransaction: boolean
  readonly takesRole: boolean
}

// Whether a CALL took place is what nobody can find out: so it is that somebody has to look.
const SENT = 'call a_script() -- statements of a script, some of them or all'

const NAMES = 'revision, direction, number, state, hash, statement, checksum, run_id, started_at'

/**
 * Notes that something of a step is committed, or is with what commits next. The guard lets through what a run has noted
 * of statements that failed, and the mark has their place.
 */
function insertMark({ tables: { step } }: ScriptFacts, { revision, direction, checksum }: ScriptStep): string {
  const checksumText = checksum === undefined ? 'NULL' : sqlText(checksum)
  const values = [
    sqlText(revision),
    sqlText(direction),
    '1',
    "'running'",
    sqlText(SENT_BY_SCRIPT),
    sqlText(SENT),
    checksumText,
  ]
  const why = comments('From here on something of it is in the database.')
  return `${why}\nREPLACE INTO ${step.sql}\n  (${NAMES})\nVALUES\n  (${values.join(', ')}, @rev_run, UTC_TIMESTAMP(3));\n${goOnUnlessFailed()}`
}

// A client that has connected again has lost the transaction of the step, and the mark has to tell of what is left.
function deleteMark({ tables: { step } }: ScriptFacts, { revision, direction }: ScriptStep): string {
  const which = `revision = ${sqlText(revision)} AND direction = ${sqlText(direction)}`
  return `DELETE FROM ${step.sql} WHERE ${which} AND ${GOES_ON};\n${goOnUnlessFailed()}`
}

function tryMarks({ tables: { step } }: ScriptFacts): string {
  const tries = [
    `INSERT INTO ${step.sql} (${NAMES}) SELECT ${NAMES} FROM ${step.sql} WHERE 1 = 0`,
    `DELETE FROM ${step.sql} WHERE revision = '' AND number = 0`,
  ]
  return tries.map((sql) => `${sql};\n${goOnUnlessFailed()}`).join('')
}
