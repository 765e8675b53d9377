import { Foremost } from './foremost.ts'
import { Front } from './front.ts'
import { reachWithin } from './lineage.ts'
import { byLoadOrder, type Edges } from './links.ts'

/*
 * One order for everything: newest first. Downgrades and history use it as it is, upgrades turn it round.
 *
 *   a ──┬── b ── c        front: c, e     walk down from c: c b, then a waits for e, which is above it,
 *       └── d ── e                        so: c b e d a
 *
 * The walk goes down along the first down revision; further ones join the end of the front. A revision waits until
 * all that is wanted above it is done: the walk goes on with the foremost entry of the front above it. When a walk has
 * nothing left below it, the entry before it in the front is next.
 */

export interface OrderInput {
  /** What to order. */
  readonly wanted: ReadonlySet<number>
  /** Where the walks begin, in load order; what of `wanted` no walk would reach begins one of its own. */
  readonly starts: Iterable<number>
  /** Contains `wanted` and all that can lie between its members. */
  readonly within: ReadonlySet<number>
  readonly above: Edges
  readonly effectiveDown: Edges
}

/** The wanted revisions, each before everything that it stands or depends on. The same input gives the same order. */
export function newestFirst(input: OrderInput): number[] {
  const { wanted, above, effectiveDown } = input
  const region = reachWithin(above, wanted, input.within)
  const waiting = countAbove(region, effectiveDown)
  const front = new Front()
  const foremost = new Foremost({ region, waiting, above, front })
  for (const number of firstEntries(input)) front.append(number)
  const done: number[] = []
  const finish = (first: number): void => {
    const open = [first]
    for (let number = open.pop(); number !== undefined; number = open.pop()) {
      region.delete(number)
      for (const target of effectiveDown[number] ?? []) {
        const left = waiting.get(target)
        if (left === undefined) continue
        waiting.set(target, left - 1)
        // What only lies between wanted revisions is passed as soon as nothing above it is left.
        if (left === 1 && !wanted.has(target)) open.push(target)
      }
    }
  }
  for (const number of region) if (!wanted.has(number) && waiting.get(number) === 0) finish(number)
  let slot = front.first()
  while (slot !== undefined) {
    const number = slot.number
    if ((waiting.get(number) ?? 0) > 0) {
      slot = foremost.slotAbove(number)
      continue
    }
    done.push(number)
    finish(number)
    const left = (effectiveDown[number] ?? []).filter((target) => region.has(target))
    const [first, ...others] = left.filter((target) => wanted.has(target) && front.slotOf(target) === undefined)
    if (first === undefined) slot = front.remove(slot)
    else front.replace(slot, first, left.length === 1)
    for (const other of others) front.append(other)
  }
  return done
}

function firstEntries({ wanted, starts, effectiveDown }: OrderInput): number[] {
  const entries = new Set(wanted)
  for (const number of wanted) for (const target of effectiveDown[number] ?? []) entries.delete(target)
  for (const start of starts) if (wanted.has(start)) entries.add(start)
  return byLoadOrder(entries)
}

function countAbove(region: ReadonlySet<number>, effectiveDown: Edges): Map<number, number> {
  const waiting = new Map<number, number>()
  for (const number of region) waiting.set(number, 0)
  for (const number of region) {
    for (const target of effectiveDown[number] ?? []) {
      const count = waiting.get(target)
      if (count !== undefined) waiting.set(target, count + 1)
    }
  }
  return waiting
}
