import { silentReporter } from '../events.ts'
import type { LazyShadow } from './lazy-shadow.ts'
import type { SchemaCheck } from './reads/schema-read.ts'
import type { ScriptParts } from './script-parts.ts'
import type { RecordedScript } from './script-run.ts'
import { openScriptShadow } from './script-shadow.ts'
import type { Shadow } from './shadow/shadow.ts'

/**
 * The answers that the database must give before the first step: those that were asked for first of all, and for every
 * later question what a shadow answers that stands at the start of the script, and has come there as the database does: by
 * the scripts before this one. A question that has no answer there, about something that the script itself makes, is left
 * to its own place.
 */
export async function guardChecks(
  parts: ScriptParts,
  { checks, forwardedBefore }: RecordedScript,
  first: LazyShadow,
): Promise<SchemaCheck[]> {
  if (parts.options.guard === false) return []
  const recorded = [...checks.values()]
  const later = recorded.find(({ atStart }) => !atStart)
  if (later === undefined) return recorded.map(({ check }) => check)
  // The first shadow has moved on with the script, and has said all that there is to say of shadows here.
  const unheard = { ...parts, options: { ...parts.options, report: silentReporter } }
  const open = (): Promise<Shadow> => openScriptShadow(unheard, parts.options.startRows, later.neededBy)
  const shadow = await first.another(forwardedBefore, open)
  try {
    const found: SchemaCheck[] = []
    for (const { check, atStart } of recorded) {
      if (atStart) found.push(check)
      else {
        const expected = await shadow.scalar(`SELECT ${check.expression}`).catch(() => undefined)
        if (expected !== undefined) found.push({ ...check, expected })
      }
    }
    return found
  } finally {
    await shadow.close()
  }
}
