import type { ScriptJob } from '../script-jobs.ts'
import type { ScriptParts } from '../script-parts.ts'
import { mysqlScript } from './mysql/index.ts'
import { postgresqlScript } from './postgresql/index.ts'
import type { ScriptDialect, ScriptFacts } from './script-dialect.ts'
import { sqliteScript } from './sqlite/index.ts'

/** What goes around the statements of one script. */
export function scriptDialect(parts: ScriptParts, job: ScriptJob): ScriptDialect {
  const { options, recorder, tables, sqlClient, family } = parts
  const facts: ScriptFacts = {
    direction: job.direction,
    dialect: recorder.dialect,
    tables,
    settings: options.settings,
    knexConfig: options.knexConfig,
    startRows: job.startRows,
    client: sqlClient,
    guarded: options.guard ?? true,
    allowNonEmpty: options.allowNonEmpty ?? false,
    // A way back that is ever run has a reason of its own.
    reason: job.file.kind === 'script' ? options.reason : undefined,
  }
  if (family === 'postgresql') return postgresqlScript(facts)
  return family === 'mysql' ? mysqlScript(facts) : sqliteScript(facts)
}
