import type { Direction, Step } from './plan-types.ts'

/** A step, and how it changes the version rows. */
export interface Move {
  readonly direction: Direction
  readonly revision: string
  readonly removed: readonly number[]
  readonly added: readonly number[]
}

/** As long as all steps together name no more rows than this, they are written out. */
const MOST_ROWS_WRITTEN_OUT = 1_000_000

/**
 * Gives each move the version rows after it. Rows are few in nearly every project; where thousands of lines run side by
 * side, writing them out would take the square of that, so there each step works out its rows when they are asked for.
 */
export function toSteps(before: readonly number[], moves: readonly Move[], toId: (number: number) => string): Step[] {
  let width = before.length
  let total = 0
  for (const { removed, added } of moves) {
    width += added.length - removed.length
    total += width
  }
  const trail = new RowTrail(before, moves, toId)
  if (total <= MOST_ROWS_WRITTEN_OUT) {
    return moves.map(({ direction, revision }, index) => ({ direction, revision, rows: trail.after(index) }))
  }
  return moves.map(({ direction, revision }, index) => ({
    direction,
    revision,
    get rows() {
      return trail.after(index)
    },
  }))
}

/** Replays moves. Asking for one step after the other costs no more than the rows that are asked for. */
class RowTrail {
  private readonly before: readonly number[]
  private readonly moves: readonly Move[]
  private readonly toId: (number: number) => string
  private rows: number[] = []
  private done = 0

  constructor(before: readonly number[], moves: readonly Move[], toId: (number: number) => string) {
    this.before = before
    this.moves = moves
    this.toId = toId
    this.rows = [...before]
  }

  after(index: number): string[] {
    if (index + 1 < this.done) {
      this.rows = [...this.before]
      this.done = 0
    }
    for (; this.done <= index; this.done += 1) {
      const move = this.moves[this.done]
      for (const number of move?.removed ?? []) this.rows.splice(placeOf(this.rows, number), 1)
      for (const number of move?.added ?? []) this.rows.splice(placeOf(this.rows, number), 0, number)
    }
    return this.rows.map(this.toId)
  }
}

/** Where the number is in a sorted list, or would have to be. */
function placeOf(sorted: readonly number[], number: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] ?? 0) < number) low = middle + 1
    else high = middle
  }
  return low
}
