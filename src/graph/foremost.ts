import type { Front, Slot } from './front.ts'
import type { Edges } from './links.ts'

/*
 * Which entry of the front is the foremost above a revision that has to wait?
 *
 *   a ──┬── b ── c      front: a, c, e      the foremost above a is c, then, when c and b are done, e
 *       └── d ── e
 *
 * Asking goes up from the revision. So that a trunk with thousands of branches is not walked thousands of times, every
 * answer is kept. A kept answer is a lower bound for ever, because the front grows only at its end and what is done is
 * gone; and it is the answer itself for as long as the slot that it names still stands above the revision.
 */

/** The foremost entry above one revision, as far as it was known when it was last asked for. */
interface Answer {
  readonly slot: Slot
  readonly reach: number
}

/** A revision right above another one, and a place that nothing at or above it comes before. */
interface Way {
  readonly number: number
  place: number
}

/** What `newestFirst` keeps up to date; it is read anew at each question. */
interface WalkState {
  /** What is not done yet. */
  readonly region: ReadonlySet<number>
  /** For each revision of the region, how many right above it are not done yet. */
  readonly waiting: ReadonlyMap<number, number>
  readonly above: Edges
  readonly front: Front
}

export class Foremost {
  /** How many revisions were looked at so far. */
  looks = 0
  private readonly answers = new Map<number, Answer>()
  private readonly ways = new Map<number, Way[]>()
  private readonly state: WalkState

  constructor(state: WalkState) {
    this.state = state
  }

  /** The foremost entry above the revision; undefined when nothing of the front is above it. */
  slotAbove(number: number): Slot | undefined {
    // Asking for one revision asks for those above it first; a list instead of recursion, because lines are long.
    const asked = [number]
    for (let last = asked.at(-1); last !== undefined; last = asked.at(-1)) {
      this.looks += 1
      const first = this.unanswered(last)
      if (first === undefined) asked.pop()
      else asked.push(first)
    }
    return this.known(number)
  }

  /** Tries to answer for one revision; returns the revision above it that has to be answered before. */
  private unanswered(number: number): number | undefined {
    if (this.known(number) !== undefined) return undefined
    const ways = this.waysUp(number)
    for (let way = ways[0]; way !== undefined; way = ways[0]) {
      if (!this.state.region.has(way.number)) {
        removeFirst(ways)
        continue
      }
      const isWaiting = (this.state.waiting.get(way.number) ?? 0) > 0
      const higher = isWaiting ? this.known(way.number) : undefined
      if (isWaiting && higher === undefined) return way.number
      const own = this.state.front.slotOf(way.number)
      const slot = own === undefined || (higher !== undefined && higher.place < own.place) ? higher : own
      if (slot === undefined) {
        removeFirst(ways)
      } else if (slot.place > way.place) {
        way.place = slot.place
        sinkFirst(ways)
      } else {
        this.answers.set(number, { slot, reach: slot.reach })
        return undefined
      }
    }
    return undefined
  }

  private known(number: number): Slot | undefined {
    const answer = this.answers.get(number)
    if (answer === undefined || answer.slot.reach !== answer.reach || answer.slot.number === number) return undefined
    return answer.slot
  }

  private waysUp(number: number): Way[] {
    let ways = this.ways.get(number)
    if (ways === undefined) {
      ways = (this.state.above[number] ?? [])
        .filter((up) => this.state.region.has(up))
        .map((up) => ({ number: up, place: -1 }))
      this.ways.set(number, ways)
    }
    return ways
  }
}

// The ways are a heap by place: the first is the least, and a place only ever grows.
function sinkFirst(ways: Way[]): void {
  let index = 0
  for (;;) {
    const left = 2 * index + 1
    const least = [left, left + 1].reduce(
      (best, child) => (placeAt(ways, child) < placeAt(ways, best) ? child : best),
      index,
    )
    const [upper, lower] = [ways[index], ways[least]]
    if (least === index || upper === undefined || lower === undefined) return
    ways[index] = lower
    ways[least] = upper
    index = least
  }
}

function placeAt(ways: readonly Way[], index: number): number {
  return ways[index]?.place ?? Number.POSITIVE_INFINITY
}

function removeFirst(ways: Way[]): void {
  const last = ways.pop()
  if (last === undefined || ways.length === 0) return
  ways[0] = last
  sinkFirst(ways)
}
