import { RevError, type RevErrorDetails } from '../../errors/index.ts'
import { nearName } from '../../script/near-name.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'
import type { Sight } from './sight.ts'

type Unknown = RevErrorDetails['REV_REQUIREMENT_UNKNOWN']['problems'][number]
type Held = RevErrorDetails['REV_REQUIREMENT_HELD']['held'][number]

/** Gives the files of another database; each is read once. */
export type ReadScripts = (database: string) => Promise<RevisionScripts>

/** Looks at another database, or at what it will be by then. */
export type Look = (database: string) => Promise<Sight>

/** One thing that a revision requires. */
interface Demand {
  readonly revision: string
  readonly file: string | undefined
  readonly database: string
  readonly required: string
}

/** What these revisions require, in their order. */
export function demandsOf(scripts: RevisionScripts, revisions: readonly string[]): readonly Demand[] {
  return revisions.flatMap((id) => {
    // A stamp may let go of rows that no file knows.
    if (!scripts.graph.has(id)) return []
    const { requires, file } = scripts.get(id)
    return requires.map(({ database, revision }) => ({ revision: id, file, database, required: revision }))
  })
}

/** Proves that what is required exists in the files of the other databases. Throws REV_REQUIREMENT_UNKNOWN. */
export async function assertKnown(
  { databaseName, databaseNames }: Pick<CommandContext, 'databaseName' | 'databaseNames'>,
  demands: readonly Demand[],
  read: ReadScripts,
): Promise<void> {
  const problems: Unknown[] = []
  for (const demand of demands) {
    const { database, required } = demand
    const near = (names: readonly string[], text: string) => nearName(text, names)
    if (databaseNames.length === 0) problems.push({ ...demand, why: 'no-names', suggestion: undefined })
    else if (database === databaseName) problems.push({ ...demand, why: 'own-database', suggestion: undefined })
    else if (!databaseNames.includes(database)) {
      problems.push({ ...demand, why: 'no-database', suggestion: near(databaseNames, database) })
    } else {
      const { graph } = await read(database)
      if (graph.has(required)) continue
      const [begun] = graph.ids().filter((id) => id.startsWith(required))
      problems.push({ ...demand, why: 'no-revision', suggestion: begun ?? near(graph.ids(), required) })
    }
  }
  if (problems.length > 0) throw new RevError('REV_REQUIREMENT_UNKNOWN', { problems })
}

/** Proves that what is required is applied. Throws REV_REQUIREMENT_UNMET with all that is not. */
export async function assertMet(demands: readonly Demand[], look: Look): Promise<void> {
  const unmet = []
  for (const demand of demands) {
    const sight = await look(demand.database)
    // Rows that are only thought of cost a walk over the graph, so they are read where they are told.
    if (!sight.applied.has(demand.required)) unmet.push({ ...demand, place: sight.place, rows: sight.rows })
  }
  if (unmet.length > 0) throw new RevError('REV_REQUIREMENT_UNMET', { unmet })
}

/**
 * Proves that no applied revision of another database requires one that is to be undone; asks only databases whose files
 * say that one does. Throws REV_REQUIREMENT_HELD.
 */
export async function assertNotHeld(
  own: string,
  undone: ReadonlySet<string>,
  others: ReadonlyMap<string, RevisionScripts>,
  look: Look,
): Promise<void> {
  const held: Held[] = []
  for (const [database, scripts] of others) {
    const concerned = demandsOf(scripts, scripts.graph.ids()).filter(
      (demand) => demand.database === own && undone.has(demand.required),
    )
    if (concerned.length === 0) continue
    const { applied, place } = await look(database)
    held.push(
      ...concerned.filter(({ revision }) => applied.has(revision)).map((demand) => ({ ...demand, database, place })),
    )
  }
  if (held.length > 0) throw new RevError('REV_REQUIREMENT_HELD', { held })
}
