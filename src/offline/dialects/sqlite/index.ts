import { plainScript } from '../plain-script.ts'
import type { ScriptDialect, ScriptFacts } from '../script-dialect.ts'

/** A script for sqlite. */
export function sqliteScript(facts: ScriptFacts): ScriptDialect {
  return plainScript('sqlite', facts)
}
