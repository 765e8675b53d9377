/** A read that asks for the schema alone, so that a database without rows can answer it. */
export interface SchemaRead {
  /** The statement with its values in place. */
  readonly sql: string
  /**
   * What of the answer the revision gets to see: whether there is a row at all (`hasTable`, `hasColumn`), what
   * `columnInfo` makes of it, or the rows as they are.
   */
  readonly sees: 'existence' | 'columns' | 'rows'
}

/** What a script asks the database, because a revision has been answered by another one while the script was written. */
export interface SchemaCheck {
  readonly revision: string
  /** What was asked, in a few words for an error of the script: `hasTable "users"`, or the beginning of the query. One line. */
  readonly subject: string
  /** An SQL expression that gives one text, or NULL: the answer, in a form that does not depend on which database gives it. */
  readonly expression: string
  /** What it must give. */
  readonly expected: string | null
}
