/** What else there is on the server of a scratch database; names in lower case. */
export interface Surroundings {
  /** The scratch database. */
  readonly own: string
  readonly databases: ReadonlySet<string>
  /** Roles and tablespaces of PostgreSQL, which all its databases share. */
  readonly shared: ReadonlySet<string>
  /** Routines of PostgreSQL that were made there and run a text: whatever a call of one says may be run. Grows. */
  readonly textRunners: Set<string>
}
