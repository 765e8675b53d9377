import type { RevisionStatus, StatusResult } from '../../commands/status.ts'
import { printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'
import { errorLines, eventLines, runIdShown, shortened } from './status-event.ts'
import { seedRow } from './status-seeds.ts'
import { formatStatusTable, momentText, type StatusRow } from './status-table.ts'

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

/** One line for each revision, then for each seed, below it what went wrong with it, and at the end what it comes to. */
export function formatStatus(result: StatusResult, look: Look): string {
  const rows = [
    ...result.revisions.map((revision) => revisionRow(revision, result, look)),
    ...result.seeds.map((seed) => seedRow(seed, look)),
  ]
  const lines = [...formatStatusTable(rows, look), ...findingLines(result, look), ...runLines(result, look)]
  return [...lines, summaryOf(result, look.style), ''].join('\n')
}

function revisionRow(status: RevisionStatus, { findings }: StatusResult, look: Look): StatusRow {
  const { state, revision, event, stamped } = status
  const when = event?.finishedAt ?? event?.startedAt
  const how = stamped ? 'stamped' : state !== 'PENDING' ? 'not in the log' : ''
  const isCosmetic = findings.some((it) => it.code === 'REV_FINDING_COSMETIC_EDIT' && it.revision === revision)
  return {
    kind: 'revision',
    state,
    paint: (text) => paintState(text, look.style),
    when: when === undefined ? how : momentText(when, look.long),
    ms: event?.ms === undefined ? '' : `${event.ms} ms`,
    name: revision,
    message: status.message ?? '',
    note: isCosmetic ? ' (comments or white space changed since)' : (WITHOUT_FILE[state] ?? ''),
    below: belowOf(status, look),
  }
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
    if (isBack) lines.push('on the way back, so it counts as applied')
    lines.push(...errorLines(event ?? {}).map(printableLine))
    if (unfinished?.byScript) {
      lines.push('a script stopped half way: statements of it are in the database, and rev does not know which')
      lines.push(
        `look there and at the script; then: rev repair ${status.revision} --rerun, or --applied or --reverted with --reason TEXT`,
      )
    } else if (unfinished !== undefined) {
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
  const lines = [...(event === undefined ? [] : eventLines(event)), ...(file === undefined ? [] : [file])]
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
  const name = `${printableLine(direction)} of ${momentText(startedAt, true)} (run ${runIdShown(runId)})`
  if (lockHeld === undefined) return [style.yellow(`the ${name} has no end: it is at work, or was cut off`)]
  return lockHeld
    ? [style.yellow(`the ${name} has no end yet, and the lock is held: it is at work (rev lock)`)]
    : [style.red(`the ${name} was cut off: it has no end, and nobody holds the lock`)]
}

/** `14 applied, 2 pending; seeds: 3 done, 1 new in app@db/shop`. Times are told once, not in every line. */
function summaryOf(result: StatusResult, style: Style): string {
  const { counts, seedCounts, seedTable, database, readable, hasFiles, hasSeedFiles, exists } = result
  const revisions = countsText(counts)
  const seeds = countsText(seedCounts)
  const sum = `${revisions === '' ? 'no revisions' : revisions}${seeds === '' ? '' : `; seeds: ${seeds}`}`
  const doubts = [
    ...(readable ? [] : ['by the log, as the version table cannot be read']),
    ...(hasFiles ? [] : ['without the revision files']),
    ...(hasSeedFiles ? [] : ['without the seed files']),
    ...(seedTable === 'unreadable' ? ['the table of seeds cannot be read'] : []),
    ...(seedTable === 'missing' && exists ? ['no table of seeds yet'] : []),
  ]
  const times = exists ? ['times in UTC'] : []
  const rest = [...doubts, ...times]
  return `${style.bold(sum)} in ${printableLine(database)}${rest.length === 0 ? '' : ` (${rest.join('; ')})`}`
}

function countsText(counts: Readonly<Record<string, number>>): string {
  const found = Object.entries(counts).filter(([, number]) => number > 0)
  return found.map(([state, number]) => `${number} ${state.toLowerCase()}`).join(', ')
}
