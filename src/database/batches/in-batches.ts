import type { Knex } from 'knex'
import { RevError } from '../../errors/index.ts'
import type { InBatches } from '../../script/batches.ts'
import type { WorkWatch } from '../handle/with-handle.ts'
import { interruption } from '../interruption.ts'
import type { BatchJournal } from '../journal/batch-journal.ts'
import { type BatchPlace, batchHash, keepPlace, readPlace } from '../journal/batch-lines.ts'
import { pause } from '../limits/pause.ts'
import type { Database } from '../open-database.ts'
import { type CheckedOptions, checkBatchOptions } from './batch-options.ts'
import { type BatchQuery, nextRows, rowsWithout, takeKey, toBatchQuery } from './batch-query.ts'
import { countRows } from './count-rows.ts'
import { findKey } from './find-key.ts'
import type { KeyColumn } from './key-column.ts'

/** One step whose function may go over rows in batches. */
export interface BatchStep {
  readonly database: Database
  readonly revision: string
  readonly file: string | undefined
  /** Whether the function got a transaction that ends with the version rows. */
  readonly transaction: boolean
  readonly journal: BatchJournal | undefined
  readonly knex: Knex
  readonly watch: WorkWatch
  /** Proves in the transaction of a batch that the lock of the run is ours. */
  proveOwned(): Promise<void>
}

/** `inBatches` of one step. */
export function createBatches(step: BatchStep): InBatches {
  const names = new Set<string>()
  let calls = 0
  let isBusy = false
  return async (source, options, work) => {
    calls += 1
    const query = toBatchQuery(source)
    const { name } = options
    if (name !== undefined && names.has(name)) throw new RangeError(`two calls of inBatches have the name "${name}"`)
    if (name !== undefined) names.add(name)
    const problem = isBusy ? 'other batches are under way' : refusal(step)
    if (problem !== undefined) throw refused(step, problem)
    isBusy = true
    try {
      const call = name === undefined ? `call ${calls}` : `name ${name}`
      const hand = (rows: Row[], trx: Knex): unknown => work(rows as Parameters<typeof work>[0], trx)
      return await goOver(step, { call, query, options: checkBatchOptions(options), work: hand })
    } finally {
      isBusy = false
    }
  }
}

type Row = Record<string, unknown>

const DIALECTS = new Set(['postgresql', 'mysql', 'sqlite'])

function refusal({ database, journal }: BatchStep): string | undefined {
  const { name } = database.dialect
  return DIALECTS.has(name) ? journal?.refusal : `rev does not know how ${name} orders its keys`
}

interface Call {
  readonly call: string
  readonly query: BatchQuery
  readonly options: CheckedOptions
  readonly work: (rows: Row[], trx: Knex) => unknown
}

/** What one call has found out before its first batch. */
interface Going extends Call {
  readonly columns: readonly KeyColumn[]
  readonly name: string
  readonly hash: string
  /** Of its line in the journal. */
  readonly number: number
  readonly total: number | undefined
  elapsed(): number
}

async function goOver(step: BatchStep, call: Call): Promise<number> {
  const started = performance.now()
  const { database, knex, journal } = step
  const { query, options } = call
  const columns = await findKey({ ...step, connection: database.connection }, knex, query, options.key)
  const hash = batchHash({ call: call.call, table: query.table, key: options.key })
  const name = options.name ?? query.table
  const entry = journal?.find(hash, `batches of ${name}`)
  const place = entry === undefined ? START : readPlace(entry.answer)
  const kinds = columns.map(({ kind }) => kind)
  if (place === undefined || (entry !== undefined && String(place.kinds) !== String(kinds))) {
    throw keyRefused(step, call, 'it was of another type when these batches began')
  }
  if (place.isDone) return place.rows
  if (place.behind !== undefined) tellContinuation(step, name, place)
  await refuseNothing(step, call, columns)
  const total = options.total ?? (journal?.keepsEach ? await countRows(knex, query) : undefined)
  const number = entry?.number ?? journal?.nextNumber() ?? 0
  const going: Going = {
    ...call,
    columns,
    name,
    hash,
    number,
    total,
    elapsed: () => Math.round(performance.now() - started),
  }
  const from = { ...place, kinds }
  return journal?.keepsEach ? oneByOne(step, going, from, entry?.answer) : together(step, going, from, entry?.answer)
}

const START: BatchPlace = { batches: 0, rows: 0, behind: undefined, kinds: [], isDone: false }

/** Each batch is a transaction, with the line in the journal. */
async function oneByOne(step: BatchStep, going: Going, from: BatchPlace, kept: string | undefined): Promise<number> {
  const { database, knex, journal } = step
  const { signal } = database
  let place = from
  let before = kept
  do {
    const done = place
    place = await knex.transaction(async (trx) => {
      const next = await covered(journal, () => carryOut(step, going, done, trx))
      await step.proveOwned()
      await write(journal, going, next, before)
      return next
    })
    before = keepPlace(place)
    tell(step, going, done, place)
    const mayGoOn = place.isDone || going.options.pauseMs === 0 || (await pause(going.options.pauseMs, signal))
    if (!mayGoOn) throw interruption(signal)
  } while (!place.isDone)
  return place.rows
}

/** All of them are a part of the transaction around. */
async function together(step: BatchStep, going: Going, from: BatchPlace, kept: string | undefined): Promise<number> {
  const { database, knex, journal } = step
  const { signal } = database
  tellTogether(step, going)
  // A savepoint, so that nothing else of the revision comes in between.
  const last = await knex.transaction((trx) =>
    covered(journal, async () => {
      let place = from
      do {
        const done = place
        place = await carryOut(step, going, done, trx)
        tell(step, going, done, place)
        if (!place.isDone && going.options.pauseMs > 0) await pause(going.options.pauseMs, signal)
      } while (!place.isDone)
      return place
    }),
  )
  await write(journal, going, last, kept)
  return last.rows
}

/** Reads the next rows, has the work done, and says how far it is then. */
async function carryOut(step: BatchStep, going: Going, place: BatchPlace, trx: Knex): Promise<BatchPlace> {
  const { columns, options, query } = going
  const assertNothingLeft = step.watch.begin()
  // One more than asked for: it tells whether there is more, and whether the key tells it from the last one.
  const rows = (await nextRows(query.on(trx), columns, place.behind, options.size + 1)) as Row[]
  const keys = rows.map((row) => takeKey(row, columns))
  if (keys.includes(undefined)) throw keyRefused(step, going, 'the rows come without their key')
  let last = place.behind
  for (const key of keys) {
    if (last?.every((text, index) => text === key?.[index])) {
      throw keyRefused(step, going, 'several rows have the same values there')
    }
    last = key
  }
  const isDone = rows.length <= options.size
  rows.length = Math.min(rows.length, options.size)
  if (rows.length === 0) return { ...place, isDone }
  const count = rows.length
  await going.work(rows, trx)
  await assertNothingLeft()
  return { ...place, batches: place.batches + 1, rows: place.rows + count, behind: keys[count - 1], isDone }
}

async function covered<T>(journal: BatchJournal | undefined, work: () => Promise<T>): Promise<T> {
  return journal === undefined ? work() : journal.cover(work)
}

async function write(
  journal: BatchJournal | undefined,
  { name, hash, number }: Going,
  place: BatchPlace,
  before: string | undefined,
): Promise<void> {
  const rows = place.rows === 1 ? '1 row' : `${place.rows} rows`
  const statement = `batches of ${name}: ${rows} done${place.isDone ? ', all of them' : ''}`
  await journal?.write({ number, hash, state: 'done', statement, answer: keepPlace(place) }, before, name)
}

async function refuseNothing({ knex, ...step }: BatchStep, call: Call, columns: readonly KeyColumn[]): Promise<void> {
  for (const column of columns) {
    if (!column.isNullable) continue
    const [row] = (await rowsWithout(call.query.on(knex), column)) as unknown[]
    if (row !== undefined) throw keyRefused({ knex, ...step }, call, `"${column.name}" is NULL in some of the rows`)
  }
}

function tell(step: BatchStep, { name, total, elapsed }: Going, before: BatchPlace, place: BatchPlace): void {
  if (place.batches === before.batches) return
  const { batches: batch, rows } = place
  step.database.report({ type: 'batch:done', revision: step.revision, name, batch, rows, total, ms: elapsed() })
}

function tellContinuation({ database, revision }: BatchStep, name: string, { rows }: BatchPlace): void {
  const message = `the batches "${name}" of "${revision}" go on behind the ${rows} rows that are done`
  database.report({ type: 'notice', code: 'REV_NOTICE_BATCHES_GO_ON', message })
}

function tellTogether({ database, revision, transaction }: BatchStep, { name }: Going): void {
  if (!transaction) return
  const message = `the batches "${name}" of "${revision}" are all in one transaction, which holds its locks until the end and begins anew when it fails; with "export const transaction = false" each is one`
  database.report({ type: 'notice', code: 'REV_NOTICE_BATCHES_TOGETHER', message })
}

function keyRefused({ revision, file }: BatchStep, { query, options }: Call, problem: string): RevError {
  return new RevError('REV_BATCH_KEY', { revision, file, table: query.table, key: options.key, problem })
}

function refused({ revision, file }: BatchStep, problem: string): RevError {
  return new RevError('REV_BATCH_PLACE', { revision, file, problem })
}
