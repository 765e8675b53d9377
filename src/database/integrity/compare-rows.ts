import { type IntegrityFinding, integrityFindings } from '../../errors/integrity-findings.ts'
import type { RevisionGraph } from '../../graph/revision-graph.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { LoggedState } from './logged-state.ts'

/** Compares the version rows with the files, and both with the log: what is unknown, missing, double or was never run. */
export function compareRows(
  scripts: RevisionScripts,
  rows: readonly string[],
  logged: LoggedState,
): IntegrityFinding[] {
  const { graph, directories } = scripts
  const unknown = graph.unknownRows(rows)
  const known = rows.filter((row) => graph.has(row))
  return [
    ...unknown.map((revision) => {
      const { when, gitCommit } = logged.upgraded.get(revision) ?? {}
      return integrityFindings.unknownRow({ revision, when, commit: gitCommit, directories })
    }),
    ...missingFiles(graph, unknown, logged),
    ...overlaps(graph, known),
    ...notRun(scripts, known, logged),
  ]
}

function missingFiles(graph: RevisionGraph, unknown: readonly string[], { upgraded }: LoggedState): IntegrityFinding[] {
  return [...upgraded]
    .filter(([revision]) => !graph.has(revision) && !unknown.includes(revision))
    .map(([revision, { when, gitCommit, stampedSince }]) =>
      integrityFindings.fileMissing({ revision, when, commit: gitCommit, stampedSince }),
    )
}

function overlaps(graph: RevisionGraph, rows: readonly string[]): IntegrityFinding[] {
  return rows.flatMap((above) => {
    const below = graph.applied([above])
    return rows
      .filter((row) => row !== above && below.has(row))
      .map((row) => integrityFindings.overlappingRows(above, row))
  })
}

/** What counts as applied, although the log tells that it was not, or not any more. */
function notRun(scripts: RevisionScripts, rows: readonly string[], logged: LoggedState): IntegrityFinding[] {
  const { graph } = scripts
  const { upgraded, takenBack } = logged
  const findings = new Map<string, IntegrityFinding>()
  const at = (revision: string) => ({ revision, file: scripts.get(revision).file })
  const applied = graph.applied(rows)
  for (const revision of applied) {
    const when = takenBack.get(revision)
    if (when !== undefined) findings.set(revision, integrityFindings.takenBack(at(revision), when))
  }
  for (const [child, { rowsBefore, stampedSince }] of upgraded) {
    // A stamp may have said so on purpose, and rows that no file knows imply nobody knows what.
    if (stampedSince || !applied.has(child) || !rowsBefore.every((row) => graph.has(row))) continue
    const parents = graph.describe(child).effectiveDownRevisions.filter((parent) => !rowsBefore.includes(parent))
    if (parents.length === 0) continue
    const before = graph.applied(rowsBefore)
    if (parents.every((parent) => before.has(parent))) continue
    for (const revision of graph.applied([child])) {
      if (revision === child || before.has(revision) || upgraded.has(revision) || findings.has(revision)) continue
      findings.set(revision, integrityFindings.notRun(at(revision), child))
    }
  }
  return [...findings.values()]
}
