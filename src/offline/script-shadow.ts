import { driverMessage } from '../database/pin.ts'
import { RevError } from '../errors/index.ts'
import { silentReporter } from '../events.ts'
import type { ScriptParts } from './script-parts.ts'
import { openShadow, type ShadowNeed } from './shadow/open-shadow.ts'
import type { Shadow } from './shadow/shadow.ts'

/** A shadow that stands where the database is when a script starts. */
export async function openScriptShadow(
  { options, recorder }: ScriptParts,
  rows: readonly string[],
  neededBy: ShadowNeed,
): Promise<Shadow> {
  const { knexConfig, settings, scripts, x, tag, signal } = options
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
  return recorder.dialect.name === 'sqlite' ? withoutForeignKeys(shadow) : shadow
}

const SETS_FOREIGN_KEYS = /^\s*pragma\s+(?:main\s*\.\s*)?foreign_keys\b/i

// The rows that others refer to are in the database alone.
async function withoutForeignKeys(shadow: Shadow): Promise<Shadow> {
  await shadow.execute('PRAGMA foreign_keys = OFF')
  return { ...shadow, execute: async (sql) => (SETS_FOREIGN_KEYS.test(sql) ? undefined : shadow.execute(sql)) }
}

/** What is told when a statement of the script does not work on the shadow. */
export function shadowFailure(
  { options }: ScriptParts,
  error: unknown,
  { revision, sql }: { readonly revision: string; readonly sql: string },
  shadow: Shadow,
): RevError {
  const file = options.scripts.graph.has(revision) ? options.scripts.get(revision).file : undefined
  const details = { revision, file, line: undefined, query: sql, reason: driverMessage(error), shadow: shadow.name }
  return new RevError('REV_OFFLINE_SHADOW_STATEMENT', details, { cause: error })
}
