import { isRevError, type RevError } from '../errors/index.ts'
import type { RevEvent } from '../events.ts'
import { hideUrlPasswords } from '../script/reason.ts'
import { traceOf } from './explain.ts'
import { printableJson } from './printable.ts'
import type { LogLines } from './report-lines.ts'
import { messageOfEvent } from './reporter.ts'

type Level = 'debug' | 'info' | 'warn' | 'error'

const LEVELS: Readonly<Record<RevEvent['type'], Level>> = {
  notice: 'warn',
  'database:start': 'info',
  'lock:wait': 'warn',
  'lock:taken': 'debug',
  'run:start': 'info',
  'step:start': 'info',
  'step:done': 'info',
  'step:failed': 'error',
  statement: 'debug',
  retry: 'warn',
  log: 'info',
  'batch:done': 'info',
  'run:done': 'info',
  'seeds:start': 'info',
  'seed:start': 'info',
  'seed:done': 'info',
  'seed:failed': 'error',
  'seed:progress': 'info',
  'seeds:done': 'info',
}

/** Makes the lines of one process. Remembers which run and which statement they are about, which the events do not say. */
export function createLogLines(write: (line: string) => void, now: () => Date = () => new Date()): LogLines {
  let databaseName: string | undefined
  let runId: string | undefined
  let statement = 0
  let failedStatement: number | undefined

  const put = (level: Level, event: string, fields: Readonly<Record<string, unknown>>): void => {
    const line = { time: now().toISOString(), level, event, databaseName, run: runId, ...fields }
    const text = JSON.stringify(line, (_, value) => (typeof value === 'string' ? hideUrlPasswords(value) : value))
    write(`${printableJson(text)}\n`)
  }
  const remember = (event: RevEvent): void => {
    if (event.type === 'database:start') {
      databaseName = event.database
      runId = undefined
    }
    if (event.type === 'run:start' || event.type === 'seeds:start') runId = event.runId
    const isAgain = event.type === 'retry' && event.what === 'revision'
    if (event.type === 'step:start' || event.type === 'seed:start' || isAgain) {
      statement = 0
      failedStatement = undefined
    }
    if (event.type !== 'statement') return
    statement += 1
    if (event.error !== undefined) failedStatement = statement
  }
  return {
    reporter: (options) => (event) => {
      remember(event)
      const level = LEVELS[event.type]
      if (options.quiet || (level === 'debug' && !options.verbose)) return
      put(level, event.type, { ...fieldsOf(event, statement), message: messageOfEvent(event, options) })
    },
    remark: ({ level, event, message }) => put(level, event, { message }),
    error(error, { raiseerr, database = databaseName }) {
      const { code, message, hint, exit } = error
      // What is said of all in the end is about none of them.
      const about = isRevError(error, 'REV_DATABASES_FAILED') ? undefined : database
      const subject = { databaseName: about, run: about === databaseName ? runId : undefined }
      const trace = raiseerr || code === 'REV_INTERNAL' ? { trace: traceOf(error).join('\n') } : {}
      put('error', 'error', { ...subject, code, ...placeOf(error, failedStatement), message, hint, exit, ...trace })
    },
  }
}

function fieldsOf(event: RevEvent, statement: number): Readonly<Record<string, unknown>> {
  switch (event.type) {
    case 'notice':
      return { code: event.code }
    case 'database:start':
      return { number: event.index + 1, databases: event.total }
    case 'lock:wait':
      return { ms: event.waitedMs, holder: event.holder }
    case 'lock:taken':
      return { ms: event.waitedMs }
    case 'run:start':
      return { direction: event.direction, steps: event.steps, database: event.database }
    case 'step:start':
    case 'step:done':
    case 'step:failed': {
      const { direction, revision, index, total } = event
      const place = { direction, revision, step: index, steps: total }
      if (event.type === 'step:start') return place
      const rows = event.type === 'step:done' ? { rows: event.rows } : {}
      return { ...place, ms: event.ms, statements: event.statements, ...rows }
    }
    case 'statement':
      return {
        revision: event.revision,
        statement,
        ms: Math.round(event.ms),
        values: event.bindings,
        error: event.error,
      }
    case 'retry': {
      const { what, revision, reason, blockers, attempt, attempts, pauseMs } = event
      return { what, revision, reason, blockers, attempt, attempts, ms: pauseMs }
    }
    case 'log':
      return { revision: event.revision }
    case 'batch:done': {
      const { revision, name, batch, rows, total, ms } = event
      return { revision, name, batch, rows, total, ms }
    }
    case 'run:done':
      return { ms: event.ms, rows: event.rows }
    case 'seeds:start':
      return { what: event.what, seeds: event.seeds, database: event.database }
    case 'seed:start':
    case 'seed:done':
    case 'seed:failed': {
      const { what, seed, index, total } = event
      const place = { what, seed, number: index, seeds: total }
      if (event.type === 'seed:start') return place
      const rows = event.type === 'seed:done' ? { rows: event.rows } : {}
      return { ...place, ms: event.ms, statements: event.statements, ...rows }
    }
    case 'seed:progress':
      return { seed: event.seed, items: event.items, ms: event.ms }
    case 'seeds:done':
      return { ms: event.ms }
  }
}

/** The revision that failed, and the number of its statement when it was one that failed. */
function placeOf(error: RevError, failedStatement: number | undefined): Readonly<Record<string, unknown>> {
  if (isRevError(error, 'REV_STEP_FAILED')) {
    const { revision, statement } = error.details
    return { revision, ...(statement === undefined ? {} : { statement: failedStatement }) }
  }
  if (isRevError(error, 'REV_SEED_FAILED')) {
    const { seed, statement } = error.details
    return { seed, ...(statement === undefined ? {} : { statement: failedStatement }) }
  }
  const { revision, outcome } = error.details as { revision?: unknown; outcome?: { failed?: unknown } }
  const failed = outcome?.failed ?? revision
  return typeof failed === 'string' ? { revision: failed } : {}
}
