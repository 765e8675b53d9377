import { type Database, withDatabase } from '../../database/database.ts'
import { withRunLock } from '../../database/with-run-lock.ts'
import { RevError } from '../../errors/index.ts'
import { findCheckedOutCommit } from '../../script/git-commit.ts'
import type { Seed } from '../../seed/graph/seed.ts'
import { stampRecords } from '../../seed/run/stamp-seeds.ts'
import type { CommandContext } from '../context.ts'
import { checkedReason } from '../reason.ts'
import { lockTimeoutOf } from '../run-plan.ts'
import { readSeedProject } from './seed-project.ts'
import type { SeedWriteOptions } from './seed-selection.ts'

export interface SeedStampOptions extends Omit<SeedWriteOptions, 'x'> {
  /** Names of seeds, and tags as `tag:NAME`. */
  readonly names: readonly string[]
}

export interface SeedStampResult {
  readonly command: 'seed stamp'
  readonly database: string
  readonly runId: string
  /** The names of the seeds that count as done now, with their files as they are. */
  readonly seeds: readonly string[]
}

/** Records seeds as done with their files as they are, and runs nothing. */
export async function seedStamp(context: CommandContext, options: SeedStampOptions): Promise<SeedStampResult> {
  const reason = checkedReason(options.reason)
  const timeoutMs = lockTimeoutOf(context, 'seed stamp', options)
  const commit = findCheckedOutCommit(context.directory)
  const { graph, script } = await readSeedProject(context)
  if (options.names.length === 0) {
    const example = 'rev seed stamp countries'
    throw new RevError('REV_USAGE_MISSING_ARGUMENT', { command: 'seed stamp', argument: 'a seed', example })
  }
  const chosen = new Set(
    options.names.flatMap((name) => (name.startsWith('tag:') ? graph.ofTag(name.slice(4)) : graph.get(name))),
  )
  const seeds: Seed[] = graph.seeds().filter((seed) => chosen.has(seed))
  return withDatabase(context, { readOnly: false }, (database: Database) =>
    withRunLock(database, { what: 'seed stamp', lockTimeoutMs: timeoutMs }, async (locked, lock) => {
      const facts = { gitCommit: await commit, reason }
      const entries = seeds.map((seed) => ({ seed: seed.seed, checksum: script(seed).checksum() }))
      const runId = await stampRecords(locked, lock, entries, facts)
      return {
        command: 'seed stamp',
        database: database.description.text,
        runId,
        seeds: entries.map(({ seed }) => seed),
      }
    }),
  )
}
