import { isRevError, RevError } from '../errors/index.ts'
import { silentReporter } from '../events.ts'
import type { RevisionPlace } from './recorded-revision.ts'
import type { ScriptParts } from './script-parts.ts'
import { emptyTables } from './shadow/empty-tables.ts'
import type { Shadow } from './shadow/shadow.ts'
import type { ShadowNeed } from './shadow/shadow-options.ts'

/** A shadow that stands where the database is when a script starts. */
export async function openScriptShadow(
  { options, recorder, family }: ScriptParts,
  rows: readonly string[],
  neededBy: ShadowNeed,
): Promise<Shadow> {
  const { knexConfig, settings, scripts, x, tag, signal } = options
  // A large part of rev's own code, which most scripts never need.
  const { openShadow } = await import('./shadow/open-shadow.ts')
  const shadow = await openShadow({
    dialect: recorder.dialect,
    knexConfig,
    directory: options.projectDirectory,
    settings,
    scripts,
    rows,
    x,
    tag,
    url: options.shadowUrl,
    neededBy,
    report: options.report ?? silentReporter,
    signal,
  })
  try {
    const ready = family === 'sqlite' ? await withoutForeignKeys(shadow) : shadow
    if (rows.length > 0) await emptyTables(ready, family)
    return ready
  } catch (error) {
    await shadow.close()
    throw error
  }
}

const SETS_FOREIGN_KEYS = /^\s*pragma\s+(?:main\s*\.\s*)?foreign_keys\b/i

// The rows that others refer to are in the database alone.
async function withoutForeignKeys(shadow: Shadow): Promise<Shadow> {
  await shadow.execute('PRAGMA foreign_keys = OFF')
  return { ...shadow, execute: async (sql) => (SETS_FOREIGN_KEYS.test(sql) ? undefined : shadow.execute(sql)) }
}

/** What is told when a statement of the script, or a question, does not work on the shadow. */
export function shadowFailure(
  { family }: ScriptParts,
  error: unknown,
  place: RevisionPlace,
  sql: string,
  shadow: Shadow,
): Error {
  if (isRevError(error)) return error
  // The driver's own words: there is no Knex between that would put the statement before them.
  const reason = error instanceof Error ? error.message : String(error)
  const details = { ...place, query: sql, reason, shadow: shadow.name, dialect: family }
  return new RevError('REV_OFFLINE_SHADOW_STATEMENT', details, { cause: error })
}

/** Where a revision is, when nothing more is known. */
export function placeOf({ options: { scripts } }: ScriptParts, revision: string): RevisionPlace {
  const file = scripts.graph.has(revision) ? scripts.get(revision).file : undefined
  return { revision, file, line: undefined }
}
