import type { Database } from '../database/database.ts'
import { oldestFirst } from '../database/integrity/logged-state.ts'
import type { EventRecord } from '../database/read-events.ts'
import { isRevError } from '../errors/index.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { appliedSince } from '../seed/graph/applied-since.ts'
import type { SeedMode } from '../seed/graph/seed.ts'
import { isPending, type SeedState } from '../seed/graph/seed-state.ts'
import { type SeedTableState, seeSeedTable } from '../seed/run/see-seed-table.ts'
import type { StoredSeed } from '../seed/run/seed-table.ts'
import type { CommandContext } from './context.ts'
import { goneSeeds, type SeedInfo, type SeedLast, seedInfos, toLast } from './seed/seed-info.ts'
import { lookAtSeedProject, type SeedProject } from './seed/seed-project.ts'
import { type StatusEvent, toStatusEvent } from './status-event.ts'

export type { SeedTableState } from '../seed/run/see-seed-table.ts'

/** In the order in which a summary names them. */
export const SEED_STATES = [
  'done',
  'new',
  'changed',
  'always',
  'unfinished',
  'edited',
  'elsewhere',
  'gone',
  'unknown',
] as const satisfies readonly (SeedState | 'gone' | 'unknown')[]

/**
 * How a seed stands, in the words of `seed status`; `gone`: it is recorded, and no file has it; `unknown`: what is
 * recorded of it cannot be read.
 */
export type SeedStatusState = (typeof SEED_STATES)[number]

/** How one seed stands to the database. */
export interface SeedStatus {
  readonly seed: string
  readonly state: SeedStatusState
  /** One line, may be empty; undefined when no file knows the seed. */
  readonly message: string | undefined
  /** Absolute; undefined when no file has it. */
  readonly file: string | undefined
  /** Undefined when no file has it. */
  readonly mode: SeedMode | undefined
  readonly dependsOn: readonly string[]
  /** Undefined for everywhere. */
  readonly environments: readonly string[] | undefined
  readonly tags: readonly string[]
  readonly scenarios: readonly string[]
  /** Undefined when it never ran here, and where that cannot be read. */
  readonly last: SeedLast | undefined
  /** Revisions that it depends on and that were applied after it ran, so that its rows may be gone. */
  readonly appliedSince: readonly string[]
  /** The last attempt at it that the log knows, whatever came of it. */
  readonly event: StatusEvent | undefined
}

/** What a status says of seeds. */
export interface SeedsStatus {
  /** In the order in which they run; then those that no file has, in the order in which they ran. */
  readonly seeds: readonly SeedStatus[]
  /** How many there are of each state, before any is left out. */
  readonly seedCounts: Readonly<Record<SeedStatusState, number>>
  /** False when the seed files cannot be read: then only what is recorded is told. */
  readonly hasSeedFiles: boolean
  /** What became of looking at the table of seeds; undefined when nobody asked, as there are no seeds. */
  readonly seedTable: SeedTableState | undefined
}

/** What of the seeds is known before a database is asked; undefined when there are none. */
export type SeedSources = { readonly project: SeedProject | undefined } | undefined

/** Reads the seed files; where they cannot be read, a notice says so, and the rest goes on without them. */
export async function soundSeeds(context: CommandContext, scripts: RevisionScripts | undefined): Promise<SeedSources> {
  try {
    const project = await lookAtSeedProject(context, scripts)
    return project && { project }
  } catch (error) {
    if (!isRevError(error)) throw error
    const message =
      'the seed files cannot be read, so that of seeds only what is recorded is told; see: rev seed status'
    context.report({ type: 'notice', code: 'REV_NOTICE_WITHOUT_SEEDS', message })
    return { project: undefined }
  }
}

/** What the database and its log tell of the seeds. Without any it asks nothing. */
export async function seedsOf(
  context: CommandContext,
  database: Database,
  sources: SeedSources,
  log: { readonly records: readonly EventRecord[]; applied(revision: string): string | undefined },
): Promise<SeedsStatus> {
  if (sources === undefined) return { seeds: [], seedCounts: counted([]), hasSeedFiles: true, seedTable: undefined }
  const { project } = sources
  const { table, records } = await seeSeedTable(database)
  const events = lastEvents(log.records)
  const ofFiles = (known: SeedProject): SeedStatus[] =>
    seedInfos(context, known, records).map((info) => ({
      ...info,
      state: table === 'unreadable' && info.state !== 'elsewhere' ? 'unknown' : info.state,
      appliedSince: since(known, info, records, log.applied),
      event: events.get(info.seed),
    }))
  const recorded = project === undefined ? [...records.values()] : goneSeeds(project, records)
  const withoutFile = recorded.toSorted(byTime).map((record) => ({
    ...WITHOUT_FILE,
    seed: record.seed,
    state: project === undefined ? stateOfRecord(record) : ('gone' as const),
    last: toLast(record),
    event: events.get(record.seed),
  }))
  const seeds = [...(project === undefined ? [] : ofFiles(project)), ...withoutFile]
  return { seeds, seedCounts: counted(seeds), hasSeedFiles: project !== undefined, seedTable: table }
}

/** Whether something is to be done with a seed: it would run by itself, or is not as it should be. */
export function isOpen({ state, scenarios, appliedSince: since }: SeedStatus): boolean {
  if (state === 'done' || state === 'elsewhere') return since.length > 0
  // One of a scenario waits to be named.
  return state === 'unfinished' || !isPending(state) || scenarios.length === 0
}

const WITHOUT_FILE = {
  message: undefined,
  file: undefined,
  mode: undefined,
  dependsOn: [],
  environments: undefined,
  tags: [],
  scenarios: [],
  appliedSince: [],
} as const

const stateOfRecord = ({ state }: StoredSeed): SeedStatusState => (state === 'unfinished' ? 'unfinished' : 'done')

const byTime = (one: StoredSeed, other: StoredSeed): number =>
  one.when === other.when ? 0 : one.when < other.when ? -1 : 1

function since(
  { graph }: SeedProject,
  { seed, state }: SeedInfo,
  records: ReadonlyMap<string, StoredSeed>,
  applied: (revision: string) => string | undefined,
): string[] {
  return state === 'done' ? appliedSince(graph, graph.get(seed), records.get(seed), applied) : []
}

/** The newest event of each seed. */
function lastEvents(records: readonly EventRecord[]): ReadonlyMap<string, StatusEvent> {
  const found = new Map<string, StatusEvent>()
  for (const record of oldestFirst(records)) {
    if (record.revision !== undefined && record.what.startsWith('seed'))
      found.set(record.revision, toStatusEvent(record))
  }
  return found
}

function counted(seeds: readonly SeedStatus[]): Record<SeedStatusState, number> {
  const counts = Object.fromEntries(SEED_STATES.map((state) => [state, 0])) as Record<SeedStatusState, number>
  for (const { state } of seeds) counts[state] += 1
  return counts
}
