import type { Database } from '../../database/database.ts'
import { driverMessage } from '../../database/pin.ts'
import { run } from '../../database/run.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import type { ShadowEngine } from './engine.ts'
import type { OpenShadowOptions } from './shadow-options.ts'

/**
 * Brings an empty scratch database to the rows, as `rev upgrade` would; gives the number of revisions. Throws
 * REV_OFFLINE_SHADOW_START when the connection is not to the scratch database, REV_OFFLINE_SHADOW_REPLAY when a revision
 * does not get through, the errors of loading revisions, and the interruption.
 */
export async function replay(database: Database, engine: ShadowEngine, options: OpenShadowOptions): Promise<number> {
  await assertScratch(database, engine)
  const { scripts, rows, x, tag } = options
  if (rows.length === 0) return 0
  try {
    const { steps } = await run(database, {
      direction: 'upgrade',
      plan: (current) => scripts.graph.planUpgrade(current, rows),
      scripts,
      x,
      tag,
      singleTransaction: false,
      lockTimeoutMs: 0,
      allowNonEmpty: true,
    })
    return steps.length
  } catch (error) {
    throw toReplayError(error, engine)
  }
}

/** Before anything is done: a client of the project's own may connect to wherever it likes. */
async function assertScratch({ connection }: Database, { name, proof }: ShadowEngine): Promise<void> {
  const { rows } = await connection.query(proof.sql)
  if (rows[0]?.answer === proof.answer) return
  const reason = 'the client of the project connects to another database than it is told'
  const remedy = 'give a client that goes by its "connection", such as pg, mysql2 or better-sqlite3, with --client'
  throw new RevError('REV_OFFLINE_SHADOW_START', { shadow: name, reason, remedy })
}

function toReplayError(error: unknown, { kind, name }: ShadowEngine): unknown {
  if (!isRevError(error)) return error
  const details: Readonly<Record<string, unknown>> = { ...error.details }
  const isOfRevision = error.code.startsWith('REV_STEP_') && typeof details.revision === 'string'
  if (!isOfRevision) return error
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  const failure = {
    revision: String(details.revision),
    file: text(details.file),
    line: typeof details.line === 'number' ? details.line : undefined,
    shadow: name,
    engine: kind,
    statement: text(details.statement),
    reason: text(details.driverMessage) ?? reasonOf(error),
  }
  return new RevError('REV_OFFLINE_SHADOW_REPLAY', failure, { cause: error })
}

/** The first line: what follows is the statement, and what has become of the run. */
const reasonOf = (error: RevError): string => driverMessage(error).split('\n')[0]?.replace(/:$/, '') ?? error.code
