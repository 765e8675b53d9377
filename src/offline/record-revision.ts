import type { Knex } from 'knex'
import { createGuardedClient, makeKnex } from '../database/handle/guarded-client.ts'
import type { HandleOptions } from '../database/handle/handle-options.ts'
import { refuseEnding } from '../database/handle/refuse-ending.ts'
import { runWork } from '../database/handle/run-work.ts'
import { createStatementGate, type StatementGate } from '../database/handle/statement-gate.ts'
import { watchBatchInsert } from '../database/handle/watch-batch-insert.ts'
import type { PinnedConnection } from '../database/pinned-connection.ts'
import { answerRead, refuseRead } from './answer-read.ts'
import type { ScriptStep, StepCare, StepSession } from './dialects/script-dialect.ts'
import { Recording } from './recording.ts'
import { NO_CONNECTION, type RecordingClient } from './recording-client.ts'
import { rowsOfResponse } from './rows-of-response.ts'
import { RunTransaction } from './run-transaction.ts'
import type { ScriptRun } from './script-run.ts'
import { inStepTransaction } from './step-transaction.ts'

/**
 * Records one revision under the same rules as online: its function gets the same guarded handle, with a client below it
 * that writes instead of sending. Throws what the function threw, and the REV_STEP_* and REV_OFFLINE_* errors.
 */
export async function recordRevision(
  run: ScriptRun,
  step: ScriptStep,
  file: string | undefined,
  work: (knex: Knex, recording: Recording) => unknown,
  last: { readonly rowsBefore: readonly string[] } | undefined,
): Promise<void> {
  const { parts, dialect, sink } = run
  const { recorder, family, options: rendering } = parts
  const { revision, transaction } = step
  const { signal } = rendering
  const runTransaction = family === 'mysql' ? new RunTransaction() : undefined
  const connection = connectionOf(recorder, runTransaction)
  const options: HandleOptions = { transaction, revision, file, signal }
  let care: StepCare | undefined
  const gate = createStatementGate(connection, options, (sql) => care?.surround(sql))
  const session = sessionOf(run, gate, revision, file)
  care = await dialect.careFor(step, session)
  let changesSession = false
  const noteSession = (): void => {
    changesSession = true
    run.changesSession = true
  }
  const recording = new Recording(family, recorder.literals, sink, {
    revision,
    file,
    transaction,
    gate,
    care,
    noteSession,
    noteBackslashes: () => {
      run.backslashesIn ??= revision
    },
    borrowedName: () => run.borrowedName,
    borrowedIds: run.borrowedIds,
    names: recorder.names,
    takesSeveral: recorder.takesSeveral,
    runTransaction,
    answer: (read, query, place) => answerRead(run, read, query, place),
    refuseRead: (query, place, resultOnly) => refuseRead(run, gate, query, place, resultOnly),
    refuseIf: (condition, message) => sink.text(dialect.refuseIf(condition, message)),
  })
  recorder.record(recording)
  const inside = async (): Promise<void> => {
    // First: the revision may have taken a role that must not write rev's rows.
    if (changesSession) {
      await sink.here(async (put) => {
        put(dialect.restoreSession())
        await run.shadow.restoreSession(revision)
      })
    }
    await care.check()
    sink.prepareForRows()
    await sink.text(dialect.record(step, { statements: gate.state.statements, last }))
  }
  // Nothing goes to a server here: whatever was not awaited would be through within the turn that a run waits for it.
  const whole = async (knex: Knex): Promise<void> => {
    await work(knex, recording)
    const fault = gate.forgotten.find(gate.levels.unfinished(gate.state.root))
    if (fault !== undefined) throw gate.violate(fault)
  }
  const client = createGuardedClient(connection, options, gate, false)
  if (!transaction) {
    const knex = await makeKnex(client)
    watchBatchInsert(knex, gate.forgotten)
    await runWork(connection, gate, signal, whole, knex)
    recording.end()
    await sink.begin()
    await sink.text(dialect.afterBegin(step))
    await inside()
    return sink.commit()
  }
  await inStepTransaction(recorder.handleTemplate(), client, async (trx) => {
    watchBatchInsert(trx, gate.forgotten)
    const allowEnding = refuseEnding(trx, gate, options)
    try {
      await sink.text(dialect.afterBegin(step))
      await runWork(connection, gate, signal, whole, trx)
      await inside()
    } finally {
      gate.state.phase = 'ending'
      allowEnding()
    }
  })
}

function sessionOf(
  { sink, shadow, parts }: ScriptRun,
  gate: StatementGate,
  revision: string,
  file: string | undefined,
): StepSession {
  return {
    gate,
    revision,
    file,
    write: (sql) => sink.statement({ sql, hasBody: false }),
    text: (text) => sink.text(text),
    ask: async (sql) => {
      const answer = await sink.here(async () => {
        const ready = await shadow.get({ revision, file, line: undefined, query: sql })
        // Whoever asks may want to know whether it can be asked; that is no failure of the script.
        return ready.read(sql).then(
          (response) => ({ response }),
          (error: unknown) => ({ error }),
        )
      })
      if ('error' in answer) throw answer.error
      return rowsOfResponse(answer.response, parts.family)
    },
  }
}

function connectionOf({ client, dialect }: RecordingClient, run: RunTransaction | undefined): PinnedConnection {
  const query = (_sql: string, answered: (error: unknown, result: unknown) => void): void =>
    answered(null, { serverStatus: run?.serverStatus })
  return {
    dialect,
    client: client as unknown as Knex.Client,
    // MySQL is asked for the state of the transaction past Knex.
    raw: run === undefined ? NO_CONNECTION : { ...NO_CONNECTION, query },
    joined: false,
    // The guard only asks whether the transaction is still the same one, and here it always is.
    query: async () => ({ rows: [], affected: undefined }),
  }
}
