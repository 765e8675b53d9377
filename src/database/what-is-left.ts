import type { StepOutcome } from '../errors/step-outcome.ts'
import type { StepFailureFacts } from './handle/step-failure.ts'
import type { StepKey } from './journal/journal-table.ts'
import { type LeftBehind, readLeftBehind } from './journal/left-behind.ts'
import { needsJournal } from './journal/open-journal.ts'
import type { StepJournal } from './journal/step-journal.ts'
import { lookAgain } from './look-again.ts'
import { sameRows } from './plan-run.ts'
import type { StepOfRun } from './step-of-run.ts'

/** What of a step that failed is in the database. */
export type WhatIsLeft = Pick<
  StepOutcome,
  'rolledBack' | 'committedStatements' | 'kept' | 'unknown' | 'byScript' | 'uncertain' | 'inDatabase' | 'invalidIndex'
>

/**
 * Finds out what of a failed step is in the database: the journal knows, where there is one; when the connection was lost
 * in the middle of a commit, the server is asked on another one.
 */
export async function findLeft(
  run: StepOfRun,
  facts: StepFailureFacts | undefined,
  attempt: { readonly committed: number; readonly journal: StepJournal | undefined; readonly isLost: boolean },
): Promise<WhatIsLeft> {
  const { committed, journal, isLost } = attempt
  const { database, step } = run
  const counted = countedLeft(step.transaction, committed, facts)
  const key = journal?.key ?? keyOfUnopened(run)
  if (key === undefined) return counted.uncertain ? ((await askElsewhere(run)) ?? counted) : counted
  const left = await readLeftBehind(database, key)
  if (left !== undefined) return fromJournal(left)
  return (isLost ? await askElsewhere(run) : undefined) ?? { ...counted, uncertain: true }
}

// A journal that could not be opened may hold what an earlier run has left of the step.
function keyOfUnopened({ database, step, continuation }: StepOfRun): StepKey | undefined {
  if (continuation === undefined && !needsJournal(database, step)) return undefined
  return { revision: step.revision, direction: directionOf(step) }
}

const directionOf = ({ direction }: StepOfRun['step']): StepKey['direction'] =>
  direction === 'downgrade' ? 'downgrade' : 'upgrade'

function countedLeft(transaction: boolean, committed: number, facts: StepFailureFacts | undefined): WhatIsLeft {
  if (facts === undefined) return { rolledBack: transaction && committed === 0, committedStatements: committed }
  const { rolledBack, committedStatements, uncertain } = facts
  return { rolledBack, committedStatements, ...(uncertain ? { uncertain } : {}) }
}

function fromJournal({ kept, unknown, byScript, invalidIndex }: LeftBehind): WhatIsLeft {
  return {
    rolledBack: kept.length === 0 && unknown.length === 0 && !byScript && !invalidIndex,
    committedStatements: kept.length,
    kept,
    ...(unknown.length === 0 ? {} : { unknown }),
    ...(byScript ? { byScript } : {}),
    ...(invalidIndex ? { invalidIndex } : {}),
  }
}

async function askElsewhere({ database, step, before }: StepOfRun): Promise<WhatIsLeft | undefined> {
  const look = await lookAgain(database, { revision: step.revision, direction: directionOf(step) })
  if (look === undefined) return undefined
  if (sameRows(look.rows, before)) return fromJournal(look.left)
  // Whoever has put the rows there: the step is done.
  if (sameRows(look.rows, step.rows)) return { rolledBack: false, committedStatements: 0, inDatabase: true }
  return undefined
}
