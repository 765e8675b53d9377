import { interruption } from '../../database/interruption.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import type { Reporter } from '../../events.ts'
import type { CommandContext } from '../context.ts'
import { type OrderedDatabases, orderDatabases, type Part, type WantedRun } from './order.ts'

/** How several databases are gone through. */
export interface DatabasesOptions {
  /** After one has failed, go on with the others. Default false. */
  readonly continueOnError?: boolean
}

/** What a command came to on one of several databases. */
export interface DatabaseOutcome<R> {
  /** Its name in the knexfile. */
  readonly database: string
  /** `not-run`: an earlier one has failed. */
  readonly state: 'done' | 'failed' | 'not-run'
  /** What the command gives; undefined unless it is done. */
  readonly result: R | undefined
  /** Undefined unless it has failed. */
  readonly error: RevError | undefined
}

/**
 * What a command came to on several databases, in the order in which it went through them. One whose revisions had to wait for
 * another database is there once for each part of the way.
 */
export interface DatabasesResult<R, C extends string = string> {
  readonly command: C
  readonly databases: readonly DatabaseOutcome<R>[]
  /** Every one of them is done. */
  readonly ok: boolean
}

export interface DatabasesRun<R> extends DatabasesOptions {
  /** The names, as asked for. */
  readonly names: readonly string[]
  /** Opens one of them, for a look ahead; silent. */
  open(name: string): Promise<CommandContext>
  /** What is to be planned before the first is changed; undefined for a command that only looks. */
  readonly wanted: WantedRun | undefined
  readonly report: Reporter
  readonly signal: AbortSignal
  /** Carries the command out on one of them; with `narrowed` only on that part of the way. */
  run(name: string, narrowed: Part['narrowed']): Promise<R>
  /** Hears of each as soon as it is known. */
  heard?(outcome: DatabaseOutcome<R>): void
}

/**
 * Carries a command out on several databases, one after the other. What can be known before is looked at first, for all of
 * them, and unless it is to go on after errors nothing is changed where one of them cannot begin. A failure is an outcome;
 * only what is no error of rev's is thrown.
 */
export async function runOnDatabases<R, C extends string>(
  command: C,
  options: DatabasesRun<R>,
): Promise<DatabasesResult<R, C>> {
  const { continueOnError = false, heard = () => {} } = options
  const { parts, failures } = await lookAhead(options)
  const outcomes: DatabaseOutcome<R>[] = []
  const isStopped = failures.size > 0 && !continueOnError
  let mayGoOn = !isStopped
  for (const [index, { database, narrowed }] of parts.entries()) {
    const known = isStopped ? failures.get(database) : undefined
    let outcome = known ? failed<R>(database, known) : notRun<R>(database)
    if (mayGoOn) outcome = await runOne(database, narrowed, { index, total: parts.length, ...options })
    if (outcome.state === 'failed' && (!continueOnError || options.signal.aborted)) mayGoOn = false
    outcomes.push(outcome)
    heard(outcome)
  }
  return { command, databases: outcomes, ok: outcomes.every(({ state }) => state === 'done') }
}

/** The error of several databases of which not all are done. */
export function databasesFailed({ command, databases }: DatabasesResult<unknown>): RevError {
  const names = [...new Set(databases.map(({ database }) => database))]
  const details = names.map((database) => {
    const parts = databases.filter((each) => each.database === database)
    // What has gone only a part of its way is not done.
    const { state, error } = parts.find((part) => part.state !== 'done') ?? (parts[0] as DatabaseOutcome<unknown>)
    return { database, state, code: error?.code, reason: error?.message }
  })
  const cause = databases.find(({ error }) => error !== undefined)?.error
  return new RevError('REV_DATABASES_FAILED', { command, databases: details }, { cause }) as RevError
}

async function lookAhead<R>({ names, open, wanted }: DatabasesRun<R>): Promise<OrderedDatabases> {
  if (wanted === undefined) return { parts: names.map((database) => ({ database })), failures: new Map() }
  const contexts = new Map<string, CommandContext>()
  for (const name of names) contexts.set(name, await open(name))
  return orderDatabases(contexts, wanted)
}

async function runOne<R>(
  database: string,
  narrowed: Part['narrowed'],
  { index, total, report, signal, run }: DatabasesRun<R> & { readonly index: number; readonly total: number },
): Promise<DatabaseOutcome<R>> {
  if (signal.aborted) return failed(database, interruption(signal))
  report({ type: 'database:start', database, index, total })
  try {
    return { database, state: 'done', result: await run(database, narrowed), error: undefined }
  } catch (error) {
    if (!isRevError(error)) throw error
    return failed(database, error)
  }
}

function failed<R>(database: string, error: RevError): DatabaseOutcome<R> {
  return { database, state: 'failed', result: undefined, error }
}

function notRun<R>(database: string): DatabaseOutcome<R> {
  return { database, state: 'not-run', result: undefined, error: undefined }
}
