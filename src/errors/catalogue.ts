import { batchErrors } from './batch.ts'
import { checkErrors } from './check.ts'
import { commandErrors } from './command.ts'
import { configErrors } from './config.ts'
import { databaseErrors } from './database.ts'
import { databasesErrors } from './databases.ts'
import type { ErrorEntry } from './define.ts'
import { fileErrors } from './file.ts'
import { graphErrors } from './graph.ts'
import { journalErrors } from './journal.ts'
import { lifeErrors } from './life.ts'
import { offlineErrors } from './offline.ts'
import { processErrors } from './process.ts'
import { repairErrors } from './repair.ts'
import { seedErrors } from './seed.ts'
import { stepErrors } from './step.ts'
import { usageErrors } from './usage.ts'

/**
 * Every error that rev can raise, by its stable code. A code is public: it is added in a minor release and removed only
 * in a major one.
 */
export const catalogue = {
  ...usageErrors,
  ...commandErrors,
  ...configErrors,
  ...fileErrors,
  ...graphErrors,
  ...databaseErrors,
  ...databasesErrors,
  ...stepErrors,
  ...journalErrors,
  ...batchErrors,
  ...repairErrors,
  ...seedErrors,
  ...lifeErrors,
  ...offlineErrors,
  ...checkErrors,
  ...processErrors,
}

/** The code of an error; stable. */
export type RevErrorCode = keyof typeof catalogue

/** What the `details` of an error hold, by code. */
export type RevErrorDetails = {
  [C in RevErrorCode]: (typeof catalogue)[C] extends ErrorEntry<infer D> ? D : never
}
