import { RevError } from '../../errors/index.ts'
import type { NumberedStatement } from '../../errors/step-outcome.ts'
import type { Direction, Step } from '../../graph/plan-types.ts'
import type { Database } from '../open-database.ts'
import type { JournalEntry, StatementState, UnfinishedStep } from './journal-entry.ts'
import { changeEntry } from './journal-table.ts'
import { isByScript } from './mark-of-script.ts'
import type { Continuation } from './open-journal.ts'
import { settleSteps } from './settle.ts'

/** How a run stands to a step of which something is in the database already. */
export interface ContinueOptions {
  /**
   * `careful`: goes on where that is surely right, and stops where it is not. `trusted`: somebody has looked, and goes on.
   * `afresh`: forgets what was done, and begins from the beginning. Default `careful`.
   */
  readonly mode?: Continuation['mode']
  /** What somebody says of the statements that rev could not find out about. */
  readonly unknown?: 'done' | 'not-done' | undefined
}

/** What the run goes on with, by revision. */
export type Continuations = ReadonlyMap<string, Continuation>

/**
 * Settles what earlier runs have left, under the lock, and finds out what of it these steps go on with. Throws
 * REV_JOURNAL_UNSETTLED for statements that nobody knows of, REV_JOURNAL_UNFINISHED when the steps would leave a step half
 * way that they do not hold, REV_JOURNAL_BY_SCRIPT for one that a script has left, and REV_JOURNAL_UNDER_WAY.
 */
export async function continueSteps(
  database: Database,
  steps: readonly Step[],
  asked: Direction,
  { mode = 'careful', unknown }: ContinueOptions,
  timeoutMs: number,
): Promise<Continuations> {
  const continuations = new Map<string, Continuation>()
  for (const found of await settleSteps(database, { timeoutMs })) {
    const { revision, direction } = found
    const goesOn = steps.some((step) => step.revision === revision && step.direction === direction)
    if (!goesOn) throw isByScript(found) ? byScript(database, found) : unfinished(database, found, asked)
    if (mode === 'afresh') {
      continuations.set(revision, { unfinished: found, mode })
      continue
    }
    if (isByScript(found)) throw byScript(database, found)
    const settled = unknown === undefined ? found : await settleByWord(database, found, unknown)
    if (inState(settled, 'running').length > 0) throw unsettled(database, settled)
    if (inState(settled, 'done').length === 0) continue
    continuations.set(revision, { unfinished: settled, mode })
    tellContinuation(database, settled)
  }
  return continuations
}

async function settleByWord(
  database: Database,
  step: UnfinishedStep,
  word: 'done' | 'not-done',
): Promise<UnfinishedStep> {
  const state: StatementState = word === 'done' ? 'done' : 'failed'
  const entries: JournalEntry[] = []
  for (const entry of step.entries) {
    if (entry.state === 'running') await changeEntry(database, step, entry.number, { state })
    entries.push(entry.state === 'running' ? { ...entry, state } : entry)
  }
  return { ...step, entries }
}

function tellContinuation({ report }: Database, { revision, direction, entries }: UnfinishedStep): void {
  const done = entries.filter(({ state }) => state === 'done').length
  const count = done === 1 ? '1 statement of it is' : `${done} statements of it are`
  const message = `the ${direction} of "${revision}" goes on where it stopped: ${count} done already and will not be sent again`
  report({ type: 'notice', code: 'REV_NOTICE_GOES_ON', message })
}

function inState({ entries }: UnfinishedStep, wanted: StatementState): NumberedStatement[] {
  return entries.filter(({ state }) => state === wanted).map(({ number, statement }) => ({ number, statement }))
}

function unsettled({ description }: Database, step: UnfinishedStep): RevError {
  const { revision, direction } = step
  const done = inState(step, 'done')
  const unknown = inState(step, 'running')
  return new RevError('REV_JOURNAL_UNSETTLED', { revision, direction, database: description.text, done, unknown })
}

function byScript({ description }: Database, { revision, direction }: UnfinishedStep): RevError {
  return new RevError('REV_JOURNAL_BY_SCRIPT', { revision, direction, database: description.text })
}

function unfinished({ description }: Database, step: UnfinishedStep, asked: Direction): RevError {
  const { revision, direction } = step
  const done = inState(step, 'done')
  return new RevError('REV_JOURNAL_UNFINISHED', { revision, direction, database: description.text, done, asked })
}
