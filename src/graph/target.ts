/** The two halves of `START:TARGET`, as written; `start` may hold several ids joined by commas. */
export interface Range {
  readonly start: string | undefined
  readonly target: string
}
export function parseRange(text: string): Range {
  const at = text.indexOf(':')
  return at === -1 ? { start: undefined, target: text } : { start: text.slice(0, at), target: text.slice(at + 1) }
}
