/** Which way a step goes. A stamp changes version rows and runs nothing. */
export type Direction = 'upgrade' | 'downgrade' | 'stamp'

/** One move of one revision. */
export interface Step {
  readonly direction: Direction
  /** The id of the revision; for a stamp that removes the last rows it is `base`. */
  readonly revision: string
  /** The version rows after this step: the maximal applied revisions, in load order. */
  readonly rows: readonly string[]
}

/** What would be done, in order, and the version rows at the end. Empty when there is nothing to do. */
export interface Plan {
  readonly steps: readonly Step[]
  readonly rows: readonly string[]
}
