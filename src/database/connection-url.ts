/** The parts of the URL of a database, as they are written. */
export interface ConnectionUrl {
  readonly scheme: string
  /** User and password, without the `@` behind them; empty where there are none. */
  readonly credentials: string
  /** What stands between the credentials and the path: host and port. */
  readonly authority: string
  /** From the `/` on; empty where there is none. */
  readonly path: string
  /** From the `?` on; empty where there is none. */
  readonly query: string
  /**
   * False when drivers would cut it in the middle of what may well be a password, and show the rest of it as a host, a
   * database or a parameter. The credentials then reach to the last `@`.
   */
  readonly isClear: boolean
}

// A URL ends its authority at the first of these, in a password, too.
const URL_SHAPE = /^\s*([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^?#]*)([\s\S]*)$/i
const FILE_SCHEMES = /^(?:file|sqlite3?|better-sqlite3)$/i
// Parameters whose values are names or texts: an @ is theirs. The rest of a password would hardly begin so.
const TEXT_PARAMETERS =
  /^(?:user(?:_?name)?|pass(?:word|wd)|token|secret|db|dbname|database|host(?:addr)?|server|service|options|(?:fallback_)?application_?name|app_?name|connectAttributes|socketPath|ssl\w*)=/i

/** Cuts a URL as drivers do, or, where that is not clear, behind the last `@`; undefined for what is no URL. */
export function readUrl(text: string): ConnectionUrl | undefined {
  const [, scheme, authority = '', path = '', query = ''] = URL_SHAPE.exec(text) ?? []
  if (scheme === undefined) return undefined
  if (isFileScheme(scheme)) return { scheme, credentials: '', authority, path, query, isClear: true }
  if (isClear(authority, path, query)) return { scheme, ...splitAuthority(authority), path, query, isClear: true }
  const { credentials, authority: rest } = splitAuthority(`${authority}${path}${query}`)
  const [, place = '', folder = '', parameters = ''] = /^([^/?]*)([^?]*)([\s\S]*)$/.exec(rest) ?? []
  return { scheme, credentials, authority: place, path: folder, query: parameters, isClear: false }
}

/** Whether it is the URL of a file, in which an `@` means nothing. */
export function isFileScheme(scheme: string): boolean {
  return FILE_SCHEMES.test(scheme)
}

// The last one ends the credentials, for every driver: an @ in a password does no harm as long as there is no / or ? with it.
function splitAuthority(text: string): { credentials: string; authority: string } {
  const at = text.lastIndexOf('@')
  return { credentials: text.slice(0, Math.max(at, 0)), authority: text.slice(at + 1) }
}

function isClear(authority: string, path: string, query: string): boolean {
  // No database has a fragment in its URL: what follows a bare # is the rest of a password, and would be lost.
  if (query.includes('#')) return false
  // Without a colon before the @ there is no password.
  if (path.includes('@')) return authority === '' && !path.slice(0, path.lastIndexOf('@')).includes(':')
  const before = query.slice(0, Math.max(query.lastIndexOf('@'), 0))
  if (before === '' || !`${authority}${path}${before}`.includes(':')) return true
  return query
    .slice(1)
    .split('&')
    .every((parameter) => !parameter.includes('@') || TEXT_PARAMETERS.test(parameter))
}
