/**
 * The driver's words without the values that were bound: databases quote them ("Duplicate entry 'x'", "invalid input
 * syntax ... \"x\""), and errors end up in logs.
 */
export function withoutValues(message: string, bindings: readonly unknown[] | undefined): string {
  let text = message.replace(/Duplicate entry '[\s\S]*' for key/, "Duplicate entry '?' for key")
  for (const value of bindings ?? []) {
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') continue
    const shown = String(value)
    if (shown === '') continue
    for (const quote of ["'", '"']) text = text.replaceAll(`${quote}${shown}${quote}`, `${quote}?${quote}`)
  }
  return text
}

/**
 * Where in `sql` the database points, counted from 1: PostgreSQL says so, MySQL and SQLite quote the text that they
 * stopped at. Undefined when that text is not to be found, or not only once.
 */
export function errorPosition(error: unknown, message: string, sql: string): number | undefined {
  const { position } = error as { position?: unknown }
  if (typeof position === 'string' && /^\d+$/.test(position)) return Number(position)
  const near =
    /\bnear '([\s\S]+)' at line \d+/.exec(message)?.[1] ?? /\bnear "([^"]+)": syntax error/.exec(message)?.[1]
  if (near === undefined) return undefined
  const found = sql.indexOf(near)
  if (found < 0 || sql.indexOf(near, found + 1) >= 0) return undefined
  return [...sql.slice(0, found)].length + 1
}
