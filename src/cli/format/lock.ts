import type { LockResult } from '../../commands/lock.ts'
import type { WaitResult } from '../../commands/wait.ts'
import { printableLine } from '../printable.ts'
import { duration } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'

/** Whether the lock is held, and a line for each thing that is known of who holds it. */
export function formatLock(result: LockResult, { style }: Look): string {
  const { held, unknown, holder, run, gone } = result
  const lock = `the lock of ${printableLine(result.table)} in ${printableLine(result.database)}`
  if (held === undefined) return `${lock} is ${style.yellow('not known')}: ${printableLine(unknown ?? '')}\n`
  if (!held) return `${lock} is ${style.green('free')}\n`
  const lines = [`${lock} is ${style.yellow('held')}`]
  if (holder !== undefined) lines.push(`  by  ${printableLine(holder.text)}`)
  if (holder?.isScript) lines.push('      a script that was written with --sql')
  if (run !== undefined) lines.push(`  run ${runText(run)}`)
  if (gone !== undefined) lines.push(`      ${style.red(printableLine(gone))}`)
  if (holder === undefined && run === undefined) lines.push('  by whom is not known: the log has no run without an end')
  return `${lines.join('\n')}\n`
}

type Run = NonNullable<LockResult['run']>

function runText({ runId, direction, startedAt, byScript, osUser, host, processId, reason }: Run): string {
  const who = byScript ? 'a script' : `${osUser ?? '?'} on ${host ?? '?'}, process ${processId ?? '?'}`
  const why = reason === undefined ? '' : `, "${reason}"`
  return printableLine(`${direction} by ${who}, since ${startedAt}${why} (${runId})`)
}

/** Where the database is, and how long that took. */
export function formatWait({ database, rows, waitedMs }: WaitResult, style: Style): string {
  const place = rows.length === 0 ? 'base' : rows.map(printableLine).join(', ')
  return `${printableLine(database)} is at ${style.bold(place)} (waited ${duration(waitedMs)})\n`
}
