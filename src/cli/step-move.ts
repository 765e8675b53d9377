import { printableLine } from './printable.ts'

/** `upgrade 1975ea83b712 -> 4f0c2a91d3be`: which revision moves, and what is below it. */
export function stepMove(direction: string, revision: string, downRevisions: readonly string[]): string {
  if (direction === 'stamp') return `stamp ${printableLine(revision)}`
  const below = downRevisions.length === 0 ? 'base' : downRevisions.map(printableLine).join(', ')
  const id = printableLine(revision)
  return direction === 'downgrade' ? `downgrade ${id} -> ${below}` : `upgrade ${below} -> ${id}`
}
