import { plainScript } from '../plain-script.ts'
import type { ScriptDialect, ScriptFacts } from '../script-dialect.ts'

/** A script for postgresql. */
export function postgresqlScript(facts: ScriptFacts): ScriptDialect {
  return plainScript('postgresql', facts)
}
