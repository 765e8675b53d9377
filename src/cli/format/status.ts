import type { RevisionStatus, StatusResult } from '../../commands/status.ts'
import { printable, printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'

/** Longer ids stand out of the column. */
const LONGEST_ID = 32
const SHORTEST_MESSAGE = 12
const ID_SHOWN = 8
const REASON_SHOWN = 200
const STATEMENT_SHOWN = 200
/** What the lines below a revision begin with. */
const INDENT = '  '

// A state says these already.
const TOLD_BY_STATE = [
  'REV_FINDING_EDITED',
  'REV_FINDING_FILE_MISSING',
  'REV_FINDING_UNKNOWN_ROW',
  'REV_FINDING_UNFINISHED',
]

const WITHOUT_FILE: Readonly<Record<string, string>> = { MISSING: '(its file is gone)', UNKNOWN: '(no file knows it)' }

/** One line for each revision, below it what went wrong with it, and at the end what it comes to. */
export function formatStatus(result: StatusResult, look: Look): string {
  const { revisions } = result
  const cells = revisions.map((revision) => cellsOf(revision, look))
  const widths = [0, 1, 2, 3].map((column) => Math.max(0, ...cells.map((row) => widthOf(row[column] ?? '', column))))
  const lines = revisions.flatMap((revision, index) => [
    lineOf(revision, cells[index] ?? [], widths, result, look),
    ...belowOf(revision, look),
  ])
  return [...lines, ...findingLines(result, look), ...runLines(result, look), summaryOf(result, look.style), ''].join(
    '\n',
  )
}

const widthOf = (text: string, column: number): number =>
  column === 3 ? Math.min(text.length, LONGEST_ID) : text.length

/** State, when, how long, id. */
function cellsOf({ state, revision, event, stamped }: RevisionStatus, { long }: Look): string[] {
  const when = event?.finishedAt ?? event?.startedAt
  const ms = event?.ms === undefined ? '' : `${event.ms} ms`
  const isUsed = state !== 'PENDING'
  const how = stamped ? 'stamped' : isUsed ? 'not in the log' : ''
  return [state, when === undefined ? how : momentText(when, long), ms, printableLine(revision)]
}

function lineOf(
  status: RevisionStatus,
  [state = '', when = '', ms = '', id = '']: readonly string[],
  [stateWidth = 0, whenWidth = 0, msWidth = 0, idWidth = 0]: readonly number[],
  { findings }: StatusResult,
  { style, long, columns }: Look,
): string {
  const isCosmetic = findings.some(
    ({ code, revision }) => code === 'REV_FINDING_COSMETIC_EDIT' && revision === status.revision,
  )
  const note = isCosmetic ? ' (comments or white space changed since)' : (WITHOUT_FILE[status.state] ?? '')
  const before = stateWidth + 2 + columnWidth(whenWidth) + columnWidth(msWidth) + Math.max(idWidth, id.length) + 2
  const room = columns === undefined || long ? Number.POSITIVE_INFINITY : columns - before - note.length
  const message = fitted(printableLine(status.message ?? ''), room)
  const line = [
    `${paintState(status.state, style)}${' '.repeat(stateWidth - state.length)}`,
    ...(whenWidth === 0 ? [] : [when.padEnd(whenWidth)]),
    ...(msWidth === 0 ? [] : [style.dim(ms.padStart(msWidth))]),
    `${style.yellow(id)}${' '.repeat(Math.max(0, idWidth - id.length))}`,
    `${message}${note === '' ? '' : style.dim(note)}`,
  ].join('  ')
  return line.trimEnd()
}

const columnWidth = (width: number): number => (width === 0 ? 0 : width + 2)

/** What there is room for, in a line of a terminal; the long form has all of it. */
function fitted(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(SHORTEST_MESSAGE, room - 3))}...`
}

function paintState(state: string, style: Style): string {
  if (state === 'APPLIED') return style.green(state)
  return state === 'PENDING' || state === 'REVERTED' ? style.yellow(state) : style.red(state)
}

function belowOf(status: RevisionStatus, { style, long }: Look): string[] {
  const { state, event, unfinished, file } = status
  const lines: string[] = []
  if (state === 'FAILED' || state === 'INTERRUPTED') {
    const isBack = event?.direction === 'downgrade' || unfinished?.direction === 'downgrade'
    const { failedStatement, error } = event ?? {}
    // Not by the numbers of the journal, which leaves out what changes nothing, and counts on over several attempts.
    const place = failedStatement === undefined ? '' : `statement ${failedStatement} of the attempt: `
    if (isBack) lines.push('on the way back, so it counts as applied')
    if (error !== undefined) lines.push(...printable(`${place}${error}`).split('\n'))
    if (unfinished !== undefined) {
      lines.push(`${count(unfinished.statementsDone, 'statement')} of it in the database for good`)
      const { uncertain } = unfinished
      if (uncertain !== undefined)
        lines.push(
          `not known of no. ${uncertain.statement} in the journal: ${shortened(uncertain.sql, STATEMENT_SHOWN)}`,
        )
      lines.push(`run the ${unfinished.direction} again, which goes on behind them; or see: rev repair --help`)
    }
  }
  const painted = lines.map((line) => style.red(`${INDENT}${line}`))
  if (state === 'EDITED' && file !== undefined && !long) painted.push(style.red(`${INDENT}${printableLine(file)}`))
  return long ? [...painted, ...detailLines(status, style)] : painted
}

function detailLines({ event, file }: RevisionStatus, style: Style): string[] {
  const lines: string[] = []
  if (event !== undefined) {
    const { direction, statements, byScript, databaseUser, osUser, host, reason, runId, toolVersion, gitCommit } = event
    const who = [databaseUser, byScript ? 'a script' : `${osUser ?? '?'}@${host ?? '?'}`].filter((part) => part)
    const facts = [
      `${direction} by ${who.join(', ')}`,
      ...(statements === undefined ? [] : [count(statements, 'statement')]),
      `run ${runId.slice(0, ID_SHOWN)}`,
      ...(toolVersion === undefined ? [] : [`rev ${toolVersion}`]),
      ...(gitCommit === undefined ? [] : [`git ${gitCommit.slice(0, 12)}`]),
    ]
    lines.push(facts.join('  '))
    if (reason !== undefined) lines.push(`"${shortened(reason, REASON_SHOWN)}"`)
  }
  if (file !== undefined) lines.push(file)
  return lines.map((line) => style.dim(`${INDENT}${printableLine(line)}`))
}

/** What no state says: faults of the tables, mostly. The long form tells what is only worth knowing, too. */
function findingLines({ findings }: StatusResult, { style, long }: Look): string[] {
  return findings
    .filter(({ code, isFault }) => (isFault || long) && !TOLD_BY_STATE.includes(code))
    .map(({ isFault, message }) => {
      const mark = isFault ? style.red('fault') : style.yellow('note')
      return `${mark}: ${printableLine(message)}${isFault ? ' (rev doctor says what to do)' : ''}`
    })
}

function runLines({ run }: StatusResult, { style }: Look): string[] {
  if (run === undefined) return []
  const { runId, direction, startedAt, lockHeld } = run
  const name = `${printableLine(direction)} of ${momentText(startedAt, true)} (run ${printableLine(runId.slice(0, ID_SHOWN))})`
  if (lockHeld === undefined) return [style.yellow(`the ${name} has no end: it is at work, or was cut off`)]
  return lockHeld
    ? [style.yellow(`the ${name} has no end yet, and the lock is held: it is at work (rev lock)`)]
    : [style.red(`the ${name} was cut off: it has no end, and nobody holds the lock`)]
}

/** `14 applied, 2 pending, 1 failed in app@db/shop`. Times are told once, not in every line. */
function summaryOf({ counts, database, readable, hasFiles, exists }: StatusResult, style: Style): string {
  const found = Object.entries(counts).filter(([, number]) => number > 0)
  const parts = found.map(([state, number]) => `${number} ${state.toLowerCase()}`)
  const sum = style.bold(parts.length === 0 ? 'no revisions' : parts.join(', '))
  const doubts = [
    ...(readable ? [] : ['by the log, as the version table cannot be read']),
    ...(hasFiles ? [] : ['without the revision files']),
  ]
  const times = exists ? ['times in UTC'] : []
  const rest = [...doubts, ...times]
  return `${sum} in ${printableLine(database)}${rest.length === 0 ? '' : ` (${rest.join('; ')})`}`
}

/** To the minute, in the long form to the second; what is no moment stays as it is. */
function momentText(moment: string, long: boolean): string {
  const [, day, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)\.\d{3}Z$/.exec(moment) ?? []
  return day === undefined ? printableLine(moment) : `${day} ${minute}${long ? second : ''}`
}

function shortened(text: string, most: number): string {
  return printableLine(text.length > most ? `${text.slice(0, most)}...` : text)
}
