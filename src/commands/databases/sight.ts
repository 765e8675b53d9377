import { withDatabase } from '../../database/database.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'

/** What is known of another database at one moment. */
export interface Sight {
  readonly scripts: RevisionScripts
  /** Which database, without its secrets. */
  readonly place: string
  readonly rows: readonly string[]
  /** Every revision that is applied in it, as far as files know them. */
  readonly applied: ReadonlySet<string>
}

/** Looks at a database: reads its files and its rows, and changes nothing. Throws what connecting throws. */
export async function lookAt(context: CommandContext): Promise<Sight> {
  const scripts = await context.scripts()
  return withDatabase(context, { readOnly: true }, async (database) => {
    const { rows } = await database.readRows()
    return sightOf(scripts, database.description.text, rows)
  })
}

/** The same from rows that are known, or expected. */
export function sightOf(scripts: RevisionScripts, place: string, rows: readonly string[]): Sight {
  const { graph } = scripts
  return { scripts, place, rows, applied: graph.applied(rows.filter((row) => graph.has(row))) }
}
