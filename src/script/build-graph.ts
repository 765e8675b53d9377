import { type GraphProblem, isRevError, RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import { RevisionGraph } from '../graph/revision-graph.ts'
import { toList } from './location-labels.ts'

/** Faults found before the graph, and ids that the unusable files may have held. */
export interface KnownFaults {
  readonly errors: readonly RevError[]
  readonly lostIds: ReadonlySet<string>
}

/**
 * Builds the graph, or throws one REV_GRAPH_INVALID with the faults of files first and those of the graph after them.
 */
export function buildGraph(headers: readonly RevisionHeader[], { errors, lostIds }: KnownFaults): RevisionGraph {
  if (errors.length === 0) return RevisionGraph.from(headers)
  const problems = errors.map(toProblem)
  try {
    // A revision whose file is broken is not missing as well.
    RevisionGraph.from([...headers, ...standIns(headers, lostIds)])
  } catch (error) {
    if (!isRevError(error, 'REV_GRAPH_INVALID')) throw error
    problems.push(...error.details.problems)
  }
  throw new RevError('REV_GRAPH_INVALID', { problems }, { cause: errors[0] })
}

function standIns(headers: readonly RevisionHeader[], lostIds: ReadonlySet<string>): RevisionHeader[] {
  const present = new Set(headers.map(({ revision }) => revision))
  const named = headers.flatMap((header) => [...toList(header.down_revision), ...toList(header.depends_on)])
  const lost = new Set(named.filter((id) => lostIds.has(id) && !present.has(id)))
  return [...lost].map((revision) => ({ revision, down_revision: null }))
}

function toProblem(error: RevError): GraphProblem {
  const { file, revision } = error.details as { file?: string; revision?: string }
  return {
    code: error.code,
    message: error.message,
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(file === undefined ? {} : { file }),
    ...(revision === undefined ? {} : { revision }),
  }
}
