import { isRevError, RevError, type RevErrorCode } from '../errors/index.ts'
import type { StepOutcome } from '../errors/step-outcome.ts'

const TELL_OUTCOME: ReadonlySet<RevErrorCode> = new Set<RevErrorCode>([
  'REV_STEP_FORGOTTEN',
  'REV_STEP_CONCURRENT_TRANSACTION',
  'REV_STEP_TRANSACTION_ENDED',
  'REV_STEP_TRANSACTION_ABORTED',
  'REV_STEP_ROLLBACK_LOST',
  'REV_STEP_TRANSACTION_LEFT_OPEN',
  'REV_STEP_DESTROYED_HANDLE',
  'REV_STEP_UNBOUND_PLACEHOLDER',
  'REV_STEP_FOREIGN_KEYS',
  'REV_STEP_SQLITE_REBUILD',
  'REV_STEP_SILENT_CHANGE',
  'REV_JOURNAL_UNCLEAR',
  'REV_BATCH_KEY',
  'REV_BATCH_PLACE',
  'REV_BATCH_OVERTAKEN',
  'REV_SEED_ROWS',
  'REV_INTERRUPTED',
  'REV_TERMINATED',
  'REV_DATABASE_QUERY_FAILED',
  'REV_DATABASE_ROW_MISMATCH',
  'REV_DATABASE_LOCK_LOST',
])

/** The same error with how the run stands now; errors that cannot carry that, and those that do, come back as they are. */
export function tellOutcome(error: Error, outcome: StepOutcome): Error {
  if (!isRevError(error) || !TELL_OUTCOME.has(error.code) || 'outcome' in error.details) return error
  const { code, details, cause } = error as RevError<'REV_INTERRUPTED'>
  const told = new RevError(code, { ...details, outcome }, { cause })
  // It happened where it happened, not here.
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  told.stack = [`${told.name}: ${told.message}`, ...frames].join('\n')
  return told
}
