import type { WantedLimits } from '../database/limits/time-limit.ts'
import { toMilliseconds } from '../script/duration.ts'

/** The time limits of what a run carries out. What a revision says of itself stands above them. */
export interface LimitOptions {
  /**
   * How long each statement of a revision waits for a lock that another session holds on a table or row: milliseconds, or
   * text such as `30s`; 0 is as long as it takes. Default: the setting, else 5 s.
   */
  readonly tableLockTimeout?: number | string
  /** How long each statement of a revision may take, written in the same way. Default: the setting, else without end. */
  readonly statementTimeout?: number | string
}

/** The limits that were asked for, in milliseconds. Throws REV_CONFIG_INVALID_DURATION. */
export function wantedLimits({ tableLockTimeout, statementTimeout }: LimitOptions): WantedLimits {
  return {
    ...(tableLockTimeout === undefined ? {} : { tableLockTimeoutMs: toMilliseconds(tableLockTimeout) }),
    ...(statementTimeout === undefined ? {} : { statementTimeoutMs: toMilliseconds(statementTimeout) }),
  }
}
