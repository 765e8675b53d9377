/**
 * What has become of a statement that was under way when its run was cut off. `leftovers`: SQL that takes away what an
 * unfinished attempt has left, to be sent before it is tried again.
 */
export interface Settlement {
  readonly state: 'done' | 'not-done' | 'unknown'
  readonly leftovers: readonly string[]
}

/** How one database is looked at. */
export interface StatementLook {
  /** SQL that takes out of the way what an attempt of anybody has left unfinished, before the statement is sent. */
  leftovers?(): Promise<readonly string[]>
  /** What the statement changes, as it is now, as text; undefined where nothing could be learned from it. */
  before(): Promise<string | undefined>
  /** What has become of the statement, from how it was before and how it is now. */
  settle(before: string | undefined): Promise<Settlement>
}

export const UNKNOWN: Settlement = { state: 'unknown', leftovers: [] }
export const NOT_DONE: Settlement = { state: 'not-done', leftovers: [] }
export const DONE: Settlement = { state: 'done', leftovers: [] }
