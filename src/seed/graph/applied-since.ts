import type { Seed, SeedRecord } from './seed.ts'
import type { SeedGraph } from './seed-graph.ts'

/**
 * The revisions that a seed depends on and that were applied after it ran: they were reverted in between, and may have
 * taken its rows along. `applied` says when each was applied the last time, as ISO text.
 */
export function appliedSince(
  graph: SeedGraph,
  seed: Seed,
  record: SeedRecord | undefined,
  applied: (revision: string) => string | undefined,
): string[] {
  const ran = record?.when ?? ''
  return ran === '' ? [] : graph.revisionsOf(seed).filter((id) => (applied(id) ?? '') > ran)
}
