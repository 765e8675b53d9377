import { entry } from './define.ts'

/** One fault of a set of revisions, as listed in the details of REV_GRAPH_INVALID. */
export interface GraphProblem {
  /** A code of the REV_GRAPH_ or REV_FILE_ family; stable. */
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly revision?: string
  readonly file?: string
}

/** Faults of the revision graph, and targets that it cannot answer. */
export const graphErrors = {
  REV_GRAPH_INVALID: entry<{ problems: readonly GraphProblem[] }>({
    exit: 1,
    message: ({ problems }) =>
      [
        `the revisions do not form a graph: ${problems.length} problem${problems.length === 1 ? '' : 's'}.`,
        ...problems.map((p) => `  ${p.code}: ${p.message}${p.hint ? `\n    hint: ${p.hint}` : ''}`),
      ].join('\n'),
  }),
}
