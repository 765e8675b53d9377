// Knex puts comments and the values of enums between quotes as they are, or nearly so. What people have escaped already,
// because of that, is left alone: pairs of quotes, and on MySQL pairs of backslashes and `\'`.

/** Text for between single quotes, where a quote is doubled and a backslash is a plain character. Safe to use twice. */
export function betweenQuotes(text: string): string {
  return text.replace(/'+/g, (run) => (isPaired(run) ? run : run + run))
}

/** The same for MySQL, where a backslash escapes what follows it. Safe to use twice. */
export function betweenMysqlQuotes(text: string): string {
  // An odd number of backslashes before a quote is a quote that was escaped by hand.
  return text.replace(/(?:\\\\)*\\'|\\+|'+/g, (run) => (run.endsWith("\\'") || isPaired(run) ? run : run + run))
}

/** For comments of MySQL's columns, in which Knex takes a pair of quotes for two of them. */
export function betweenMysqlCommentQuotes(text: string): string {
  return text.replace(/(?:\\\\)*\\'|\\+|'+/g, (run) => {
    if (run.startsWith("'")) return run + run
    return run.endsWith("\\'") || isPaired(run) ? run : run + run
  })
}

function isPaired(run: string): boolean {
  return run.length % 2 === 0
}
