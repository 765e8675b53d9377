import type { StatementPlace } from '../limits/lock-failure.ts'
import type { HandleOptions } from './handle-options.ts'
import type { InternalClient, QueryObject } from './knex-internals.ts'
import type { StepState } from './step-state.ts'
import type { Level, TransactionLevels } from './transaction-levels.ts'

type Send = () => Promise<unknown>

/** What of a step decides how its statements are sent. */
interface Step {
  readonly levels: TransactionLevels
  readonly state: StepState
  readonly options: Pick<HandleOptions, 'patience' | 'record'>
}

/** Puts the patience of the step, when it has one, around the sending of one statement. */
export function patiently(
  { levels, state, options }: Step,
  client: InternalClient,
  query: QueryObject,
  send: Send,
): Send {
  const { patience } = options
  if (patience === undefined) return send
  // Knex puts what it sends in place of what it was given.
  const { sql, bindings } = query
  const sendAnew: Send = () => {
    Object.assign(query, { sql, bindings })
    return send()
  }
  return () => {
    const place = placeOf(client, levels.levelOf(client), { levels, state })
    // One that the revision has begun by SQL of its own holds more than this statement, and a deadlock ends it whole.
    const isInside = place === 'alone' && options.record?.isOpen === true
    return patience({ sql, place: isInside ? 'inside' : place, commitsByItself: state.implicitCommit }, sendAnew)
  }
}

/** The same for BEGIN, which SQLite answers when it has the lock; savepoints take none. */
export function patientlyBegun({ options: { patience } }: Pick<Step, 'options'>, sql: string, send: Send): Send {
  if (patience === undefined || !/^begin\b/i.test(sql)) return send
  return () => patience({ sql, place: 'alone', commitsByItself: false }, send)
}

function placeOf(
  client: InternalClient,
  level: Level,
  { levels, state }: Pick<Step, 'levels' | 'state'>,
): StatementPlace {
  if (level !== levels.bottom) return level === state.root ? 'step' : 'inside'
  return client.transacting ? 'inside' : 'alone'
}
