import type { StatusEvent } from '../../commands/status-event.ts'
import { printableLine } from '../printable.ts'
import { count } from '../quantities.ts'

const ID_SHOWN = 8
const REASON_SHOWN = 200

/** Who it was, why, and from where, each in a line. */
export function eventLines(event: StatusEvent): string[] {
  const { direction, statements, byScript, databaseUser, osUser, host, reason, runId, toolVersion, gitCommit } = event
  const who = [databaseUser, byScript ? 'a script' : `${osUser ?? '?'}@${host ?? '?'}`].filter((part) => part)
  const facts = [
    `${direction} by ${who.join(', ')}`,
    ...(statements === undefined ? [] : [count(statements, 'statement')]),
    `run ${runId.slice(0, ID_SHOWN)}`,
    ...(toolVersion === undefined ? [] : [`rev ${toolVersion}`]),
    ...(gitCommit === undefined ? [] : [`git ${gitCommit.slice(0, 12)}`]),
  ]
  return [facts.join('  '), ...(reason === undefined ? [] : [`"${shortened(reason, REASON_SHOWN)}"`])]
}

/** What went wrong, by lines; none when nothing is said of it. */
export function errorLines({ failedStatement, error }: Partial<StatusEvent>): string[] {
  // Not by the numbers of the journal, which leaves out what changes nothing, and counts on over several attempts.
  const place = failedStatement === undefined ? '' : `statement ${failedStatement} of the attempt: `
  return error === undefined ? [] : `${place}${error}`.split(/\r?\n/)
}

export function shortened(text: string, most: number): string {
  return printableLine(text.length > most ? `${text.slice(0, most)}...` : text)
}

export const runIdShown = (runId: string): string => printableLine(runId.slice(0, ID_SHOWN))
