import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { DialectFacts } from '../database/dialect.ts'
import { dialectOfClient } from '../database/dialect-of-client.ts'
import { instanceOf } from '../database/handle/guarded-client.ts'
import type { ClientClass, InternalClient, TableBuilder } from '../database/handle/knex-internals.ts'
import { createKnex, type KnexFunction, loadKnex } from '../database/load-knex.ts'
import { RevError } from '../errors/index.ts'
import { type HandleTemplate, handleTemplates } from './handle-template.ts'
import { DEFAULT_LITERALS, type LiteralOptions } from './literals/literal-options.ts'
import { pgTimezone } from './pg-timezone.ts'
import { isPoison } from './poison.ts'
import type { KnexQuery } from './recorded-revision.ts'
import type { Recording } from './recording.ts'

/** Stands where a connection of a driver would be. */
export const NO_CONNECTION = { __knexUid: 'rev' }

/** A client that has no driver and no pool, for one script; it is never destroyed, because nothing is open. */
export interface RecordingClient {
  readonly client: InternalClient
  /** What the handles of its steps have in common. */
  handleTemplate(): HandleTemplate
  readonly dialect: DialectFacts
  readonly literals: LiteralOptions
  /** The connection's own database, as Knex writes it into reads on MySQL, and whether the project translates names. */
  readonly names: { readonly database: string | undefined; readonly renames: boolean }
  /** MySQL: whether the driver takes several statements in one text; true also where that is not known. */
  readonly takesSeveral: boolean
  /** From here on, statements go to this recording. */
  record(recording: Recording): void
}

interface RecordedClient extends InternalClient {
  prepBindings(bindings: readonly unknown[]): readonly unknown[]
}
/** What the dialects of Knex do with a response; its types do not tell. */
interface Responding {
  processResponse(query: { readonly response: unknown }, runner: unknown): unknown
  postProcessResponse(result: unknown, queryContext: unknown): unknown
}
type Stream = NodeJS.EventEmitter & { destroy(error: Error): void }
interface Recorder {
  recording: Recording | undefined
  /** How many statements came, of all recordings. */
  statements: number
}

// By number and not by the clock, so that what a revision does side by side comes in the same order each time.
const STATEMENTS_IN_A_TURN = 256

/** Nothing here waits for a server: a revision that goes on and on would let no signal and no timer through. */
function turnOf(recorder: Recorder): Promise<void> | undefined {
  recorder.statements += 1
  return recorder.statements % STATEMENTS_IN_A_TURN === 0 ? nextTurn() : undefined
}

const silent = (): void => {}

const isOwn = (connection: unknown): boolean =>
  (connection as typeof NO_CONNECTION | undefined)?.__knexUid === NO_CONNECTION.__knexUid

/**
 * A client of the project's own Knex that builds and compiles as online, and hands each statement to a recording instead
 * of a database. Names and responses go through the project's `wrapIdentifier` and `postProcessResponse`; hooks of the pool
 * and functions for the connection do not exist without a database. Throws REV_DATABASE_NOT_CONFIGURED without a client.
 */
export async function openRecordingClient(config: Knex.Config, directory: string): Promise<RecordingClient> {
  // Without the name of a client there is no driver to look for.
  const knexFunction = await loadKnex(directory, undefined)
  const recorder: Recorder = { recording: undefined, statements: 0 }
  const { client, dialect } = makeClient(config, knexFunction, recorder)
  const { connectionSettings } = client as { connectionSettings?: { timezone?: unknown; database?: unknown } }
  const { database } = connectionSettings ?? {}
  const timezone = dialect.name === 'postgresql' ? pgTimezone(directory) : connectionSettings?.timezone
  return {
    client,
    handleTemplate: handleTemplates(client, () => instanceOf(client, knexFunction)),
    dialect,
    literals: {
      timezone: typeof timezone === 'string' ? timezone : DEFAULT_LITERALS.timezone,
      keepsIntegers: dialect.driver === 'sqlite3',
      textInBytes: false,
    },
    names: {
      database: typeof database === 'string' ? database : undefined,
      renames: config.wrapIdentifier !== undefined,
    },
    takesSeveral: takesSeveral(config.connection, connectionSettings),
    record(recording) {
      recorder.recording = recording
    },
  }
}

/** What mysql2 makes of its settings. */
function takesSeveral(connection: Knex.Config['connection'], settings: object | undefined): boolean {
  if (connection === undefined || connection === '' || typeof connection === 'function') return true
  const { multipleStatements, flags, uri } = (settings ?? {}) as Readonly<Record<string, unknown>>
  return Boolean(multipleStatements) || uri !== undefined || /MULTI_STATEMENTS/i.test(String(flags ?? ''))
}

function makeClient(
  config: Knex.Config,
  knexFunction: KnexFunction,
  recorder: Recorder,
): Pick<RecordingClient, 'client' | 'dialect'> {
  if (config.client === undefined) throw new RevError('REV_DATABASE_NOT_CONFIGURED', {})
  const log = { warn: silent, error: silent, deprecate: silent, debug: silent }
  // Without a connection Knex makes a client that loads no driver: it knows the class, and nothing else is wanted of it.
  const plain = createKnex(knexFunction, { client: config.client, useNullAsDefault: true, log }).client as Knex.Client
  const Recording = recordingClass(plain.constructor as unknown as ClientClass, recorder)
  const { connectionPool: _pool, ...rest } = config as Knex.Config & { connectionPool?: unknown }
  // Character set and collation of MySQL's tables come from the connection; one that is computed is not computed here.
  const connection = typeof config.connection === 'function' ? {} : (config.connection ?? {})
  const recordingConfig = { ...rest, client: Recording as unknown as typeof Knex.Client, connection, log }
  const client = createKnex(knexFunction, recordingConfig as Knex.Config).client as { config: Knex.Config }
  // Revisions that run on several databases look here which one it is.
  client.config = { ...client.config, client: config.client }
  return { client: client as unknown as InternalClient, dialect: dialectOfClient(plain) }
}

function recordingClass(Source: ClientClass, recorder: Recorder): ClientClass {
  const current = (): Recording => {
    if (recorder.recording === undefined) throw new RevError('REV_INTERNAL', { what: 'a statement without a revision' })
    return recorder.recording
  }
  // Everything is on the prototype, because Knex makes the clients of transactions from it without a constructor.
  return class extends Source {
    override initializeDriver(): void {}
    override initializePool(): void {}
    override acquireConnection(): Promise<unknown> {
      return Promise.resolve(NO_CONNECTION)
    }
    override releaseConnection(): Promise<void> {
      return Promise.resolve()
    }

    override async query(connection: unknown, query: string | KnexQuery): Promise<unknown> {
      if (typeof query === 'string') return current().control(query)
      if (!isOwn(connection)) return current().refuseConnection(query)
      const bindings = (this as unknown as RecordedClient).prepBindings(query.bindings ?? [])
      // Written out: what Knex hands over has another shape for each kind of builder.
      const { sql, method, output, returning } = query
      const recorded = await current().query({ sql, bindings, method, output, returning })
      // Behind it: the order of the statements stays that of the calls.
      const turn = turnOf(recorder)
      if (turn !== undefined) await turn
      // Of one that was written nothing but the response is looked at, here below.
      return 'answered' in recorded ? { ...query, response: recorded.answered } : { response: recorded.written }
    }

    override raw(...args: unknown[]): ReturnType<InternalClient['raw']> {
      // Also what is built before the first statement, or for no script at all.
      recorder.recording?.noteText(args[0])
      return super.raw(...args)
    }
    override tableCompiler(builder: TableBuilder): ReturnType<InternalClient['tableCompiler']> {
      recorder.recording?.noteTable(builder)
      return super.tableCompiler(builder)
    }

    override async stream(_connection: unknown, query: KnexQuery, stream: Stream): Promise<unknown> {
      try {
        return current().refuseStream(query)
      } catch (error) {
        // Knex leaves it to the client to tell the reader of the stream.
        stream.destroy(error as Error)
        throw error
      }
    }

    processResponse(query: { readonly response: unknown }, runner: unknown): unknown {
      if (isPoison(query.response)) return query.response
      return (Source.prototype as unknown as Responding).processResponse.call(this, query, runner)
    }
    postProcessResponse(result: unknown, queryContext: unknown): unknown {
      if (isPoison(result)) return result
      return (Source.prototype as unknown as Responding).postProcessResponse.call(this, result, queryContext)
    }
  }
}
