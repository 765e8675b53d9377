import type { Knex } from 'knex'
import { createGuardedClient, makeKnex } from '../database/handle/guarded-client.ts'
import type { HandleOptions } from '../database/handle/handle-options.ts'
import { refuseEnding } from '../database/handle/refuse-ending.ts'
import { runWork } from '../database/handle/run-work.ts'
import { createStatementGate } from '../database/handle/statement-gate.ts'
import { watchBatchInsert } from '../database/handle/watch-batch-insert.ts'
import type { PinnedConnection } from '../database/pinned-connection.ts'
import type { SqlFamily } from '../sql/sql-family.ts'
import { Recording } from './recording.ts'
import { NO_CONNECTION, type RecordingClient } from './recording-client.ts'
import type { ScriptSink } from './script-sink.ts'

export interface RecordedStep {
  readonly revision: string
  readonly file: string | undefined
  readonly transaction: boolean
  readonly signal: AbortSignal
  /** The revision's function. */
  work(knex: Knex): unknown
  /** Writes the changes of the version rows, in the transaction of the work or in a short one of their own. */
  inside(): Promise<void>
}

/**
 * Records one revision under the same rules as online: its function gets the same guarded handle, with a client below it
 * that writes instead of sending. Throws what the function threw, and the REV_STEP_* and REV_OFFLINE_* errors.
 */
export async function recordRevision(
  step: RecordedStep,
  recorder: RecordingClient,
  family: SqlFamily,
  sink: ScriptSink,
): Promise<void> {
  const { revision, file, transaction, signal } = step
  const connection = connectionOf(recorder)
  const options: HandleOptions = { transaction, revision, file, signal, onStatement: () => {} }
  const gate = createStatementGate(connection, options, () => undefined)
  recorder.record(new Recording(family, recorder.literals, sink, { revision, file, transaction, gate }))
  const client = createGuardedClient(connection, options, gate, false)
  if (!transaction) {
    const knex = await makeKnex(client)
    watchBatchInsert(knex, gate.forgotten)
    await runWork(connection, gate, signal, step.work, knex)
    await sink.begin()
    await step.inside()
    return sink.commit()
  }
  const container = async (trx: Knex.Transaction): Promise<void> => {
    const allowEnding = refuseEnding(trx, gate, options)
    try {
      await runWork(connection, gate, signal, step.work, trx)
      await step.inside()
    } finally {
      gate.state.phase = 'ending'
      allowEnding()
    }
  }
  await client.transaction(container, { userParams: {}, doNotRejectOnRollback: true }, null)
}

function connectionOf({ client, dialect }: RecordingClient): PinnedConnection {
  return {
    dialect,
    client: client as unknown as Knex.Client,
    raw: NO_CONNECTION,
    joined: false,
    // The guard only asks whether the transaction is still the same one, and here it always is.
    query: async () => ({ rows: [], affected: undefined }),
  }
}
