import { RevError } from '../../errors/index.ts'
import { findCycles } from '../../graph/cycles.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'
import { openOthers } from './may-run.ts'
import { assertKnown, demandsOf } from './requirements.ts'

/**
 * Proves from the files alone that what these revisions require of other databases exists there, and can be applied before
 * them. Throws REV_REQUIREMENT_UNKNOWN and REV_REQUIREMENT_CIRCLE.
 */
export async function checkRequirements(context: CommandContext, scripts: RevisionScripts): Promise<void> {
  const demands = demandsOf(scripts, scripts.graph.ids())
  if (demands.length === 0) return
  const { read } = openOthers(context)
  await assertKnown(context, demands, read)
  const all = new Map<string, RevisionScripts>()
  for (const name of context.databaseNames) all.set(name, name === context.databaseName ? scripts : await read(name))
  assertNoCircle(all)
}

interface Node {
  readonly database: string
  readonly revision: string
  readonly file: string | undefined
}

function assertNoCircle(databases: ReadonlyMap<string, RevisionScripts>): void {
  const nodes: Node[] = []
  const numbers = new Map<string, number>()
  for (const [database, scripts] of databases) {
    for (const revision of scripts.graph.ids()) {
      numbers.set(keyOf(database, revision), nodes.length)
      nodes.push({ database, revision, file: scripts.get(revision).file })
    }
  }
  const below = nodes.map(({ database, revision }) => {
    const scripts = databases.get(database) as RevisionScripts
    const { downRevisions, dependsOn } = scripts.graph.describe(revision)
    return [
      ...[...downRevisions, ...dependsOn].map((id) => numbers.get(keyOf(database, id))),
      ...scripts.get(revision).requires.map((other) => numbers.get(keyOf(other.database, other.revision))),
    ].filter((number) => number !== undefined)
  })
  const [circle] = findCycles(below)
  if (circle) throw new RevError('REV_REQUIREMENT_CIRCLE', { circle: circle.map((number) => nodes[number] as Node) })
}

// No id has a blank.
const keyOf = (database: string, revision: string): string => `${revision} ${database}`
