/** A value as it would stand in a message. */
export function show(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'string') return `"${value}"`
  if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`
  return typeof value === 'object' && value !== null ? 'an object' : String(value)
}
