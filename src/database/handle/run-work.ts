import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import { interruption } from '../interruption.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import type { InternalClient } from './knex-internals.ts'
import type { StatementGate } from './statement-gate.ts'

/** How long a function that was told to stop may take for its own cleaning up. */
const GRACE_MS = 500

/**
 * Calls a revision's function and waits until it and everything it started is through; closes the handle then. Throws
 * what the function threw, REV_STEP_FORGOTTEN and the other REV_STEP_* of the gate, and the interruption.
 */
export async function runWork(
  connection: PinnedConnection,
  gate: StatementGate,
  signal: AbortSignal,
  work: (knex: Knex) => unknown,
  knex: Knex,
): Promise<void> {
  const { state, forgotten, levels } = gate
  const { aborted, forget } = listen(signal)
  let stopping: Promise<void> | undefined
  try {
    if (signal.aborted) throw interruption(signal)
    const worked = call(work, knex)
    // With two who wait for it, V8 looks no further for callers: no stack of the revision holds frames of rev's own.
    worked.catch(ignore)
    const stopped = aborted.then(() => {
      stopping = stopWork(connection, gate, worked)
      return stopping
    })
    await Promise.race([worked, stopped])
    // What was started without being awaited has its first chance to be through here.
    await nextTurn()
    if (signal.aborted) throw interruption(signal)
    const fault = state.violation ?? forgotten.find(levels.unfinished(state.root))
    if (fault !== undefined) throw fault
    state.phase = 'closed'
  } catch (error) {
    await abandon(gate)
    // The function may have ended before its statement was cancelled: then that would reach what is sent next.
    await stopping
    throw signal.aborted ? interruption(signal) : (state.violation ?? error)
  } finally {
    forget()
  }
}

/** Gives the step up: nothing more is sent, and what is on its way has arrived. */
export async function abandon(gate: StatementGate): Promise<void> {
  gate.state.phase = 'closed'
  gate.state.abandoned = true
  await gate.idle()
}

const ignore = (): void => {}

// Its own async function, so that what `work` throws at once is a rejection, too. Every builder keeps the stack that it
// was made on, and a stack that begins here costs a fraction of one with all of rev below it.
async function call(work: (knex: Knex) => unknown, knex: Knex): Promise<void> {
  await undefined
  await work(knex)
}

async function stopWork(connection: PinnedConnection, gate: StatementGate, worked: Promise<void>): Promise<void> {
  const client = connection.client as unknown as InternalClient
  if (client.canCancelQuery === true && gate.stoppable()) {
    // The statement may have ended meanwhile, or the server may refuse a second connection: then it is waited for.
    await client.cancelQuery(connection.raw).catch(() => {})
  }
  await gate.idle()
  await Promise.race([worked.catch(() => {}), wait(GRACE_MS)])
}

// Every step of a run waits for the same signal, which has one listener for all of them.
const waiting = new WeakMap<AbortSignal, Set<() => void>>()

/** Resolves when the signal comes; never once it is forgotten. */
function listen(signal: AbortSignal): { readonly aborted: Promise<void>; forget(): void } {
  const waitingHere = waiting.get(signal) ?? startListening(signal)
  let abort: () => void = () => {}
  const aborted = new Promise<void>((resolve) => {
    abort = resolve
  })
  waitingHere.add(abort)
  return { aborted, forget: () => void waitingHere.delete(abort) }
}

function startListening(signal: AbortSignal): Set<() => void> {
  const added = new Set<() => void>()
  waiting.set(signal, added)
  const abortAll = (): void => {
    for (const abort of added) abort()
  }
  signal.addEventListener('abort', abortAll, { once: true })
  return added
}
