import type { RevisionGraph } from './revision-graph.ts'

/*
 * A project may keep several lines of history on purpose, each under a label. Then "one head" means one head per label:
 *
 *   a (main) ── b ──┬── c
 *                   └── x (billing) ── y        two heads, one for each label: sound
 *
 *   a (main) ── b ──┬── c
 *                   └── d                       two heads under "main": somebody forgot to merge
 */

/** Heads that share a label, or the lack of one, although each should have a single head. */
export interface CrowdedLabel {
  /** Undefined for history that no label covers. */
  readonly label: string | undefined
  readonly heads: readonly string[]
}

/** The labels with more than one head; empty when the graph has one head, or one for each declared label. */
export function crowdedLabels(graph: RevisionGraph): CrowdedLabel[] {
  const heads = graph.heads()
  if (heads.length < 2) return []
  const byLabel = new Map<string | undefined, Set<string>>()
  for (const head of heads) {
    for (const label of nearestLabels(graph, head)) {
      const sharing = byLabel.get(label) ?? new Set<string>()
      byLabel.set(label, sharing.add(head))
    }
  }
  return [...byLabel]
    .filter(([, sharing]) => sharing.size > 1)
    .map(([label, sharing]) => ({ label, heads: [...sharing] }))
}

/** The first declared label on every way down from a head; undefined stands for a way that meets none. */
function nearestLabels(graph: RevisionGraph, head: string): Set<string | undefined> {
  const labels = new Set<string | undefined>()
  const seen = new Set<string>()
  const open = [head]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue
    seen.add(id)
    const { branchLabels, downRevisions } = graph.get(id)
    // Several labels on one revision name one line of history: the first stands for all.
    if (branchLabels.length > 0) labels.add(branchLabels[0])
    else if (downRevisions.length === 0) labels.add(undefined)
    else open.push(...downRevisions)
  }
  return labels
}
