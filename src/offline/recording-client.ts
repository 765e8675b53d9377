import type { Knex } from 'knex'
import type { DialectFacts } from '../database/dialect.ts'
import { dialectOfClient } from '../database/dialect-of-client.ts'
import { loadKnex } from '../database/load-knex.ts'
import { RevError } from '../errors/index.ts'
import { DEFAULT_LITERALS } from './literals/literal-options.ts'
import type { KnexBuilder, KnexQuery, Recording } from './recording.ts'

/** The parts of Knex's client that a recording stands in for; Knex declares only some of them. */
interface KnexClient extends Knex.Client {
  runner(builder: KnexBuilder): { run(): Promise<unknown>; query(query: unknown): Promise<unknown> }
  prepBindings(bindings: readonly unknown[]): readonly unknown[]
}
type ClientClass = new (config: Knex.Config) => KnexClient
interface RecordingConfig extends Knex.Config {
  // Transactions get a client of the same class that shares nothing but the configuration, so the state is kept in it.
  revRecording: Recording
}

const silent = (): void => {}
const recordingOf = (client: Knex.Client): Recording => (client.config as RecordingConfig).revRecording

/** The class of Knex's own client for a configuration, from the project's Knex; loads no driver. */
export async function clientClassOf(
  config: Knex.Config,
  directory: string,
): Promise<{ ClientClass: ClientClass; dialect: DialectFacts; makeKnex: (config: Knex.Config) => Knex }> {
  if (config.client === undefined) throw new RevError('REV_DATABASE_NOT_CONFIGURED', {})
  // Without a name there is no driver to look for.
  const makeKnex = await loadKnex(directory, undefined)
  const { client } = makeKnex({ client: config.client, useNullAsDefault: true })
  return { ClientClass: client.constructor as ClientClass, dialect: dialectOfClient(client), makeKnex }
}

/**
 * A Knex that builds and compiles as the project's own does, and hands each statement to the recording instead of a
 * database. Names of identifiers go through the project's `wrapIdentifier`; responses, pool hooks and connection
 * functions do not exist without a database.
 */
export async function openRecordingKnex(config: Knex.Config, directory: string, recording: Recording): Promise<Knex> {
  const { ClientClass, dialect, makeKnex } = await clientClassOf(config, directory)
  const {
    postProcessResponse: _,
    pool: _pool,
    connectionPool: _connections,
    ...rest
  } = config as Knex.Config & { connectionPool?: unknown }
  const recordingConfig: RecordingConfig = {
    ...rest,
    client: recordingClass(ClientClass),
    // Character set and collation of MySQL's tables come from the connection; one that is computed is not computed here.
    connection: typeof config.connection === 'function' ? {} : (config.connection ?? {}),
    asyncStackTraces: true,
    log: { warn: silent, error: silent, deprecate: silent, debug: silent },
    revRecording: recording,
  }
  const knex = makeKnex(recordingConfig)
  const settings = (knex.client as { connectionSettings?: { timezone?: unknown } }).connectionSettings
  recording.useLiterals({
    timezone: typeof settings?.timezone === 'string' ? settings.timezone : DEFAULT_LITERALS.timezone,
    keepsIntegers: dialect.driver === 'sqlite3',
  })
  return knex
}

function recordingClass(ClientClass: ClientClass): typeof Knex.Client {
  const { prototype } = ClientClass
  // Knex finds these on the prototype of the class: a transaction's client is made from it without a constructor.
  class RecordingClient extends ClientClass {}
  const own = {
    initializeDriver: silent,
    initializePool: silent,
    acquireConnection: () => Promise.resolve(CONNECTION),
    releaseConnection: () => Promise.resolve(),

    runner(this: KnexClient, builder: KnexBuilder) {
      const recording = recordingOf(this)
      const runner = prototype.runner.call(this, builder)
      const { run, query } = runner
      runner.run = () => recording.watch(builder, () => run.call(runner))
      runner.query = (sent: unknown) => {
        if (typeof sent === 'object' && sent !== null) recording.remember(sent, builder)
        return query.call(runner, sent)
      }
      return runner
    },

    async query(this: KnexClient, _connection: unknown, query: string | KnexQuery) {
      if (typeof query === 'string') return recordingOf(this).query(this, query)
      const prepared = Object.assign(query, { bindings: this.prepBindings(query.bindings ?? []) })
      return { response: await recordingOf(this).query(this, prepared) }
    },

    processResponse: ({ response }: { response: unknown }) => response,

    stream(this: KnexClient, _connection: unknown, query: KnexQuery) {
      recordingOf(this).refuseStream(query)
    },

    destroy(this: KnexClient) {
      recordingOf(this).refuseDestroy()
    },
  }
  Object.assign(RecordingClient.prototype, own)
  return RecordingClient as unknown as typeof Knex.Client
}

const CONNECTION = { __knexUid: 'rev' }
