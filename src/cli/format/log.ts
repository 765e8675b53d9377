import type { LogResult } from '../../commands/log.ts'
import { isFinished, type LogEvent, type LogRun } from '../../commands/log-run.ts'
import { printable, printableLine } from '../printable.ts'
import { count, duration } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'

const ID_SHOWN = 8
const REASON_SHOWN = 200

/** One block for each run: a line for the run, and a line for each revision in it. */
export function formatLog({ runs, lock }: LogResult, look: Look): string {
  const blocks = runs.map((run) => [runLine(run, lock, look), ...detailLines(run, look), ...eventLines(run, look)])
  return blocks.map((lines) => `${lines.join('\n')}\n`).join(look.long ? '\n' : '')
}

/** `2026-08-01 12:30:05 UTC  upgrade done  base -> 4f0c  1.2 s  by app, deploy@ci  "ticket 42"  run 3f2a91bc` */
function runLine(run: LogRun, lock: LogResult['lock'], { style, long }: Look): string {
  const { runId, direction, startedAt, before, rows, ms, reason } = run
  const parts = [
    style.bold(momentText(startedAt)),
    `${printableLine(direction)} ${outcomeText(run, lock, style)}`,
    `${rowsText(before)} -> ${rows === undefined ? '?' : rowsText(rows)}`,
    ms === undefined ? '' : duration(ms),
    `by ${whoText(run)}`,
    reason === undefined ? '' : `"${printableLine(long ? reason : shortened(reason))}"`,
    style.dim(`run ${printableLine(long ? runId : runId.slice(0, ID_SHOWN))}`),
  ]
  return parts.filter((part) => part !== '').join('  ')
}

// What is known, and no more: a lock is held by somebody, who need not be this run.
function outcomeText(run: LogRun, lock: LogResult['lock'], style: Style): string {
  if (isFinished(run)) return outcomeWord(run.outcome, style)
  if (lock === undefined) return style.yellow('running or interrupted')
  if (lock.held) {
    return style.yellow(`running or interrupted (the lock is held by ${printableLine(lock.holder ?? 'somebody')})`)
  }
  return style.yellow('interrupted, as it seems (it has no end, and nobody holds the lock on this server)')
}

function outcomeWord(outcome: string, style: Style): string {
  const word = printableLine(outcome)
  if (outcome === 'done') return style.green(word)
  return outcome === 'failed' ? style.red(word) : style.yellow(word)
}

function whoText({ databaseUser, osUser, host, byScript }: LogRun): string {
  const user = databaseUser === undefined ? '' : printableLine(databaseUser)
  const process = byScript ? 'a script' : `${printableLine(osUser ?? '?')}@${printableLine(host ?? '?')}`
  return [user, process].filter((part) => part !== '').join(', ')
}

function detailLines(run: LogRun, { long, style }: Look): string[] {
  if (!long) return []
  const facts: readonly (readonly [string, unknown])[] = [
    ['finished', run.finishedAt === undefined ? undefined : momentText(run.finishedAt)],
    ['process', run.processId],
    ['rev', run.toolVersion],
    ['git', run.gitCommit],
  ]
  const known = facts.filter(([, value]) => value !== undefined)
  if (known.length === 0) return []
  return [style.dim(`  ${known.map(([name, value]) => `${name} ${printableLine(String(value))}`).join('  ')}`)]
}

function eventLines({ events, error }: LogRun, { style }: Look): string[] {
  const width = Math.max(0, ...events.map(({ outcome }) => outcome.length))
  const lines = events.flatMap((event) => eventText(event, width, style))
  // A failed step and its run tell of the same error.
  const isTold = events.some((event) => event.error !== undefined)
  return isTold || error === undefined ? lines : [...lines, ...errorLines(error, '  ', style)]
}

function eventText(event: LogEvent, width: number, style: Style): string[] {
  const { revision, message, outcome, ms, statements, failedStatement, error } = event
  const numbers = [
    ...(ms === undefined ? [] : [duration(ms)]),
    ...(statements === undefined || failedStatement !== undefined ? [] : [count(statements, 'statement')]),
    ...(failedStatement === undefined ? [] : [`statement ${failedStatement} failed`]),
  ]
  const parts = [
    `${outcomeWord(outcome, style)}${' '.repeat(width - outcome.length)}`,
    style.yellow(printableLine(revision)),
    message === undefined ? style.red('(no file knows this revision)') : printableLine(message),
    style.dim(numbers.join(', ')),
  ]
  const line = `  ${parts.filter((part) => part !== '').join('  ')}`
  return error === undefined ? [line] : [line, ...errorLines(error, '    ', style)]
}

function errorLines(error: string, indent: string, style: Style): string[] {
  return printable(error)
    .split('\n')
    .map((line) => style.red(`${indent}${line}`))
}

function rowsText(rows: readonly string[]): string {
  return rows.length === 0 ? 'base' : rows.map(printableLine).join(', ')
}

/** To the second; what is no moment stays as it is. */
function momentText(moment: string): string {
  const [, day, time] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)\.\d{3}Z$/.exec(moment) ?? []
  return day === undefined || time === undefined ? printableLine(moment) : `${day} ${time} UTC`
}

function shortened(text: string): string {
  return text.length > REASON_SHOWN ? `${text.slice(0, REASON_SHOWN)}...` : text
}
