import { type Edges, entryAt } from './links.ts'

/*
 * Cycles, drawn without the innocent revisions above and below them:
 *
 *   a ── b ── c ── d      a needs c, so the cycle is a -> b -> c -> a; d only stands on it.
 *   ^─────────┘
 */

/** Every revision once, what is below first; shorter than `below` when there is a cycle. */
export function topologicalOrder(below: Edges, above: Edges): number[] {
  const waiting = below.map((targets) => targets.length)
  const order: number[] = []
  waiting.forEach((count, number) => {
    if (count === 0) order.push(number)
  })
  for (let next = 0; next < order.length; next += 1) {
    for (const number of above[entryAt(order, next)] ?? []) {
      const left = (waiting[number] ?? 0) - 1
      waiting[number] = left
      if (left === 0) order.push(number)
    }
  }
  return order
}

/** One cycle for each knot of cycles, in the direction of `edges`, each beginning with its first loaded revision. */
export function findCycles(edges: Edges): number[][] {
  return knots(edges).map((knot) => shortestCycle(edges, knot))
}

/** Sets of revisions that can all reach each other (strongly connected components by Tarjan, as a loop). */
function knots(edges: Edges): ReadonlySet<number>[] {
  const found: ReadonlySet<number>[] = []
  const index: number[] = edges.map(() => -1)
  const low: number[] = edges.map(() => 0)
  const pending: number[] = []
  const isPending = new Uint8Array(edges.length)
  let counter = 0
  for (let root = 0; root < edges.length; root += 1) {
    if (index[root] !== -1) continue
    const walk: { number: number; next: number }[] = [{ number: root, next: 0 }]
    for (let place = walk.at(-1); place !== undefined; place = walk.at(-1)) {
      const { number } = place
      if (place.next === 0) {
        index[number] = counter
        low[number] = counter
        counter += 1
        pending.push(number)
        isPending[number] = 1
      }
      const target = edges[number]?.[place.next]
      place.next += 1
      if (target !== undefined) {
        if (index[target] === -1) walk.push({ number: target, next: 0 })
        else if (isPending[target] === 1) low[number] = Math.min(low[number] ?? 0, index[target] ?? 0)
        continue
      }
      walk.pop()
      const caller = walk.at(-1)
      if (caller !== undefined) low[caller.number] = Math.min(low[caller.number] ?? 0, low[number] ?? 0)
      if (low[number] !== index[number]) continue
      const knot = new Set(pending.splice(pending.lastIndexOf(number)))
      for (const member of knot) isPending[member] = 0
      if (knot.size > 1 || edges[number]?.includes(number)) found.push(knot)
    }
  }
  return found
}

function shortestCycle(edges: Edges, knot: ReadonlySet<number>): number[] {
  const first = [...knot].reduce((least, number) => Math.min(least, number))
  const cameFrom = new Map<number, number>()
  const queue = [first]
  for (let next = 0; next < queue.length; next += 1) {
    const number = entryAt(queue, next)
    for (const target of edges[number] ?? []) {
      if (target === first) return pathTo(number, cameFrom)
      if (!knot.has(target) || cameFrom.has(target)) continue
      cameFrom.set(target, number)
      queue.push(target)
    }
  }
  return [first]
}

function pathTo(end: number, cameFrom: ReadonlyMap<number, number>): number[] {
  const path = [end]
  for (let number = cameFrom.get(end); number !== undefined; number = cameFrom.get(number)) path.push(number)
  return path.reverse()
}
