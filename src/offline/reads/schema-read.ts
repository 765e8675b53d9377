/** A read that asks for the schema alone, so that a database without rows can answer it. */
export interface SchemaRead {
  /**
   * The statement with its values in place. On MySQL it asks for `DATABASE()` where Knex names the database of the
   * connection, so that a database of another name can answer it.
   */
  readonly sql: string
  /**
   * What of the answer the revision gets to see: whether there is a row at all (`hasTable`, `hasColumn`), which columns
   * are named in it (`hasColumn` where names are translated), what `columnInfo` makes of it, or the rows as they are.
   */
  readonly sees: 'existence' | 'names' | 'columns' | 'rows'
  /** With `existence`: only a row of the column with this name counts; in lower case, ASCII. */
  readonly column?: string
}

/** What a script asks the database, because a revision has been answered by another one while the script was written. */
export interface SchemaCheck {
  readonly revision: string
  /** What was asked, in a few words for an error of the script: `hasTable "users"`, or the beginning of the query. One line. */
  readonly subject: string
  /** What of the answer counts. */
  readonly sees: SchemaRead['sees']
  /** An SQL expression that gives one text, or NULL: the answer, in a form that does not depend on which database gives it. */
  readonly expression: string
  /** What it must give. */
  readonly expected: string | null
}
