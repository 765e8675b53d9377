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

// How often the walks may look around before they give up the rule; no graph of a few thousand revisions comes near.
const LOOKS = 1_000_000
const LOOKS_PER_REVISION = 30

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

/**
 * The wanted revisions, each before everything that it stands or depends on. The same input gives the same order. In a
 * graph so tangled that the rule above would take the square of its size, the rest follows in any order that is valid.
 */
export function newestFirst(input: OrderInput): number[] {
  const progress = startProgress(input)
  const { waiting, effectiveDown, wanted, region } = progress
  const front = new Front()
  const foremost = new Foremost({ region, waiting, above: input.above, front })
  for (const number of firstEntries(input)) front.append(number)
  const done: number[] = []
  let slot = front.first()
  while (slot !== undefined) {
    const number = slot.number
    if ((waiting.get(number) ?? 0) > 0) {
      if (foremost.looks > LOOKS + LOOKS_PER_REVISION * wanted.size) return [...done, ...anyValidOrder(progress)]
      slot = foremost.slotAbove(number)
      continue
    }
    done.push(number)
    finish(progress, number)
    const left = (effectiveDown[number] ?? []).filter((target) => region.has(target))
    const [first, ...others] = left.filter((target) => wanted.has(target) && front.slotOf(target) === undefined)
    if (first === undefined) slot = front.remove(slot)
    else front.replace(slot, first, left.length === 1)
    for (const other of others) front.append(other)
  }
  return done
}

/** What is not done yet, and what it waits for. */
interface Progress {
  readonly wanted: ReadonlySet<number>
  readonly effectiveDown: Edges
  readonly region: Set<number>
  /** How many right above a revision are not done yet. */
  readonly waiting: Map<number, number>
}

function startProgress({ wanted, within, above, effectiveDown }: OrderInput): Progress {
  const region = reachWithin(above, wanted, within)
  const progress = { wanted, effectiveDown, region, waiting: countAbove(region, effectiveDown) }
  for (const number of region) if (!wanted.has(number) && progress.waiting.get(number) === 0) finish(progress, number)
  return progress
}

/** Marks a revision as done; returns what need not wait any more, and is wanted. */
function finish({ wanted, effectiveDown, region, waiting }: Progress, done: number): number[] {
  const ready: number[] = []
  const open = [done]
  for (let number = open.pop(); number !== undefined; number = open.pop()) {
    region.delete(number)
    for (const target of effectiveDown[number] ?? []) {
      const left = waiting.get(target)
      if (left === undefined) continue
      waiting.set(target, left - 1)
      // What only lies between wanted revisions is passed as soon as nothing above it is left.
      if (left === 1) (wanted.has(target) ? ready : open).push(target)
    }
  }
  return ready
}

function anyValidOrder(progress: Progress): number[] {
  const { wanted, region, waiting } = progress
  const ready = [...region].filter((number) => wanted.has(number) && waiting.get(number) === 0)
  const order: number[] = []
  for (let number = ready.pop(); number !== undefined; number = ready.pop()) {
    order.push(number)
    ready.push(...finish(progress, number))
  }
  return order
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
