/**
 * When a seed runs: `once` and never again, `onchange` when its file was changed since, `always` each time.
 */
export type SeedMode = 'once' | 'onchange' | 'always'

/** One seed, as its file describes it. */
export interface Seed {
  /** Its name; unique. */
  readonly seed: string
  readonly mode: SeedMode
  /** Names of seeds, and of revisions that must be applied. */
  readonly dependsOn: readonly string[]
  /** Where it may run; undefined for everywhere. */
  readonly environments: readonly string[] | undefined
  readonly tags: readonly string[]
  /** The sets that it belongs to; a seed with one does not run unless it, or the set, is named. */
  readonly scenarios: readonly string[]
  /** One line; may be empty. */
  readonly message: string
  /** Absolute; undefined for one that a program handed in without a path. */
  readonly file: string | undefined
}

/** What a database says of a seed. */
export interface SeedRecord {
  readonly seed: string
  /** `stamped`: recorded and not run; `scripted`: a script ran it; `unfinished`: parts of it are in the database for good, and it goes on behind them. */
  readonly state: 'done' | 'stamped' | 'scripted' | 'unfinished'
  readonly checksum: string | undefined
  /** ISO text, UTC. */
  readonly when: string
  readonly ms: number | undefined
  /** Rows that its statements inserted, changed or removed. */
  readonly rowsWritten: number | undefined
  /** Those of them whose keys were not kept. */
  readonly rowsUnkept: number | undefined
}
