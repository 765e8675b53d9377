import { type Edges, entryAt, type Links } from './links.ts'

/*
 * Effective down revisions: what really stands below a revision, once dependencies that its own line has already
 * declared further down are left out.
 *
 *   x
 *   a ── b (dep x) ── c (dep x)     c needs x, but b saw to that: effective down of c is b alone
 */

/** For each revision its down revisions, then its dependencies that no line ancestor declares, without repeats. */
export function effectiveDown(links: Links, order: readonly number[]): Edges {
  const declaring = new Map<number, number[]>()
  links.dependsOn.forEach((targets, number) => {
    for (const target of targets) {
      const others = declaring.get(target)
      if (others === undefined) declaring.set(target, [number])
      else others.push(number)
    }
  })
  if (declaring.size === 0) return links.down
  const place = new Map(order.map((number, index) => [number, index]))
  const repeated = links.revisions.map((): Set<number> | undefined => undefined)
  for (const [target, numbers] of declaring) {
    if (numbers.length < 2) continue
    for (const number of declaredBelow(links, numbers, place))
      repeated[number] = (repeated[number] ?? new Set()).add(target)
  }
  return links.below.map((targets, number) => {
    const known = repeated[number]
    if (known === undefined) return targets
    const down = links.down[number] ?? []
    return targets.filter((target) => down.includes(target) || !known.has(target))
  })
}

/** Those of the revisions that are line descendants of another one of them. */
function declaredBelow(links: Links, numbers: readonly number[], place: ReadonlyMap<number, number>): number[] {
  // Nothing that comes after the last of them can lead to one of them.
  const last = numbers.reduce((latest, number) => Math.max(latest, place.get(number) ?? 0), 0)
  const above = new Set<number>()
  const open = [...numbers]
  for (let next = 0; next < open.length; next += 1) {
    for (const child of links.children[entryAt(open, next)] ?? []) {
      if (above.has(child) || (place.get(child) ?? 0) > last) continue
      above.add(child)
      open.push(child)
    }
  }
  return numbers.filter((number) => above.has(number))
}
