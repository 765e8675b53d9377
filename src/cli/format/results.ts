import type { CheckResult } from '../../commands/check.ts'
import type { DoctorResult } from '../../commands/doctor.ts'
import type { DowngradeResult } from '../../commands/downgrade.ts'
import type { EnsureVersionResult } from '../../commands/ensure-version.ts'
import type { InitResult } from '../../commands/init.ts'
import type { PlanResult } from '../../commands/plan.ts'
import type { RepairResult } from '../../commands/repair.ts'
import type { StampResult } from '../../commands/stamp.ts'
import type { UpgradeResult } from '../../commands/upgrade.ts'
import { printable, printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import { stepMove } from '../step-move.ts'
import type { Style } from '../style.ts'
import { requirementText } from './revision-text.ts'

/** Version rows in words. */
export const rowsText = (rows: readonly string[]): string =>
  rows.length === 0 ? 'base' : rows.map(printableLine).join(', ')

/** What a run came to, in one line. */
export function formatRun(result: UpgradeResult | DowngradeResult | StampResult, style: Style): string {
  const { command, target, steps, rows } = result
  const place = style.bold(rowsText(rows))
  const database = printableLine(result.database)
  if (steps.length === 0)
    return `nothing to do for ${command} ${target.map(printableLine).join(' ')}: ${database} is at ${place}\n`
  return `${command}: ${count(steps.length, 'step')} done, ${database} is now at ${place}\n`
}

const REPAIRED = {
  resume: 'went on with',
  rerun: 'ran again',
  applied: 'counts as applied',
  reverted: 'counts as reverted',
  'accept-edit': 'is accepted as its file is now',
  forget: 'is forgotten',
} as const

/** What a repair did, in one line. */
export function formatRepair({ action, revision, database, steps, rows }: RepairResult, style: Style): string {
  const name = printableLine(revision)
  const runsIt = action === 'resume' || action === 'rerun'
  const what = runsIt ? `${REPAIRED[action]} ${name}` : `${name} ${REPAIRED[action]}`
  const nothing = runsIt && steps.length === 0 ? ', which was finished already' : ''
  return `repair: ${what}${nothing}; ${printableLine(database)} is at ${style.bold(rowsText(rows))}\n`
}

/** What a run would do, one line for each step, and where it would end. */
export function formatPlan(result: PlanResult, style: Style, downOf: (revision: string) => readonly string[]): string {
  const database = printableLine(result.database)
  if (result.steps.length === 0) return `nothing to do: ${database} is at ${rowsText(result.rows)}\n`
  const width = String(result.steps.length).length
  return [
    `${count(result.steps.length, 'step')} from ${rowsText(result.before)} to ${rowsText(result.rows)} in ${database}:`,
    ...result.steps.map(({ direction, revision, message, requires }, index) => {
      const number = style.dim(String(index + 1).padStart(width))
      const needs = requires.length === 0 ? '' : style.dim(`  (requires ${requires.map(requirementText).join(', ')})`)
      return `  ${number}  ${stepMove(direction, revision, downOf(revision))}${message === '' ? '' : `  ${printableLine(message)}`}${needs}`
    }),
    '',
  ].join('\n')
}

/** That all is well, and what a branch adds. */
export function formatCheck(result: CheckResult, style: Style): string {
  const heads = result.heads.map((head) => printableLine(head.revision))
  const lines = [
    `${style.green('ok')}: ${count(result.revisions, 'revision')}, ${heads.length === 1 ? 'head' : 'heads'} ${heads.join(', ') || 'none'}`,
  ]
  if (result.base) {
    const { ref, commit, added } = result.base
    const at = `${printableLine(ref)} (${printableLine(commit.slice(0, 12))})`
    lines.push(added.length === 0 ? `nothing is added to ${at}` : `added to ${at}:`)
    for (const info of added) {
      const file = info.file === undefined ? '' : `  ${printableLine(info.file)}`
      lines.push(`  ${printableLine(info.revision)}  ${printableLine(info.message)}${file}`)
    }
  }
  if (result.database) {
    const { database, exists, rows, compared, notes } = result.database
    const place = exists ? `is at ${rowsText(rows)}` : 'has no version table yet'
    lines.push(
      `${style.green('ok')}: ${printableLine(database)} ${place}, ${count(compared, 'applied file')} compared`,
      ...notes.map(({ message }) => `${style.yellow('note')}: ${printableLine(message)}`),
    )
  }
  return `${lines.join('\n')}\n`
}

/** That nothing is wrong with a version table. */
export function formatDoctor({ database, table, exists, rows, findings }: DoctorResult, style: Style): string {
  const name = printableLine(table)
  const state = exists ? `${name} is at ${rowsText(rows)}` : `there is no version table ${name} yet`
  const notes = findings.map(({ message }) => `${style.yellow('note')}: ${printableLine(message)}`)
  return [`${style.green('ok')}: ${printableLine(database)}: ${state}`, ...notes, ''].join('\n')
}

/** What was written, what was there already, and what is left to do by hand. */
export function formatInit(result: InitResult, style: Style): string {
  const lines = [
    ...result.created.map((path) => `${style.green('created')}  ${printableLine(path)}`),
    ...result.kept.map((path) => `${style.dim('kept')}     ${printableLine(path)}`),
    ...result.todo.flatMap((text) => `${style.yellow('to do')}    ${printable(text)}`.split('\n')),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

export function formatEnsureVersion({ created, table, database }: EnsureVersionResult): string {
  const name = `${printableLine(table)} in ${printableLine(database)}`
  return created ? `created the version table ${name}\n` : `the version table ${name} is there already\n`
}
