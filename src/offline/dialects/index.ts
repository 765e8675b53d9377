import type { ScriptJob } from '../script-jobs.ts'
import type { ScriptParts } from '../script-parts.ts'
import type { ScriptDialect, ScriptFacts } from './script-dialect.ts'

/** What goes around the statements of one script. */
export async function scriptDialect(parts: ScriptParts, job: ScriptJob): Promise<ScriptDialect> {
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
  // Only the one that is wanted is loaded.
  if (family === 'postgresql') return (await import('./postgresql/index.ts')).postgresqlScript(facts)
  if (family === 'mysql') return (await import('./mysql/index.ts')).mysqlScript(facts)
  return (await import('./sqlite/index.ts')).sqliteScript(facts)
}
