import { RevError } from '../errors/index.ts'
import { findOverlap, maximal, withAncestors } from './lineage.ts'
import { byLoadOrder, idOf, idsOf, type SoundLinks } from './links.ts'
import { effectiveHeads, labelsOfOne } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import { parseTarget } from './target.ts'

/**
 * The revisions that a written start stands for, in load order. Its parts are joined by commas, and each names one
 * revision or base; `heads` is one target and may not stand for several. `targets` are what errors say to type behind a
 * better start. Throws the errors of targets, and REV_GRAPH_OVERLAPPING_START.
 */
export function startingRows(links: SoundLinks, start: string, targets: readonly string[]): number[] {
  const ranges = (better: string): string => targets.map((target) => `${better}:${target}`).join(' ')
  // As scripts and errors write several rows: a, b.
  const parts = start.split(/, ?/)
  const numbers = parts.flatMap((part) => {
    const { place, branch, steps } = parseTarget(part)
    if (place?.at !== 'heads' || branch !== undefined || steps !== 0) {
      return resolveTarget(links, part, { rows: undefined })
    }
    const heads = effectiveHeads(links)
    if (heads.length <= 1) return heads
    throw new RevError('REV_GRAPH_MULTIPLE_HEADS', {
      target: part,
      heads: idsOf(links, heads),
      labels: labelsOfOne(links, heads),
      suggestion: ranges(idsOf(links, heads).join(',')),
    })
  })
  const rows = byLoadOrder(new Set(numbers))
  const overlap = findOverlap(links, rows)
  if (overlap === undefined) return rows
  const upper = maximal(links, rows, withAncestors(links, rows))
  throw new RevError('REV_GRAPH_OVERLAPPING_START', {
    start,
    above: idOf(links, overlap.above),
    below: idOf(links, overlap.below),
    suggestion: ranges(idsOf(links, upper).join(',')),
  })
}
