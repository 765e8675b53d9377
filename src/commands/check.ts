import { RevError } from '../errors/index.ts'
import { crowdedLabels } from '../graph/heads-per-label.ts'
import { RevisionGraph } from '../graph/revision-graph.ts'
import { toRevisionHeader } from '../graph/to-revision-header.ts'
import { readRevisionsAt } from '../script/git-base.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import { checkDatabase, type DatabaseCheck } from './check-database.ts'
import type { CommandContext } from './context.ts'
import { checkRequirements } from './databases/check-requirements.ts'
import { type RevisionInfo, toRevisionInfo } from './revision-info.ts'

/** What `check` compares the files with, beside proving them. */
export interface CheckOptions {
  /** A git reference, such as `origin/main`, that these files are to be joined with. */
  readonly base?: string
  /** Ask the database, too: whether it and these files go together. Default false. */
  readonly database?: boolean
}

/** One `down_revision` to change, so that what a branch adds goes on top of what it is joined with. */
export interface RebaseAdvice {
  readonly revision: string
  readonly file: string | undefined
  readonly downRevisions: readonly string[]
  readonly changeTo: readonly string[]
}

/** What a branch adds to a git reference that it still fits onto. */
export interface BaseComparison {
  readonly ref: string
  readonly commit: string
  /** What these files have and the reference does not, in load order. */
  readonly added: readonly RevisionInfo[]
  /** The heads at the reference. */
  readonly heads: readonly string[]
}

/** A sound set of files; whatever is not sound is an error. */
export interface CheckResult {
  readonly command: 'check'
  readonly revisions: number
  readonly heads: readonly RevisionInfo[]
  readonly base: BaseComparison | undefined
  /** What the database was found to be; undefined when it was not asked. */
  readonly database: DatabaseCheck | undefined
}

/**
 * Proves, without a database, that the files form a sound graph with one head, or one for each declared label; with
 * `base`, that they still do when joined with the files at a git reference; with `database`, that the applied files are
 * what was applied, and the version rows what the files and the log know. Creates nothing there. What revisions require of
 * other databases of the project has to exist in their files. Throws REV_GRAPH_INVALID, REV_REQUIREMENT_UNKNOWN,
 * REV_REQUIREMENT_CIRCLE, REV_CHECK_SEVERAL_HEADS, REV_CHECK_BASE_MOVED or REV_CHECK_DATABASE_DIFFERS.
 */
export async function check(context: CommandContext, options: CheckOptions = {}): Promise<CheckResult> {
  const scripts = await context.scripts()
  const base = options.base === undefined ? undefined : await compareWithBase(context, scripts, options.base)
  const crowded = crowdedLabels(scripts.graph)
  if (crowded.length > 0) throw new RevError('REV_CHECK_SEVERAL_HEADS', { crowded: withFiles(scripts, crowded) })
  await checkRequirements(context, scripts)
  const database = options.database ? await checkDatabase(context, scripts) : undefined
  return {
    command: 'check',
    revisions: scripts.graph.size,
    heads: scripts.graph.heads().map((id) => toRevisionInfo(scripts, id)),
    base,
    database,
  }
}

async function compareWithBase(
  context: CommandContext,
  scripts: RevisionScripts,
  ref: string,
): Promise<BaseComparison> {
  const { graph } = scripts
  const { commit, headers } = await readRevisionsAt({ ref, settings: context.settings, directory: context.directory })
  const atBase = RevisionGraph.from(headers)
  const added = graph.ids().filter((id) => !atBase.has(id))
  const joined = RevisionGraph.from([...headers, ...added.map((id) => toRevisionHeader(graph.get(id)))])
  const crowded = crowdedLabels(joined)
  if (crowded.length > 0) {
    const advice = crowded.flatMap(({ heads }) => adviceFor(scripts, atBase, joined, added, heads))
    if (advice.length > 0) throw new RevError('REV_CHECK_BASE_MOVED', { ref, commit, added, advice })
  }
  return { ref, commit, added: added.map((id) => toRevisionInfo(scripts, id)), heads: atBase.heads() }
}

/** The added revisions that stand on something that is no longer the top of their line at the reference. */
function adviceFor(
  scripts: RevisionScripts,
  atBase: RevisionGraph,
  joined: RevisionGraph,
  added: readonly string[],
  crowdedHeads: readonly string[],
): RebaseAdvice[] {
  const tops = crowdedHeads.filter((head) => atBase.has(head))
  const isAdded = new Set(added)
  const below = new Set(crowdedHeads.filter((head) => isAdded.has(head)).flatMap((head) => [...joined.applied([head])]))
  return added
    .filter((id) => below.has(id))
    .filter((id) => tops.length > 0 && !scripts.graph.get(id).downRevisions.some((down) => isAdded.has(down)))
    .map((id) => {
      const { downRevisions, file } = scripts.graph.get(id)
      return { revision: id, file, downRevisions, changeTo: tops }
    })
}

function withFiles(scripts: RevisionScripts, crowded: ReturnType<typeof crowdedLabels>) {
  return crowded.map(({ label, heads }) => ({
    label,
    heads: heads.map((id) => ({ revision: id, file: scripts.get(id).file, message: scripts.get(id).revision.message })),
  }))
}
