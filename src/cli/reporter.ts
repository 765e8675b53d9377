import type { Reporter, RevEvent, SeedEvent, StepEvent } from '../events.ts'
import { printable, printableLine } from './printable.ts'
import { progressBar } from './progress-bar.ts'
import { count, duration } from './quantities.ts'
import type { ReporterOptions } from './report-lines.ts'
import { stepMove } from './step-move.ts'
import { plainStyle, type Style } from './style.ts'
import type { Terminal } from './terminal.ts'

const WAIT_LINES_APART_MS = 5_000
const PROGRESS_LINES_APART_MS = 2_000
// A line that is written over can be written more often.
const BAR_LINES_APART_MS = 100

/** Turns the events of a run into lines on standard error, as they happen. Quiet says nothing at all. */
export function createReporter(terminal: Terminal, options: ReporterOptions): Reporter {
  let isLineOpen = false
  let { heading } = options
  let lastWaitMs = Number.NEGATIVE_INFINITY
  let lastProgressMs = 0

  // A step that is under way stands on an open line, which the next line takes over.
  const clear = (): void => {
    if (isLineOpen) terminal.err('\r\u001b[K')
    isLineOpen = false
  }

  const head = (): void => {
    if (heading !== undefined) terminal.err(`${terminal.errStyle.bold(printableLine(heading))}\n`)
    heading = undefined
  }

  const tell: Reporter = (event) => {
    if (event.type === 'lock:wait') {
      if (event.waitedMs - lastWaitMs < WAIT_LINES_APART_MS) return
      lastWaitMs = event.waitedMs
    }
    if (event.type === 'seed:start') lastProgressMs = 0
    // Each call of `inBatches` has a clock of its own.
    if (event.type === 'batch:done' && event.ms < lastProgressMs) lastProgressMs = 0
    if (event.type === 'batch:done' || (event.type === 'seed:progress' && !terminal.isInteractive)) {
      const apart = terminal.isInteractive ? BAR_LINES_APART_MS : PROGRESS_LINES_APART_MS
      if (event.ms - lastProgressMs < apart) return
      lastProgressMs = event.ms
    }
    const begun = event.type === 'step:start' ? stepLine(event, options) : underWay(event)
    if (begun !== undefined && terminal.isInteractive && !options.verbose) {
      head()
      clear()
      terminal.err(`${begun}  ...`)
      isLineOpen = true
      return
    }
    const line = lineFor(event, options, terminal.errStyle)
    if (line === undefined) return
    head()
    clear()
    terminal.err(`${line}\n`)
  }
  return options.quiet ? () => {} : tell
}

/** What an event says to people, in plain text: of a statement its SQL, of a notice and of a revision's own word that. */
export function messageOfEvent(event: RevEvent, options: ReporterOptions): string {
  if (event.type === 'notice') return event.message
  if (event.type === 'log') return event.text
  if (event.type === 'database:start') return `${event.database} (${event.index + 1} of ${event.total})`
  if (event.type === 'statement') return event.sql
  if (event.type === 'step:start') return stepLine(event, options)
  if (event.type === 'seed:start') return seedLine(event)
  return lineFor(event, { ...options, verbose: true }, plainStyle) ?? ''
}

/** The line that an event makes; undefined for one that is only worth something to others. */
function lineFor(event: RevEvent, options: ReporterOptions, style: Style): string | undefined {
  switch (event.type) {
    case 'notice':
      return `${style.yellow('note')}: ${printable(event.message)}`
    // What is told of it stands under its name.
    case 'database:start':
      return undefined
    case 'lock:wait': {
      const holder = event.holder === undefined ? '' : `, held by ${printableLine(event.holder)}`
      return style.yellow(`waiting for the lock${holder} (${duration(event.waitedMs)})`)
    }
    case 'lock:taken':
      return options.verbose ? style.dim(`lock taken after ${duration(event.waitedMs)}`) : undefined
    case 'run:start':
      return style.dim(`${event.direction} of ${printableLine(event.database)}: ${count(event.steps, 'step')}`)
    case 'step:start':
      return undefined
    case 'step:done':
      return `${stepLine(event, options)}  ${style.green(duration(event.ms))}`
    case 'step:failed':
      return `${stepLine(event, options)}  ${style.red(`failed after ${duration(event.ms)}`)}`
    case 'retry':
      return `${style.yellow('note')}: ${retryLine(event)}`
    case 'log':
      return `  ${printableLine(event.revision)}: ${printable(event.text)}`
    case 'batch:done':
      return batchLine(event)
    case 'statement':
      return options.verbose ? statementLine(event, style) : undefined
    case 'run:done':
    case 'seeds:done':
      return options.verbose ? style.dim(`done in ${duration(event.ms)}`) : undefined
    case 'seeds:start':
      return style.dim(
        `${event.what === 'run' ? 'seeding' : 'undo of seeds in'} ${printableLine(event.database)}: ${count(event.seeds, 'seed')}`,
      )
    case 'seed:start':
      return undefined
    case 'seed:done':
      return `${seedLine(event)}  ${style.green(`${count(event.rows, 'row')}, ${duration(event.ms)}`)}`
    case 'seed:failed':
      return `${seedLine(event)}  ${style.red(`failed after ${duration(event.ms)}`)}`
    case 'seed:progress':
      return `  ${printableLine(event.seed)}: ${count(event.items, 'item')} (${duration(event.ms)})`
  }
}

/** A seed that has just begun; how far it is, or a revision, stands on the same line, where a line can be taken back. */
function underWay(event: RevEvent): string | undefined {
  if (event.type === 'batch:done') return batchLine(event)
  if (event.type === 'seed:start') return seedLine(event)
  if (event.type !== 'seed:progress') return undefined
  return `  ${printableLine(event.seed)}: ${count(event.items, 'item')} (${duration(event.ms)})`
}

function batchLine({ revision, name, rows, total, ms }: Extract<RevEvent, { type: 'batch:done' }>): string {
  const done =
    total === undefined ? count(rows, 'row') : `${rows} of ${count(total, 'row')} ${progressBar(rows, total)}`
  return `  ${printableLine(revision)}: ${printableLine(name)}, ${done} (${duration(ms)})`
}

function seedLine({ what, seed, message: text }: SeedEvent): string {
  const message = text === seed ? '' : text
  return `${what === 'run' ? 'seed' : 'undo'} ${printableLine(seed)}${message === '' ? '' : `  ${printableLine(message)}`}`
}

function stepLine(event: StepEvent, options: ReporterOptions): string {
  const message = event.message === '' ? '' : `  ${printableLine(event.message)}`
  return `${stepMove(event.direction, event.revision, options.downRevisions(event.revision))}${message}`
}

function retryLine(event: Extract<RevEvent, { type: 'retry' }>): string {
  const { what, revision, reason, blockers, attempt, attempts, pauseMs } = event
  const subject = what === 'statement' ? `a statement of ${printableLine(revision)}` : printableLine(revision)
  const holders = blockers.length === 0 ? '' : ` (locks are held there by ${printableLine(blockers.join('; '))})`
  return `${subject} got no lock: ${printableLine(reason)}${holders}; attempt ${attempt + 1} of ${attempts} follows in ${duration(pauseMs)}`
}

function statementLine(event: Extract<RevEvent, { type: 'statement' }>, style: Style): string {
  const values = event.bindings === 0 ? '' : `${count(event.bindings, 'value')}, `
  const failure = event.error === undefined ? '' : `  ${style.red(printableLine(event.error))}`
  return style.dim(`  ${printableLine(event.sql)}  (${values}${duration(event.ms)})`) + failure
}
