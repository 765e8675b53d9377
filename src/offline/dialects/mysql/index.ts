import { plainScript } from '../plain-script.ts'
import type { ScriptDialect, ScriptFacts } from '../script-dialect.ts'

/** A script for mysql. */
export function mysqlScript(facts: ScriptFacts): ScriptDialect {
  return plainScript('mysql', facts)
}
