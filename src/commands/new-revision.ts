import { resolve, sep } from 'node:path'
import { isRevError, RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import { RevisionGraph } from '../graph/revision-graph.ts'
import { toRevisionHeader } from '../graph/to-revision-header.ts'
import { runPostWriteHooks } from '../script/post-write-hooks.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { writeRevision } from '../script/write-revision.ts'
import type { VersionLocation } from '../settings.ts'
import type { CommandContext } from './context.ts'

/** How a new revision file is to be. */
export interface NewRevisionOptions {
  /** One line for the leading comment and the file name; further lines become the description. Default `empty message`. */
  readonly message?: string
  /** Allow a down revision that is no head, which makes it a branch point. Default false. */
  readonly splice?: boolean
  /** Labels that the new revision declares. Default none. */
  readonly branchLabels?: readonly string[]
  /** Which of the configured version locations takes the file. Default: that of the label or of the first down revision. */
  readonly versionPath?: string
  /** Default: twelve random hex digits. */
  readonly revId?: string
  /** Ids, parts of ids or labels. Default none. */
  readonly dependsOn?: readonly string[]
  /** Name of a template. Default: the setting, else by the kind of project. */
  readonly template?: string
}

/** A revision file that was just written. */
export interface NewRevisionResult<C extends string> {
  readonly command: C
  readonly revision: string
  readonly file: string
  readonly message: string
  readonly downRevisions: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
}

/**
 * Writes one new revision file on top of `targets`, after proving that the graph stays sound with it, and runs the
 * post-write hooks. Throws REV_GRAPH_*, REV_USAGE_*VERSION_PATH*, and REV_FILE_*; a hook that fails leaves the file.
 */
export async function newRevision<C extends string>(
  context: CommandContext,
  command: C,
  targets: readonly string[],
  options: NewRevisionOptions,
): Promise<NewRevisionResult<C>> {
  const scripts = await context.scripts()
  const { graph } = scripts
  const downRevisions = graph.parentsFor(targets, { splice: options.splice ?? false })
  const revision = options.revId ?? context.newId()
  const message = options.message ?? 'empty message'
  const branchLabels = [...(options.branchLabels ?? [])]
  const dependsOn = (options.dependsOn ?? []).flatMap((name) => dependency(graph, name))
  const header = { revision, down_revision: downRevisions, branch_labels: branchLabels, depends_on: dependsOn }
  assertFits(graph, header)
  const location = locationFor(context, scripts, targets, downRevisions, options.versionPath)
  if (downRevisions.length === 0) assertOnlyBase(location, scripts, revision)
  const { file } = await writeRevision({
    settings: context.settings,
    directory: context.directory,
    location,
    template: options.template,
    revision,
    message,
    downRevisions,
    branchLabels,
    dependsOn,
    now: context.now(),
  })
  await runPostWriteHooks(context.settings, file, context.directory)
  return { command, revision, file, message, downRevisions, branchLabels, dependsOn }
}

/** Proves that the graph stays sound with the new revision. Throws REV_USAGE_NEW_REVISION. */
function assertFits(graph: RevisionGraph, header: RevisionHeader): void {
  try {
    RevisionGraph.from([...graph.ids().map((id) => toRevisionHeader(graph.get(id))), header])
  } catch (error) {
    if (!isRevError(error, 'REV_GRAPH_INVALID')) throw error
    const { problems } = error.details
    throw new RevError('REV_USAGE_NEW_REVISION', { revision: header.revision, problems }, { cause: error })
  }
}

/** A label stays a label, because it may move; a part of an id is written out. */
function dependency(graph: RevisionGraph, name: string): readonly string[] {
  const isLabel = graph.ids().some((id) => graph.get(id).branchLabels.includes(name))
  return isLabel ? [name] : graph.resolve(name)
}

/** A location's label belongs to its only base, so that a second one would make the files unusable. */
function assertOnlyBase({ path, label }: VersionLocation, scripts: RevisionScripts, revision: string): void {
  if (label === undefined) return
  const bases = scripts.graph.bases().filter((id) => scripts.get(id).file?.startsWith(path + sep))
  if (bases.length === 0) return
  throw new RevError('REV_FILE_LOCATION_LABEL', { directory: path, label, bases: [...bases, revision] })
}

function locationFor(
  context: CommandContext,
  scripts: RevisionScripts,
  targets: readonly string[],
  downRevisions: readonly string[],
  versionPath: string | undefined,
): VersionLocation {
  const { versionLocations } = context.settings
  const [only] = versionLocations
  if (versionPath !== undefined) {
    const path = resolve(context.directory, versionPath)
    const location = versionLocations.find((candidate) => candidate.path === path)
    if (location) return location
    throw new RevError('REV_USAGE_UNKNOWN_VERSION_PATH', {
      path: versionPath,
      locations: versionLocations.map((l) => l.path),
    })
  }
  if (versionLocations.length === 1 && only) return only
  const labelled = versionLocations.find(
    ({ label }) => label && targets.some((target) => target.startsWith(`${label}@`)),
  )
  if (labelled) return labelled
  const parentFile = downRevisions.map((id) => scripts.get(id).file).find((file) => file !== undefined)
  const ofParent = versionLocations.find(({ path }) => parentFile?.startsWith(path + sep))
  if (ofParent) return ofParent
  throw new RevError('REV_USAGE_VERSION_PATH_NEEDED', { locations: versionLocations.map(({ path }) => path) })
}
