import { closest, distance } from 'fastest-levenshtein'

/** The name that was probably meant; undefined when none is near enough to be worth saying. */
export function nearName(typed: string, names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined
  const longer = names.find((name) => typed.length >= 3 && name.toLowerCase().startsWith(typed.toLowerCase()))
  if (longer !== undefined) return longer
  const lower = names.map((name) => name.toLowerCase())
  const nearest = closest(typed.toLowerCase(), lower)
  const name = names[lower.indexOf(nearest)]
  const allowed = Math.max(1, Math.floor(Math.max(typed.length, nearest.length) / 3))
  return distance(typed.toLowerCase(), nearest) <= allowed ? name : undefined
}
