import type { Plan } from '../../src/graph/plan-types.ts'
import { RevisionGraph } from '../../src/graph/revision-graph.ts'
import { parseRange, parseRanges } from '../../src/graph/target.ts'
import type { Case } from './cases.ts'

/** What rev answers: a plan, a listing, or the graph itself when its facts are asked for. */
export type Answer =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  | { readonly kind: 'graph'; readonly graph: RevisionGraph }

const plan = (found: Plan): Answer => ({ kind: 'plan', plan: found })
const ids = (found: readonly string[]): Answer => ({ kind: 'ids', ids: found })

/** Asks rev the question of a case. */
export function runCase({ revisions, command, target, current, purge, splice }: Case): Answer {
  const graph = RevisionGraph.from(revisions)
  const targets = target === null ? [] : typeof target === 'string' ? [target] : target
  const text = targets[0] ?? ''
  switch (command) {
    case 'upgrade':
      return plan(graph.planUpgrade(current, targets))
    case 'downgrade':
      return plan(graph.planDowngrade(current, text))
    case 'stamp':
      return plan(graph.planStamp(current, targets, { purge: purge ?? false }))
    case 'upgrade_sql': {
      const range = parseRange(text)
      return plan(graph.planUpgrade(startOf(graph, range.start), range.target))
    }
    case 'downgrade_sql': {
      const range = parseRange(text, { needsStart: true })
      return plan(graph.planDowngrade(startOf(graph, range.start), range.target))
    }
    case 'stamp_sql': {
      const range = parseRanges(targets)
      return plan(graph.planStamp(startOf(graph, range.start), range.targets, { purge: purge ?? false }))
    }
    case 'ensure_version_sql':
    case 'graph':
      return { kind: 'graph', graph }
    case 'heads':
      return ids(graph.heads())
    case 'bases':
      return ids(graph.bases())
    case 'branch_points':
      return ids(graph.branchPoints())
    case 'history':
      return ids(target === null ? graph.history() : graph.history(text, current))
    case 'current':
      return ids(graph.current(current))
    case 'show':
      return ids(graph.resolve(text, current))
    case 'revision_head':
      return ids(graph.parentsFor(targets, { splice: splice ?? false }))
    default:
      throw new Error(`the command ${command} of a case is not known`)
  }
}

function startOf(graph: RevisionGraph, start: string | undefined): string[] {
  return start === undefined ? [] : graph.startingRows(start)
}
