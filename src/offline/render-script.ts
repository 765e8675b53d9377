import { limitsFor, type WantedLimits } from '../database/limits/time-limit.ts'
import { revTables } from '../database/tables.ts'
import { RevError } from '../errors/index.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { composeScript } from './compose-script.ts'
import type { SqlClient } from './dialects/script-dialect.ts'
import { familyOf } from './family-of.ts'
import { guardChecks } from './guard-checks.ts'
import { LazyShadow } from './lazy-shadow.ts'
import { loadModules } from './load-modules.ts'
import type { SchemaCheck } from './reads/schema-read.ts'
import { recordScript } from './record-script.ts'
import { openRecordingClient } from './recording-client.ts'
import { ScriptFolder } from './script-folder.ts'
import { jobsOf, rollbacksOf, type ScriptJob } from './script-jobs.ts'
import type { RenderScriptOptions, ScriptFile, ScriptModule, ScriptParts } from './script-parts.ts'
import type { RecordedScript } from './script-run.ts'
import { openScriptShadow, placeOf, shadowFailure } from './script-shadow.ts'
import { ScriptSpool } from './script-spool.ts'

export interface RenderScriptResult {
  /** The dialect of the script. */
  readonly dialect: string
  /** The revisions in it, in order. */
  readonly revisions: readonly string[]
  /** The version rows after the script. */
  readonly rows: readonly string[]
  /** The scripts that were written, in the order in which they are run; rollbacks after them. */
  readonly files: readonly ScriptFile[]
  /** The revision that a read of rows ended the script before, as `onDataRead: 'comment'` asks. */
  readonly stopsBefore: string | undefined
}

/**
 * Writes a plan as a script for the database's own client. The same input gives the same bytes. Nothing is written
 * before everything is known: what cannot be reverted is refused, every file is loaded, every function is through.
 * Throws REV_OFFLINE_*, REV_STEP_*, REV_IRREVERSIBLE, the errors of loading, and what `write` throws as it is.
 */
export async function renderScript(options: RenderScriptOptions): Promise<RenderScriptResult> {
  const folder = new ScriptFolder()
  const opened: { remove(): Promise<void> }[] = []
  let shadow: LazyShadow | undefined
  try {
    const parts = await openParts(options, folder)
    const jobs = jobsOf(options)
    const journal = new ScriptSpool(folder, 'journal')
    opened.push(journal)
    shadow = new LazyShadow({
      journal,
      open: (neededBy) => openScriptShadow(parts, options.startRows, neededBy),
      explain: (error, { revision, sql }, ready) => shadowFailure(parts, error, placeOf(parts, revision), sql, ready),
    })
    const recorded: RecordedScript[] = []
    const record = async (job: ScriptJob): Promise<RecordedScript> => {
      const script = await recordScript(parts, job, shadow as LazyShadow, recorded.length)
      opened.push(script.body)
      recorded.push(script)
      return script
    }
    await recordAll(jobs, record, options.withRollback ?? false)
    const [first, ...others] = recorded
    const guards: SchemaCheck[][] = []
    for (const script of recorded) guards.push(await guardChecks(parts, script, shadow))
    for (const [index, script] of recorded.entries()) await composeScript(parts, script, guards[index] ?? [])
    const way = recorded.filter(({ job }) => job.file.kind === 'script')
    return {
      dialect: parts.recorder.dialect.name,
      revisions: way.flatMap(({ done }) => done.map(({ revision }) => revision)),
      rows: way.at(-1)?.rows ?? first?.rows ?? [],
      files: [first, ...others].flatMap((script) => (script === undefined ? [] : [script.job.file])),
      stopsBefore: way.at(-1)?.stopsBefore,
    }
  } finally {
    await shadow?.close()
    for (const spool of opened) await spool.remove()
    await folder.remove()
  }
}

async function recordAll(
  jobs: readonly ScriptJob[],
  record: (job: ScriptJob) => Promise<RecordedScript>,
  withRollback: boolean,
): Promise<void> {
  const written: ScriptJob[] = []
  for (const job of jobs) {
    const { done, stopsBefore } = await record(job)
    written.push({ ...job, steps: job.steps.slice(0, done.length) })
    if (stopsBefore !== undefined) break
  }
  if (withRollback) for (const job of rollbacksOf(written)) await record(job)
}

// Seeds say nothing of their own about time: those of the session hold.
const NO_LIMITS = { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0 }

async function openParts(options: RenderScriptOptions, folder: ScriptFolder): Promise<ScriptParts> {
  const { knexConfig, projectDirectory, settings, plan, scripts, signal, withRollback } = options
  const recorder = await openRecordingClient(knexConfig, projectDirectory)
  const family = familyOf(recorder.dialect)
  const sqlClient = clientFor(family, options.sqlClient)
  const modules = new Map<string, ScriptModule>(await loadModules(plan.steps, scripts, signal, withRollback ?? false))
  const tables = revTables(recorder.dialect, settings.schema, settings.versionTable)
  for (const [name, seed] of options.seeds ?? []) {
    const upgrade = await seed.load(tables, recorder.dialect)
    modules.set(name, {
      revision: name,
      upgrade,
      downgrade: undefined,
      irreversible: undefined,
      transaction: true,
      limits: NO_LIMITS,
    })
  }
  if (family === 'sqlite') refuseStatementLimits(settings, modules)
  return { options, family, tables, sqlClient, modules, recorder, folder }
}

function refuseStatementLimits(settings: WantedLimits, modules: ReadonlyMap<string, ScriptModule>): void {
  const limited = [...modules].filter(([, { limits }]) => limitsFor(settings, {}, limits).statement.ms > 0)
  const revisions = limited.map(([revision]) => revision)
  if (revisions.length > 0) throw new RevError('REV_DATABASE_STATEMENT_TIMEOUT', { revisions })
}

const CLIENT_OF: Readonly<Record<SqlFamily, SqlClient>> = { postgresql: 'psql', mysql: 'mysql', sqlite: 'sqlite3' }

function clientFor(family: SqlFamily, asked: SqlClient | undefined): SqlClient {
  const own = CLIENT_OF[family]
  if (asked === undefined || asked === own || asked === 'generic') return asked ?? own
  throw new RevError('REV_OFFLINE_CLIENT', { client: asked, dialect: family, fitting: [own, 'generic'] })
}
