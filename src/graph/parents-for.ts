import { RevError } from '../errors/index.ts'
import { idOf, idsOf, named, type SoundLinks } from './links.ts'
import { resolveTarget } from './resolve-target.ts'

export interface ParentsOptions {
  /** Allow a revision that something stands on already, which makes it a branch point. Default false. */
  readonly splice?: boolean
}

/**
 * The down revisions of a new revision on these targets, in the order they were named; none for `base`, the single head
 * when no target is given. Throws REV_GRAPH_NOT_A_HEAD, REV_GRAPH_DUPLICATE_HEADS and the errors of targets.
 */
export function parentsFor(
  links: SoundLinks,
  targets: readonly string[],
  { splice = false }: ParentsOptions = {},
): string[] {
  const asked = targets.length === 0 ? ['head'] : targets
  const parents = new Set<number>()
  for (const target of asked) {
    for (const number of resolveTarget(links, target, { rows: undefined })) {
      if (parents.has(number)) {
        throw new RevError('REV_GRAPH_DUPLICATE_HEADS', { revision: idOf(links, number), targets: [...targets] })
      }
      const children = links.children[number] ?? []
      if (children.length > 0 && !splice) {
        const revision = named(links, number)
        throw new RevError('REV_GRAPH_NOT_A_HEAD', { target, ...revision, children: idsOf(links, children) })
      }
      parents.add(number)
    }
  }
  return idsOf(links, parents)
}
