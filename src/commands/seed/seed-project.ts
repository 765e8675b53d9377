import type { Database } from '../../database/database.ts'
import { assertRowsKnown } from '../../database/plan-run.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import { isDirectory } from '../../script/is-directory.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { SeedScript } from '../../seed/files/read-seed-file.ts'
import { readSeeds, type SeedFiles } from '../../seed/files/read-seeds.ts'
import { compareSeedChecksums } from '../../seed/files/seed-checksum.ts'
import { readSeedObjects } from '../../seed/files/seed-objects.ts'
import { isSameTable } from '../../seed/files/written-tables.ts'
import type { PlannedSeed, SeedPlace } from '../../seed/graph/plan-seeds.ts'
import type { Seed } from '../../seed/graph/seed.ts'
import { SeedGraph } from '../../seed/graph/seed-graph.ts'
import type { LoadedSeed } from '../../seed/run/seed-run.ts'
import type { StoredSeed } from '../../seed/run/seed-table.ts'
import { sqlFamilyOf } from '../../sql/sql-family.ts'
import type { CommandContext } from '../context.ts'

/** The seeds of a project, read once for a command. */
export interface SeedProject {
  readonly graph: SeedGraph
  /** Undefined when no seed depends on a revision: then nobody asks for them. */
  readonly scripts: RevisionScripts | undefined
  script(seed: Seed): SeedScript
}

/** Reads the seed files, and the revisions when a seed depends on one. Throws REV_SEED_INVALID, REV_SEED_LOCATION_MISSING. */
export async function readSeedProject(context: CommandContext): Promise<SeedProject> {
  const files = await readSeedsOf(context)
  for (const notice of files.notices) context.report({ type: 'notice', ...notice })
  const scripts = needsRevisions(files) ? await context.scripts() : undefined
  return toProject(files, scripts)
}

/**
 * The same for a command that only looks, with the revisions as it has read them: without any, what seeds need of them is
 * taken for right. Undefined when there are no seeds. Throws REV_SEED_INVALID, REV_SEED_LOCATION_MISSING.
 */
export async function lookAtSeedProject(
  context: CommandContext,
  scripts: RevisionScripts | undefined,
): Promise<SeedProject | undefined> {
  if (!hasSeeds(context)) return undefined
  const files = await readSeedsOf(context)
  if (files.seeds.length === 0 && files.problems.length === 0) return undefined
  return toProject(files, scripts)
}

/** Whether there is a place for seeds: a folder, or a program that hands them in. */
export function hasSeeds({ settings, seeds }: CommandContext): boolean {
  return seeds !== undefined || settings.seedLocations.some(isDirectory)
}

function readSeedsOf({ settings, directory, seeds }: CommandContext): Promise<SeedFiles> {
  return seeds === undefined ? readSeeds(settings.seedLocations, directory) : readSeedObjects(seeds)
}

function needsRevisions({ seeds }: SeedFiles): boolean {
  const names = new Set(seeds.map(({ seed }) => seed))
  return seeds.some(({ dependsOn }) => dependsOn.some((name) => !names.has(name)))
}

function toProject(files: SeedFiles, scripts: RevisionScripts | undefined): SeedProject {
  const graph = SeedGraph.from(files.seeds, (name) => findRevisions(scripts, name), files.problems)
  return {
    graph,
    scripts,
    script({ seed }) {
      const script = files.get(seed)
      if (script === undefined) throw new RevError('REV_INTERNAL', { what: `the seed ${seed} came from nowhere` })
      return script
    },
  }
}

function findRevisions(scripts: RevisionScripts | undefined, name: string): readonly string[] | undefined {
  if (scripts === undefined) return []
  try {
    return scripts.graph.resolve(name)
  } catch (error) {
    if (isRevError(error)) return undefined
    throw error
  }
}

/** Where a command's seeds are to run, with what is recorded there. */
export function placeOf(
  { settings, environment }: CommandContext,
  project: SeedProject,
  records: ReadonlyMap<string, StoredSeed>,
): SeedPlace {
  return {
    environment,
    isProtected: settings.protected,
    factsOf(seed) {
      const record = records.get(seed.seed)
      const change =
        record === undefined ? 'same' : compareSeedChecksums(record.checksum, project.script(seed).checksum())
      return { record, change }
    },
  }
}

/**
 * Refuses seeds whose revisions are not applied. Throws REV_SEED_REVISION_NOT_APPLIED, and REV_DATABASE_UNKNOWN_ROW when
 * that cannot be known.
 */
export function assertRevisionsApplied(
  database: Database,
  { graph, scripts }: SeedProject,
  run: readonly PlannedSeed[],
  rows: readonly string[],
): void {
  const needed = run.map(({ seed }) => ({ seed: seed.seed, revisions: graph.revisionsOf(seed) }))
  if (scripts === undefined || needed.every(({ revisions }) => revisions.length === 0)) return
  assertRowsKnown(database, scripts, rows)
  const applied = new Set(scripts.graph.applied(rows))
  const missing = needed.flatMap(({ seed, revisions }) => {
    const absent = revisions.filter((id) => !applied.has(id))
    return absent.length === 0 ? [] : { seed, revisions: absent }
  })
  if (missing.length === 0) return
  throw new RevError('REV_SEED_REVISION_NOT_APPLIED', { database: database.description.text, seeds: missing })
}

/** Which seeds say that they fill a table; without one seed and those that depend on it, which cannot come before it. */
export function fillersIn(
  { graph, script }: SeedProject,
  { dialect }: Database,
): (table: string, seed: Seed) => readonly string[] {
  const family = sqlFamilyOf(dialect.name)
  return (table, { seed }) => {
    const later = graph.dependentsOf(seed)
    return graph
      .seeds()
      .filter((other) => other.seed !== seed && !later.has(other.seed))
      .filter((other) =>
        script(other)
          .tables(family)
          .some((name) => isSameTable(name, table)),
      )
      .map((other) => other.seed)
  }
}

/**
 * Loads every seed, so that a file that cannot be loaded stops the run before its first one. One whose file is gone comes
 * without a function.
 */
export async function loadSeeds(
  project: SeedProject,
  records: ReadonlyMap<string, StoredSeed>,
  seeds: readonly { readonly seed: Seed; readonly why: string }[],
): Promise<LoadedSeed[]> {
  const loaded: LoadedSeed[] = []
  for (const { seed, why } of seeds) {
    const record = records.get(seed.seed)
    if (!project.graph.has(seed.seed)) {
      const module = { run: () => undefined, undo: undefined, transaction: true }
      loaded.push({ seed, why, checksum: record?.checksum ?? '', module, record })
      continue
    }
    const script = project.script(seed)
    loaded.push({ seed, why, checksum: script.checksum(), module: await script.load(), record })
  }
  return loaded
}
