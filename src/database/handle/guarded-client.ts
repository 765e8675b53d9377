import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import type { KnexFunction } from '../load-knex.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { type BackslashMode, bindableInEveryMode, maySetMode, readBackslashMode } from './backslash-mode.ts'
import { type CapturedStack, captureStack, findCallSite } from './call-site.ts'
import { describeBuilder, type ForgottenWork } from './forgotten-work.ts'
import type { HandleOptions } from './handle-options.ts'
import { inlineValue } from './inlined-values.ts'
import type {
  ClientClass,
  ColumnBuilder,
  ColumnCompiler,
  InternalClient,
  KnexBuilder,
  KnexRunner,
  QueryObject,
  TableBuilder,
  TableRebuild,
  TransactionContainer,
} from './knex-internals.ts'
import {
  changeNullabilityAlone,
  escapeColumnComments,
  keepDefaults,
  refusePartialKeys,
  renameColumnsWhole,
} from './mysql-corrections.ts'
import { findOwnBetween } from './own-statements-between.ts'
import { patientlyBegun } from './patiently.ts'
import {
  hasEscapeInQuotes,
  hasUnquotedPlaceholder,
  mayQuotePlaceholder,
  positionNothing,
  positionPlaceholders,
  unescapeInQuotes,
} from './placeholders.ts'
import { replaceMethods } from './replace-methods.ts'
import {
  escapeEnumValues,
  escapeLongRunsOfQuotes,
  escapeTableComment,
  fillChecks,
  quotesOf,
} from './schema-corrections.ts'
import { joinAnswers, splitQuery, takesSeveral } from './several-statements.ts'
import type { StatementGate } from './statement-gate.ts'
import type { StatementOrigin } from './statement-origin.ts'
import { escapeJsonDefault, findUnmeantDefault } from './unmeant-defaults.ts'
import { findUnmeantValue } from './unmeant-values.ts'
import { watchBatchInsert } from './watch-batch-insert.ts'
import { watchRebuild } from './watch-rebuild.ts'

// What belongs to the pool or to the emitter of the client that is copied, is a transaction client's own wrapping, or is
// told by the class.
const NOT_COPIED = new Set([
  'pool',
  '_ownsPool',
  '_events',
  '_eventsCount',
  '_maxListeners',
  'query',
  'stream',
  'acquireConnection',
  'releaseConnection',
  'transaction',
  'isMariaDB',
])

/** What one step is to the clients that serve it. */
interface GuardedStep {
  readonly connection: PinnedConnection
  readonly options: HandleOptions
  readonly gate: StatementGate
  readonly mode: BackslashMode
  readonly betweenQuotes: (text: string) => string
  /** Whether the client numbers its placeholders. */
  readonly positions: boolean
  readonly isMariaDB: boolean | undefined
  /** MySQL: several statements in one text are sent one after the other, so that each has its line in the journal. */
  readonly oneByOne: boolean
  /** Whether rev sends statements of its own between those of the revision. */
  readonly hasOwnBetween: boolean
  /** True only while a statement without values is handed to Knex, which positions its placeholders at once. */
  withoutBindings: boolean
}

// In the configuration, because that is what Knex hands on to the clients of transactions.
const STEP = Symbol('rev.step')

const OWN = Symbol('rev.own')
const NOWHERE: CapturedStack = {}

/** The settings of the transaction that a step is run in, which no code of the revision has asked for. */
export const ownTransaction = (): object => ({ userParams: {}, doNotRejectOnRollback: true, [OWN]: true })

function stepOf({ config }: InternalClient): GuardedStep {
  return (config as unknown as { readonly [STEP]: GuardedStep })[STEP]
}

/**
 * A Knex client of the same class and configuration as the run's, on the pinned connection alone, with every statement
 * going through `gate`. `nested`: a transaction is open already, so that new ones are savepoints. `mode` is that of the
 * session now, and follows it.
 */
export function createGuardedClient(
  connection: PinnedConnection,
  options: HandleOptions,
  gate: StatementGate,
  nested: boolean,
  mode: BackslashMode = { arePlain: false },
): InternalClient {
  const source = connection.client as unknown as InternalClient
  const Source = connection.client.constructor as unknown as ClientClass
  const Guarded = guardedClasses.get(Source) ?? guardClass(Source, connection)
  guardedClasses.set(Source, Guarded)
  // Not constructed: a constructor of Knex parses the configuration again, warns again, and opens a pool.
  const client = copyProperties(source, Object.create(Guarded.prototype) as InternalClient)
  const step: GuardedStep = {
    connection,
    options,
    gate,
    mode,
    betweenQuotes: quotesOf(connection.dialect.name, mode),
    positions: Source.prototype.positionBindings.call(connection.client, '?') !== '?',
    isMariaDB: source.isMariaDB,
    oneByOne: options.record !== undefined && takesSeveral(connection.raw),
    // In the transaction of a step SQLite needs no journal.
    hasOwnBetween: options.record !== undefined && (connection.dialect.name === 'mysql' || !options.transaction),
    withoutBindings: false,
  }
  // With values in its messages an error would carry them into logs.
  client.config = { ...source.config, compileSqlOnError: false, [STEP]: step }
  client.transacting = nested
  for (const event of ['start', 'query', 'query-error', 'query-response']) {
    client.on(event, (...args) => source.emit(event, ...args))
  }
  return client
}

function copyProperties<T extends InternalClient>(source: InternalClient, target: T): T {
  const from = source as unknown as Readonly<Record<string, unknown>>
  const to = target as unknown as Record<string, unknown>
  for (const name of Object.getOwnPropertyNames(from)) if (!NOT_COPIED.has(name)) to[name] = from[name]
  return target
}

function refusePlaceholder({ positions, gate, options }: GuardedStep, query: QueryObject): RevError | undefined {
  if (!positions || !isUnbound(query) || !hasUnquotedPlaceholder(query.sql)) return undefined
  const place = findCallSite(gate.origin.get()?.stack, options.file)
  return gate.violate(
    new RevError('REV_STEP_UNBOUND_PLACEHOLDER', { revision: options.revision, ...place, statement: query.sql }),
  )
}

function silentChange({ gate, options }: GuardedStep, what: string, remedy: string): RevError {
  const place = findCallSite(gate.origin.get()?.stack, options.file)
  return gate.violate(new RevError('REV_STEP_SILENT_CHANGE', { revision: options.revision, ...place, what, remedy }))
}

// Schema statements have no method: what stands in them is a value that Knex has inlined, not text of the revision.
function settleEscapes(step: GuardedStep, query: QueryObject): RevError | undefined {
  const isSqlite = step.connection.dialect.name === 'sqlite'
  if (!isSqlite || query.method === undefined || !hasEscapeInQuotes(query.sql, 'sqlite')) return undefined
  if (isUnbound(query)) {
    return silentChange(
      step,
      'a \\? in a string is a question mark on other databases, and a backslash with one on SQLite',
      'give the text as a value: knex.raw("... ? ...", [text])',
    )
  }
  query.sql = unescapeInQuotes(query.sql, 'sqlite')
  return undefined
}

function refuseContent(step: GuardedStep, query: QueryObject): RevError | undefined {
  const { name } = step.connection.dialect
  const unmeant = findUnmeantValue(query, name) ?? (step.hasOwnBetween ? findOwnBetween(query.sql, name) : undefined)
  if (unmeant !== undefined) return silentChange(step, unmeant.what, unmeant.remedy)
  return refusePlaceholder(step, query) ?? settleEscapes(step, query)
}

async function followMode({ mode, connection }: GuardedStep, answer: Promise<unknown>): Promise<unknown> {
  const result = await answer
  Object.assign(mode, await readBackslashMode(connection))
  return result
}

async function oneByOne(
  { gate }: GuardedStep,
  query: QueryObject,
  queries: readonly QueryObject[],
  send: (query: QueryObject) => Promise<unknown>,
): Promise<QueryObject> {
  const before = gate.state.statements
  for (const one of queries) await send(one)
  // They count as the one that the revision asked for.
  gate.state.statements = Math.min(gate.state.statements, before + 1)
  joinAnswers(query, queries)
  return query
}

function positioned<T>(step: GuardedStep, query: QueryObject, send: () => T): T {
  step.withoutBindings = isUnbound(query)
  try {
    return send()
  } finally {
    step.withoutBindings = false
  }
}

/** Says the place again wherever Knex goes on after it has waited: to compile what was built, and to send each statement. */
function keepOrigin(runner: KnexRunner, origin: StatementOrigin, stack: CapturedStack | undefined): void {
  const { query, ensureConnection } = runner
  replaceMethods(runner, {
    query: (statement) => origin.run(stack, () => query.call(runner, statement)),
    ensureConnection: (act, given) =>
      ensureConnection.call(runner, (self, again) => origin.run(stack, () => act(self, again)), given),
  })
}

// Changes of a schema that Knex compiles whole, before it sends the first statement of them.
const COMPILED_WHOLE = /^(?:create|drop|has|refresh|raw$)/

/** Whether Knex may build statements of its own while this one runs. */
function buildsMore({ _sequence: sequence }: KnexBuilder): boolean {
  return sequence?.some(({ method }) => !COMPILED_WHOLE.test(method)) ?? false
}

function watchClone(forgotten: ForgottenWork, builder: KnexBuilder, stack: CapturedStack): KnexBuilder {
  forgotten.built(builder, stack)
  const { clone } = builder
  if (clone === undefined) return builder
  const copy = (): KnexBuilder => {
    forgotten.used(builder)
    return watchClone(forgotten, clone.call(builder), captureStack(copy))
  }
  builder.clone = copy
  return builder
}

// One for each class of Knex, not for each step: what is made anew for each step is compiled anew for each, too.
const guardedClasses = new WeakMap<ClientClass, ClientClass>()

/**
 * The guarded form of a class of Knex. Its methods are on the prototype, because Knex makes the clients of transactions
 * from the prototype of a client's class; which step they serve is in the client's configuration.
 */
function guardClass(Source: ClientClass, { dialect }: PinnedConnection): ClientClass {
  const isSqlite = dialect.name === 'sqlite'
  const isMysql = dialect.name === 'mysql'
  const isPostgres = dialect.name === 'postgresql'

  class Guarded extends Source {
    override query(target: unknown, query: string | QueryObject): Promise<unknown> {
      const step = stepOf(this)
      const { gate } = step
      if (typeof query === 'string') {
        const sql = isSqlite && /^begin;?$/i.test(query) ? 'BEGIN IMMEDIATE;' : query
        const begin = patientlyBegun(step, sql, () => super.query(target, sql))
        return gate.control(this, sql, begin)
      }
      const several = isMysql && step.oneByOne ? splitQuery(query) : undefined
      if (several !== undefined) return oneByOne(step, query, several, (one) => this.query(target, one))
      const refused = gate.refuse(this, query) ?? refuseContent(step, query)
      if (refused !== undefined) return gate.state.abandoned ? new Promise(() => {}) : Promise.reject(refused)
      const send = (): Promise<unknown> => positioned(step, query, () => super.query(target, query))
      if (isMysql && maySetMode(query.sql)) return gate.statement(this, query, () => followMode(step, send()))
      return gate.statement(this, query, send)
    }

    override stream(
      target: unknown,
      query: QueryObject,
      stream: NodeJS.EventEmitter & { destroy(error?: Error): void },
      settings: unknown,
    ): Promise<unknown> {
      const step = stepOf(this)
      const { gate } = step
      const refused = gate.refuse(this, query) ?? refuseContent(step, query)
      if (refused !== undefined) {
        stream.destroy(refused)
        return Promise.reject(refused)
      }
      const ended = gate.forgotten.started(gate.origin.get(), () => query.sql)
      const send = (): Promise<unknown> => {
        // A stream that its reader destroys ends without telling Knex.
        const closed = new Promise((resolve) => stream.once('close', resolve))
        try {
          return Promise.race([positioned(step, query, () => super.stream(target, query, stream, settings)), closed])
        } catch (error) {
          // A package that is missing (pg-query-stream): Knex would leave whoever reads the stream waiting for ever.
          stream.destroy(error as Error)
          throw error
        }
      }
      return gate.stream(this, query, send).finally(ended)
    }

    override positionBindings(sql: string): string {
      const { positions, withoutBindings } = stepOf(this)
      if (positions && withoutBindings) return positionNothing(sql)
      if (positions && mayQuotePlaceholder(sql)) return positionPlaceholders(sql)
      return super.positionBindings(sql)
    }

    override acquireConnection(): Promise<unknown> {
      return Promise.resolve(stepOf(this).connection.raw)
    }
    override releaseConnection(): Promise<void> {
      return Promise.resolve()
    }
    override initializeDriver(): void {}
    override initializePool(): void {}

    override destroy(callback?: (error?: unknown) => void): Promise<void> {
      const { options, gate } = stepOf(this)
      const place = findCallSite(captureStack(Guarded.prototype.destroy).stack, options.file)
      const error = gate.violate(new RevError('REV_STEP_DESTROYED_HANDLE', { revision: options.revision, ...place }))
      if (callback === undefined) return Promise.reject(error)
      callback(error)
      return Promise.resolve()
    }

    override transaction(container: TransactionContainer, settings: unknown, outer: unknown) {
      const { gate } = stepOf(this)
      const isOwn = (settings as { readonly [OWN]?: true } | undefined)?.[OWN] === true
      const stack = gate.origin.get() ?? (isOwn ? NOWHERE : captureStack(Guarded.prototype.transaction))
      const refused = gate.tooLate(() => 'knex.transaction(...)', stack)
      // It has what is used of a transaction that never begins: then and catch.
      if (refused !== undefined) return refused
      const watched: TransactionContainer = (trx) => {
        watchBatchInsert(trx, gate.forgotten)
        return container(trx)
      }
      const transaction = super.transaction(watched, settings, outer)
      gate.levels.announce(transaction, this, stack)
      return transaction
    }

    override runner(builder: KnexBuilder): KnexRunner {
      const { gate } = stepOf(this)
      const { forgotten, origin } = gate
      const runner = super.runner(builder)
      const { run, stream } = runner
      forgotten.used(builder)
      // What Knex builds while it runs a schema change has no frame of the project; it belongs to that change.
      const stack = origin.get() ?? forgotten.stackOf(builder)
      // On PostgreSQL it never does.
      const follows = !isPostgres && buildsMore(builder)
      replaceMethods(runner, {
        run() {
          const refused = gate.tooLate(() => describeBuilder(builder), stack)
          if (refused !== undefined) return refused
          const ended = forgotten.started(stack, () => describeBuilder(builder))
          const act = (): Promise<unknown> => run.call(runner)
          const result = follows ? origin.follow(stack, act) : origin.run(stack, act)
          result.then(ended, ended)
          return result
        },
        stream: (...args) => origin.follow(stack, () => stream.apply(runner, args)),
      })
      if (!follows) keepOrigin(runner, origin, stack)
      return runner
    }

    override queryBuilder(): KnexBuilder {
      const stack = captureStack(Guarded.prototype.queryBuilder)
      return watchClone(stepOf(this).gate.forgotten, super.queryBuilder(), stack)
    }
    override schemaBuilder(): KnexBuilder {
      const builder = super.schemaBuilder()
      stepOf(this).gate.forgotten.built(builder, captureStack(Guarded.prototype.schemaBuilder))
      return builder
    }
    override raw(...args: unknown[]): KnexBuilder {
      const { forgotten, origin } = stepOf(this).gate
      const builder = super.raw(...args)
      // A piece of a statement belongs to the one that runs; what could stand by itself has a place of its own.
      const isPiece = forgotten.isPiece(builder)
      const around = isPiece ? origin.get() : undefined
      const stack = around ?? captureStack(Guarded.prototype.raw)
      if (isPiece) forgotten.builtPiece(builder, stack)
      else forgotten.built(builder, stack)
      const { toSQL } = builder
      replaceMethods(builder, {
        toSQL(...rest) {
          forgotten.used(builder)
          return toSQL.apply(builder, rest)
        },
      })
      return builder
    }

    override queryCompiler(builder: KnexBuilder, formatter?: unknown): unknown {
      stepOf(this).gate.forgotten.used(builder)
      return super.queryCompiler(builder, formatter)
    }
    override schemaCompiler(builder: KnexBuilder): unknown {
      stepOf(this).gate.forgotten.used(builder)
      return super.schemaCompiler(builder)
    }
    override tableCompiler(builder: TableBuilder) {
      const step = stepOf(this)
      escapeTableComment(builder, step.betweenQuotes)
      const compiler = super.tableCompiler(builder)
      fillChecks(compiler)
      if (!isMysql) return compiler
      renameColumnsWhole(this, compiler)
      changeNullabilityAlone(this, compiler)
      refusePartialKeys(compiler, (what, remedy) => {
        throw silentChange(step, what, remedy)
      })
      return compiler
    }
    override columnCompiler(tableCompiler: unknown, builder: ColumnBuilder): ColumnCompiler {
      const unmeant = findUnmeantDefault(builder)
      const step = stepOf(this)
      if (unmeant !== undefined) throw silentChange(step, unmeant.what, unmeant.remedy)
      escapeEnumValues(builder, step.betweenQuotes)
      if (isPostgres) escapeLongRunsOfQuotes(builder)
      if (!isMysql) escapeJsonDefault(builder)
      const compiler = super.columnCompiler(tableCompiler, builder)
      if (!isMysql) return compiler
      keepDefaults(this, compiler)
      escapeColumnComments(compiler, step.mode)
      return compiler
    }
    override ddl(compiler: unknown, pragma: unknown, target: unknown): TableRebuild {
      const rebuild = super.ddl(compiler, pragma, target)
      watchRebuild(rebuild, (what) => {
        throw silentChange(
          stepOf(this),
          what,
          'make the change with SQL of your own: create a new table, copy the rows, drop the old one, rename the new one',
        )
      })
      return rebuild
    }
    override prepBindings(bindings: readonly unknown[] | undefined): readonly unknown[] | undefined {
      const prepared = super.prepBindings(bindings)
      return stepOf(this).mode.arePlain ? prepared?.map(bindableInEveryMode) : prepared
    }
    override _escapeBinding(value: unknown, context?: { readonly timeZone?: string | undefined }): string {
      return inlineValue(this, dialect.name, stepOf(this).mode, super._escapeBinding)(value, context)
    }
  }

  // Knex forgets it on the clients of transactions.
  const isMariaDB = { configurable: true, get: stepsMariaDb }
  if (isMysql) Object.defineProperty(Guarded.prototype, 'isMariaDB', isMariaDB)
  return Guarded
}

function stepsMariaDb(this: InternalClient): boolean | undefined {
  return stepOf(this).isMariaDB
}

function isUnbound({ bindings }: QueryObject): boolean {
  return bindings === undefined || bindings === null || bindings.length === 0
}

/** The knex function of a client. The client is handed over ready made, so any copy of Knex will do. */
export async function makeKnex(client: InternalClient): Promise<Knex> {
  const { default: knex } = await import('knex')
  return instanceOf(client, knex)
}

/** The same, made by this copy of Knex. */
export function instanceOf(client: InternalClient, knexFunction: KnexFunction): Knex {
  // `new` gives the object that a constructor returns.
  const Ready = function Ready(): InternalClient {
    return client
  }
  return knexFunction({ client: Ready as unknown as typeof Knex.Client })
}
