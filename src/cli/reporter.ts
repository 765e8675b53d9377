import type { Reporter, RevEvent, StepEvent } from '../events.ts'
import { printable, printableLine } from './printable.ts'
import type { Terminal } from './terminal.ts'

export interface ReporterOptions {
  readonly quiet: boolean
  readonly verbose: boolean
  /** The down revisions of a revision, once the files are read; an event does not carry them. */
  downRevisions(revision: string): readonly string[]
}

const WAIT_LINES_APART_MS = 5_000

/** Turns the events of a run into lines on standard error, as they happen. Quiet says nothing at all. */
export function createReporter(terminal: Terminal, options: ReporterOptions): Reporter {
  const { errStyle: style } = terminal
  let isLineOpen = false
  let lastWaitMs = Number.NEGATIVE_INFINITY

  // A step that is under way stands on an open line, which the next line takes over.
  const clear = (): void => {
    if (isLineOpen) terminal.err('\r\u001b[K')
    isLineOpen = false
  }
  const line = (text: string): void => {
    clear()
    terminal.err(`${text}\n`)
  }
  const step = (event: StepEvent): string => {
    const message = event.message === '' ? '' : `  ${printableLine(event.message)}`
    return `${stepMove(event.direction, event.revision, options.downRevisions(event.revision))}${message}`
  }

  const tell = (event: RevEvent): void => {
    if (event.type === 'notice') return line(`${style.yellow('note')}: ${printable(event.message)}`)
    if (event.type === 'lock:wait') {
      if (event.waitedMs - lastWaitMs < WAIT_LINES_APART_MS) return
      lastWaitMs = event.waitedMs
      const holder = event.holder === undefined ? '' : `, held by ${printableLine(event.holder)}`
      return line(style.yellow(`waiting for the lock${holder} (${duration(event.waitedMs)})`))
    }
    if (event.type === 'lock:taken') {
      if (options.verbose) line(style.dim(`lock taken after ${duration(event.waitedMs)}`))
      return
    }
    if (event.type === 'run:start') {
      const steps = event.steps === 1 ? '1 step' : `${event.steps} steps`
      return line(style.dim(`${event.direction} of ${printableLine(event.database)}: ${steps}`))
    }
    if (event.type === 'step:start') {
      if (!terminal.isInteractive || options.verbose) return
      clear()
      terminal.err(`${step(event)}  ...`)
      isLineOpen = true
      return
    }
    if (event.type === 'step:done') return line(`${step(event)}  ${style.green(duration(event.ms))}`)
    if (event.type === 'step:failed') return line(`${step(event)}  ${style.red(`failed after ${duration(event.ms)}`)}`)
    if (event.type === 'log') return line(`  ${event.revision}: ${printable(event.text)}`)
    if (event.type === 'statement' && options.verbose) {
      const values = event.bindings === 0 ? '' : `${event.bindings} value${event.bindings === 1 ? '' : 's'}, `
      const outcome = event.error === undefined ? '' : `  ${style.red(printableLine(event.error))}`
      return line(style.dim(`  ${printableLine(event.sql)}  (${values}${duration(event.ms)})`) + outcome)
    }
    if (event.type === 'run:done' && options.verbose) line(style.dim(`done in ${duration(event.ms)}`))
  }
  return options.quiet ? () => {} : tell
}

/** `upgrade 1975ea83b712 -> 4f0c2a91d3be`: which revision moves, and what is below it. */
export function stepMove(direction: string, revision: string, downRevisions: readonly string[]): string {
  if (direction === 'stamp') return `stamp ${printableLine(revision)}`
  const below = downRevisions.length === 0 ? 'base' : downRevisions.map(printableLine).join(', ')
  const id = printableLine(revision)
  return direction === 'downgrade' ? `downgrade ${id} -> ${below}` : `upgrade ${below} -> ${id}`
}

/** Milliseconds as people say them: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`
  const seconds = Math.round(ms / 1_000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}
