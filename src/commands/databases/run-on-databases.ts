import { interruption } from '../../database/interruption.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import type { Reporter } from '../../events.ts'
import type { CommandContext } from '../context.ts'
import { type OrderedDatabases, orderDatabases } from './order.ts'
import type { Part, WantedRun } from './parts.ts'

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
  /** Opens one of them, to see whether that can be done, and for a look ahead; silent. */
  open(name: string): Promise<CommandContext>
  /** What is to be planned before the first is changed; undefined for a command that only looks. */
  readonly wanted: WantedRun | undefined
  readonly report: Reporter
  readonly signal: AbortSignal
  /** Carries the command out on one of them, or on a part of its way. */
  run(part: Part): Promise<R>
  /** Hears of each as soon as it is known. */
  heard?(outcome: DatabaseOutcome<R>): void
}

/**
 * Carries a command out on several databases, one after the other. What can be known before is looked at first, for all of
 * them, and unless it is to go on after errors nothing is changed where one of them cannot begin. A failure is an outcome.
 * Thrown are a name that is no database's, a configuration that cannot be used where that stops everything, and what is no
 * error of rev's.
 */
export async function runOnDatabases<R, C extends string>(
  command: C,
  options: DatabasesRun<R>,
): Promise<DatabasesResult<R, C>> {
  const { continueOnError = false, heard = () => {} } = options
  const { parts, failures } = await lookAhead(options)
  const outcomes: DatabaseOutcome<R>[] = []
  const isStopped = failures.size > 0 && (!continueOnError || options.signal.aborted)
  const failing = new Set<string>()
  let mayGoOn = !isStopped
  // Where nothing is run there are no parts of a way.
  const wayOf = isStopped ? unique(parts.map(({ database }) => database)).map((database) => ({ database })) : parts
  for (const [index, part] of wayOf.entries()) {
    const { database } = part
    const known = isStopped ? failures.get(database) : undefined
    let outcome = known ? failed<R>(database, known) : notRun<R>(database)
    // What is left of a way stands on what has failed.
    if (mayGoOn && !failing.has(database)) outcome = await runOne(part, { index, total: wayOf.length, ...options })
    if (outcome.state === 'failed') {
      failing.add(database)
      if (!continueOnError || options.signal.aborted) mayGoOn = false
    }
    outcomes.push(outcome)
    heard(outcome)
  }
  return { command, databases: outcomes, ok: outcomes.every(({ state }) => state === 'done') }
}

/** The error of several databases of which not all are done. */
export function databasesFailed({ command, databases }: DatabasesResult<unknown>): RevError {
  const details = unique(databases.map(({ database }) => database)).map((database) => {
    const parts = databases.filter((each) => each.database === database)
    const { state, error } = parts.find((part) => part.state !== 'done') ?? (parts[0] as DatabaseOutcome<unknown>)
    const isInPart = state === 'not-run' && parts.some((part) => part.state === 'done')
    return { database, state: isInPart ? ('in-part' as const) : state, code: error?.code, reason: error?.message }
  })
  const cause = databases.find(({ error }) => error !== undefined)?.error
  return new RevError('REV_DATABASES_FAILED', { command, databases: details }, { cause }) as RevError
}

async function lookAhead<R>(options: DatabasesRun<R>): Promise<OrderedDatabases> {
  const { open, wanted, continueOnError = false } = options
  const names = unique(options.names)
  const contexts = new Map<string, CommandContext>()
  const unopened = new Map<string, RevError>()
  for (const name of names) {
    try {
      contexts.set(name, await open(name))
    } catch (error) {
      // A wrong name is a slip of whoever typed it, not the failure of a database.
      if (!isRevError(error) || isRevError(error, 'REV_CONFIG_UNKNOWN_DATABASE')) throw error
      if (wanted !== undefined && !continueOnError) throw error
      unopened.set(name, error)
    }
  }
  if (wanted === undefined) return { parts: names.map((database) => ({ database })), failures: new Map() }
  const { parts, failures } = await orderDatabases(contexts, wanted, { continueOnError })
  return {
    parts: [...parts, ...[...unopened.keys()].map((database) => ({ database }))],
    failures: new Map([...unopened, ...failures]),
  }
}

async function runOne<R>(
  part: Part,
  { index, total, report, signal, run }: DatabasesRun<R> & { readonly index: number; readonly total: number },
): Promise<DatabaseOutcome<R>> {
  const { database } = part
  if (signal.aborted) return failed(database, interruption(signal))
  report({ type: 'database:start', database, index, total })
  try {
    return { database, state: 'done', result: await run(part), error: undefined }
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

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
