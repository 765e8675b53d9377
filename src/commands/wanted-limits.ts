import type { WantedLimits } from '../database/limits/time-limit.ts'
import { toMilliseconds } from '../script/duration.ts'
import type { LimitOptions } from './run-plan.ts'

/** The limits that were asked for, in milliseconds. Throws REV_CONFIG_INVALID_DURATION. */
export function wantedLimits({ tableLockTimeout, statementTimeout }: LimitOptions): WantedLimits {
  return {
    ...(tableLockTimeout === undefined ? {} : { tableLockTimeoutMs: toMilliseconds(tableLockTimeout) }),
    ...(statementTimeout === undefined ? {} : { statementTimeoutMs: toMilliseconds(statementTimeout) }),
  }
}
