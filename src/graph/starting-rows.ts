import { byLoadOrder, type SoundLinks } from './links.ts'
import { resolveSingle } from './resolve.ts'
import { resolveTarget } from './resolve-target.ts'
import { parseTarget } from './target.ts'

/**
 * The revisions that a written start stands for, in load order. Its parts are joined by commas, and each names one
 * revision or base; `heads` is one target and may not stand for several. Throws the errors of targets.
 */
export function startingRows(links: SoundLinks, start: string): number[] {
  const numbers = start.split(',').flatMap((part) => {
    const { place, branch, steps } = parseTarget(part)
    if (place?.at === 'heads' && branch === undefined && steps === 0) {
      return resolveSingle(links, place, { target: part }) ?? []
    }
    return resolveTarget(links, part, { rows: undefined })
  })
  return byLoadOrder(new Set(numbers))
}
