// What words of SQL mean to whoever reads a query on the catalogue; all in lower case.

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

export const SET_OPERATIONS = words('union intersect except minus')
export const AFTER_FROM = words(
  'where group having window order limit offset fetch for union intersect except minus qualify',
)
export const AFTER_COLUMNS: ReadonlySet<string> = new Set([...AFTER_FROM, 'from'])
export const FILTERS = words('where group having window')
export const TAIL = words('order limit offset fetch')
export const FETCH_WORDS = words('first next row rows only with ties')
export const INNER_KEYWORDS = words('from for')
export const JOINS = words('join inner left right full cross natural outer straight_join')
// Words that a parenthesis may follow without being called: nothing can have them as its name without quotes.
export const NOT_CALLED =
  words(`all and as between case distinct else except exists from group having ilike in intersect is like
  limit not on or row select then union using values when where`)
// These have that meaning only after others.
export const NOT_CALLED_AFTER: ReadonlyMap<string, RegExp> = new Map([
  ['any', /^[=<>~]$/],
  ['some', /^[=<>~]$/],
  ['by', /^(?:group|order|partition)$/],
  ['filter', /^\)$/],
  ['over', /^\)$/],
])
// These write, lock, run something, or read a table without a FROM.
export const FORBIDDEN =
  words(`into insert update delete merge returning table tablesample operator outfile dumpfile lock do execute
  procedure current_date current_time current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp
  current_user session_user system_user current_role user date time timestamp timestamptz timetz datetime interval for
  xmlparse`)
// What may stand before a string of PostgreSQL without being the type of it.
export const BEFORE_STRING =
  words(`all and as between by case distinct e else escape from ilike in is like limit n not offset on or
  select similar then to when x`)
export const CALLS_WITH_FROM = words('trim substring substr overlay position')
