import { type GraphProblem, graphProblems } from '../errors/graph-problems.ts'
import { findCycles, topologicalOrder } from './cycles.ts'
import { entryAt, type Links } from './links.ts'
import { nearNames } from './near-names.ts'
import { ID_PATTERN, RESERVED_WORDS, type Revision } from './revision.ts'

// Near matches cost a look at every name; a project with more faults than this has another problem than a typing error.
const MOST_WITH_NEAR_NAMES = 50

/** Everything that keeps these revisions from being a graph, in load order and cycles last; empty when all is well. */
export function findProblems(links: Links): GraphProblem[] {
  return [
    ...links.revisions.flatMap(illegalNames),
    ...repeatedIds(links.revisions),
    ...repeatedLabels(links),
    ...missingNames(links),
    ...cycles(links),
  ]
}

function illegalNames(revision: Revision): GraphProblem[] {
  const id = revision.revision
  const problems: GraphProblem[] = []
  if (!ID_PATTERN.test(id)) problems.push(graphProblems.illegalId(revision))
  if (RESERVED_WORDS.has(id)) problems.push(graphProblems.reservedId(revision))
  for (const label of revision.branchLabels) {
    if (!ID_PATTERN.test(label)) problems.push(graphProblems.illegalLabel(revision, label))
    if (RESERVED_WORDS.has(label)) problems.push(graphProblems.reservedLabel(revision, label))
  }
  return problems
}

function repeatedIds(revisions: readonly Revision[]): GraphProblem[] {
  const problems: GraphProblem[] = []
  const byId = new Map<string, Revision>()
  const byLowerCase = new Map<string, Revision>()
  for (const revision of revisions) {
    const lower = revision.revision.toLowerCase()
    const same = byId.get(revision.revision)
    const similar = byLowerCase.get(lower)
    if (same !== undefined) problems.push(graphProblems.duplicateId(revision, same.file))
    else if (similar !== undefined) problems.push(graphProblems.caseClash(revision, similar))
    byId.set(revision.revision, same ?? revision)
    byLowerCase.set(lower, similar ?? revision)
  }
  return problems
}

function repeatedLabels({ revisions, numbers, labelled }: Links): GraphProblem[] {
  return revisions.flatMap((revision, number) =>
    revision.branchLabels.flatMap((label) => {
      const withId = numbers.get(label)
      if (withId !== undefined) return [graphProblems.duplicateLabel(revision, label, entryAt(revisions, withId))]
      const declaring = labelled.get(label)
      if (declaring === undefined || declaring === number) return []
      return [graphProblems.duplicateLabel(revision, label, entryAt(revisions, declaring))]
    }),
  )
}

function missingNames({ revisions, numbers, labelled }: Links): GraphProblem[] {
  const problems: GraphProblem[] = []
  const near = (name: string, names: Iterable<string>): string[] =>
    problems.length < MOST_WITH_NEAR_NAMES ? nearNames(name, names) : []
  for (const revision of revisions) {
    for (const name of revision.downRevisions) {
      if (numbers.has(name)) continue
      problems.push(graphProblems.missingDownRevision(revision, name, near(name, numbers.keys())))
    }
    for (const name of revision.dependsOn) {
      if (numbers.has(name) || labelled.has(name)) continue
      const names = [...numbers.keys(), ...labelled.keys()]
      problems.push(graphProblems.missingDependency(revision, name, near(name, names)))
    }
  }
  return problems
}

/** A knot that holds together by down revisions alone is reported as such, and not a second time as a dependency cycle. */
function cycles(links: Links): GraphProblem[] {
  if (topologicalOrder(links.below, links.above).length === links.revisions.length) return []
  const inLine = findCycles(links.children)
  const known = new Set(inLine.flat())
  const throughDependencies = findCycles(links.above).filter((cycle) => !cycle.some((number) => known.has(number)))
  const places = (cycle: readonly number[]) => cycle.map((number) => entryAt(links.revisions, number))
  return [
    ...inLine.map((cycle) => graphProblems.cycle(places(cycle))),
    ...throughDependencies.map((cycle) => graphProblems.dependencyCycle(places(cycle))),
  ]
}
