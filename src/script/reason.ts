/** Why something failed, in one line without the stop at its end, and without the password of a URL. */
export function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.split('\n')[0]?.trim().replace(/\.$/, '')
  return hideUrlPasswords(line || 'it threw an empty error')
}

/** The text with the user and password of each URL in it taken out. */
export function hideUrlPasswords(text: string): string {
  // Up to the last @, because a password may hold a / or an @ that nobody escaped.
  return text.replace(/\b(?!file:)([a-z][a-z0-9+.-]*:\/\/)[^\s"']*@/gi, '$1***@')
}

/** The code of a system error, such as ENOENT; undefined for any other. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}
