import type { Database } from '../../database/database.ts'
import { toLoggedState } from '../../database/integrity/logged-state.ts'
import { readEvents } from '../../database/read-events.ts'
import { isRevError } from '../../errors/index.ts'
import { appliedSince } from '../../seed/graph/applied-since.ts'
import type { Seed } from '../../seed/graph/seed.ts'
import type { SeedGraph } from '../../seed/graph/seed-graph.ts'
import type { StoredSeed } from '../../seed/run/seed-table.ts'

/**
 * Names, as a notice, seeds that count as done although a revision that they depend on was applied after they ran: it was
 * reverted in between, and their rows may have gone with it. Whether they have, only the project knows. Stops nothing,
 * whatever it finds, and whatever fails.
 */
export async function tellReverted(
  database: Database,
  graph: SeedGraph,
  done: readonly Seed[],
  records: ReadonlyMap<string, StoredSeed>,
): Promise<void> {
  const revisions = [...new Set(done.flatMap((seed) => graph.revisionsOf(seed)))]
  // A question that fails would end the caller's transaction.
  if (revisions.length === 0 || database.connection.joined) return
  try {
    const { upgraded } = toLoggedState((await readEvents(database, { revisions })) ?? [])
    for (const seed of done) {
      const since = appliedSince(graph, seed, records.get(seed.seed), (id) => upgraded.get(id)?.when)
      if (since.length === 0) continue
      const message = `the seed "${seed.seed}" ran before ${since.join(', ')} was applied the last time, so that its rows may be gone; to run it again: rev seed run ${seed.seed} --force`
      database.report({ type: 'notice', code: 'REV_NOTICE_SEED_REVERTED', message })
    }
  } catch (error) {
    if (!isRevError(error)) throw error
  }
}
