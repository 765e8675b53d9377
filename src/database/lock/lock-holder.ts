/** Who holds the lock, as far as its server tells. */
export interface LockHolder {
  /** All of it in words, for a line. */
  readonly text: string
  /** The server's number of the connection, to end it by. */
  readonly connection: number | undefined
  readonly user: string | undefined
  /** Where it is connected from. */
  readonly address: string | undefined
  /** What it calls itself. */
  readonly application: string | undefined
  /** Whether it calls itself a script that was written with `--sql`; what has no name may be one all the same. */
  readonly isScript: boolean
  /** When it connected: ISO text in UTC with milliseconds. */
  readonly connectedAt: string | undefined
  /** The first words of the statement that runs on it now, without any value; undefined when none does. */
  readonly statement: string | undefined
  /** How long that statement has been running. */
  readonly statementMs: number | undefined
  /** Of a lease: in how many milliseconds it runs out unless it is renewed, by the clock of the database. */
  readonly leaseEndsInMs: number | undefined
  /** Process and machine, when it tells them itself. */
  readonly process: { readonly id: number; readonly host: string } | undefined
}

/** What is known of a holder; the rest is not. */
export type HolderFacts = Partial<Omit<LockHolder, 'text' | 'isScript' | 'process'>> & {
  /** Before everything else, when there is something better than a connection. */
  readonly name?: string
  readonly process?: LockHolder['process']
}

const SCRIPT_NAME = /^rev script\b/
const RUN_NAME = /^rev \S+ (\d+)@(.+)$/

/** Puts what is known of a holder into words. */
export function toHolder(facts: HolderFacts): LockHolder {
  const { connection, user, address, application, connectedAt, statement, statementMs, leaseEndsInMs } = facts
  const [, id, host] = RUN_NAME.exec(application ?? '') ?? []
  const parts: readonly (readonly [string, string | number | undefined])[] = [
    ['connection', connection],
    ['user', user],
    ['application', application],
    ['from', address],
    ['connected since', connectedAt],
    ['its lease runs out, unless it is renewed, in', leaseEndsInMs === undefined ? undefined : seconds(leaseEndsInMs)],
    ['running', statement],
  ]
  const words = parts.filter(([, value]) => value !== undefined).map(([name, value]) => `${name} ${value}`)
  if (statement !== undefined && statementMs !== undefined) words.push(`for ${seconds(statementMs)}`)
  return {
    text: [...(facts.name === undefined ? [] : [facts.name]), ...words].join(', '),
    connection,
    user,
    address,
    application,
    isScript: SCRIPT_NAME.test(application ?? ''),
    connectedAt,
    statement,
    statementMs,
    leaseEndsInMs,
    process: facts.process ?? (id === undefined || host === undefined ? undefined : { id: Number(id), host }),
  }
}

const seconds = (ms: number): string => `${(Math.max(0, ms) / 1000).toFixed(1)} s`
