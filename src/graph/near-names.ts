import { distance } from 'fastest-levenshtein'

const MOST = 3

/**
 * Up to three names that may have been meant by a name that nothing answers to, the nearest first; empty when none is
 * near. Capital letters do not count, and a shared beginning counts as near.
 */
export function nearNames(typed: string, names: Iterable<string>): string[] {
  const text = typed.toLowerCase()
  const allowed = Math.max(1, Math.floor(text.length / 4))
  const near: { name: string; far: number }[] = []
  for (const name of names) {
    const other = name.toLowerCase()
    if (text.length >= 3 && other.startsWith(text)) near.push({ name, far: 0 })
    else if (Math.abs(other.length - text.length) <= allowed) {
      const far = isSwap(text, other) ? 1 : distance(text, other)
      if (far <= allowed && far < text.length) near.push({ name, far })
    }
  }
  return near
    .sort((one, other) => one.far - other.far)
    .slice(0, MOST)
    .map(({ name }) => name)
}

/** Whether two neighbouring letters changed places and nothing else did: one slip, although two letters differ. */
function isSwap(text: string, other: string): boolean {
  if (text.length !== other.length || text === other) return false
  let at = 0
  while (text[at] === other[at]) at++
  return text[at] === other[at + 1] && text[at + 1] === other[at] && text.slice(at + 2) === other.slice(at + 2)
}
