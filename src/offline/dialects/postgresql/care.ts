import { RevError } from '../../../errors/index.ts'
import type { StepCare, StepSession } from '../script-dialect.ts'
import { bareSql } from './bare-sql.ts'

// Nearly no statement holds these words, and only those that do are looked into.
const MAY_RESET = /reset|discard/i
const RESETS_ALL = /(?:^|;)\s*(?:reset|discard)\s+all\b/i

/** Refuses what takes the settings of the session away in which the script keeps what it knows, and the lock with them. */
export function careForSession({ gate, revision, file }: StepSession, keepsSettings: boolean): StepCare {
  return {
    surround(sql) {
      if (!keepsSettings || !MAY_RESET.test(sql) || !RESETS_ALL.test(bareSql(sql))) return undefined
      const reason = 'it resets what the script keeps in the session; reset single settings instead'
      throw gate.violate(new RevError('REV_OFFLINE_STATEMENT', { revision, file, line: undefined, query: sql, reason }))
    },
    answer: () => undefined,
    check: async () => {},
  }
}
