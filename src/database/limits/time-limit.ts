import type { RevisionLimits } from '../../script/revision-module.ts'

/** Where a limit was said, the weakest first. */
export type LimitSource = 'default' | 'setting' | 'option' | 'revision'

/** One limit in force, and who wants it. 0 milliseconds: as long as it takes. */
export interface TimeLimit {
  readonly ms: number
  readonly source: LimitSource
}

/** What a run, or its settings, say of the two limits; undefined where they say nothing. */
export interface WantedLimits {
  readonly tableLockTimeoutMs?: number | undefined
  readonly statementTimeoutMs?: number | undefined
}

/** The limits of one step. */
export interface StepLimits {
  readonly tableLock: TimeLimit
  readonly statement: TimeLimit
  /** How often the whole function may be run again. */
  readonly retries: number
}

/** How long a statement waits for a lock that another session holds, where nobody says anything else. */
export const DEFAULT_TABLE_LOCK_MS = 5_000

/** The limits of a step: what the revision says stands above the option of the run, and that above the setting. */
export function limitsFor(
  setting: WantedLimits,
  option: WantedLimits,
  revision: RevisionLimits | undefined,
): StepLimits {
  return {
    tableLock:
      firstOf('tableLockTimeoutMs', setting, option, revision) ??
      ({ ms: DEFAULT_TABLE_LOCK_MS, source: 'default' } as const),
    statement: firstOf('statementTimeoutMs', setting, option, revision) ?? ({ ms: 0, source: 'default' } as const),
    retries: revision?.retries ?? 0,
  }
}

function firstOf(
  name: keyof WantedLimits,
  setting: WantedLimits,
  option: WantedLimits,
  revision: WantedLimits | undefined,
): TimeLimit | undefined {
  const said = revision?.[name]
  if (said !== undefined) return limit(said, 'revision')
  const asked = option[name]
  if (asked !== undefined) return limit(asked, 'option')
  const set = setting[name]
  return set === undefined ? undefined : limit(set, 'setting')
}

function limit(ms: number, source: LimitSource): TimeLimit {
  return { ms: Math.ceil(ms), source }
}
