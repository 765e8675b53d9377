import { driverMessage } from '../database/pin.ts'
import { RevError } from '../errors/index.ts'
import type { ScriptParts } from './script-parts.ts'
import type { Shadow } from './shadow/shadow.ts'

/** A shadow that stands where the database is when a script starts. */
export async function openScriptShadow(_parts: ScriptParts, _rows: readonly string[]): Promise<Shadow> {
  throw new RevError('REV_INTERNAL', { what: 'there is no shadow yet' })
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
