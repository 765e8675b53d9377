import { basename } from 'node:path'
import type { SeedStatus } from '../../commands/status-seeds.ts'
import { printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'
import { errorLines, eventLines } from './status-event.ts'
import { momentText, type StatusRow } from './status-table.ts'

/** The row of a seed in the table of a status. */
export function seedRow(seed: SeedStatus, { style, long }: Look): StatusRow {
  const { state, last, event, file, message } = seed
  const isBroken = event !== undefined && (event.outcome === 'failed' || event.outcome === 'interrupted')
  const when = last?.when ?? (isBroken ? (event.finishedAt ?? event.startedAt) : undefined)
  const ms = last === undefined ? (isBroken ? event.ms : undefined) : last.ms
  const broken = isBroken
    ? [`the last ${event.direction === 'seed' ? 'run' : event.direction} of it ${endOf(event.outcome)}`]
    : []
  const errors = isBroken ? [...broken, ...errorLines(event).map((line) => `  ${line}`)] : []
  return {
    kind: 'seed',
    state,
    paint: (text) => painted(text, style),
    when: when === undefined ? '' : momentText(when, long),
    ms: ms === undefined ? '' : `${ms} ms`,
    name: seed.seed,
    message: message && message !== seed.seed ? message : file === undefined ? '' : basename(file),
    note: notesOf(seed)
      .map((note) => ` (${note})`)
      .join(''),
    below: [
      ...errors.map((line) => style.red(`  ${printableLine(line)}`)),
      ...(long ? detailsOf(seed).map((line) => style.dim(`  ${printableLine(line)}`)) : []),
    ],
  }
}

const endOf = (outcome: string): string => (outcome === 'failed' ? 'failed' : 'was interrupted')

function painted(state: string, style: Style): string {
  if (state === 'done') return style.green(state)
  if (state === 'gone' || state === 'unknown') return style.red(state)
  return state === 'elsewhere' ? style.dim(state) : style.yellow(state)
}

function notesOf({ state, last, scenarios, environments, appliedSince }: SeedStatus): string[] {
  const list = (names: readonly string[]): string => names.map(printableLine).join(', ')
  return [
    ...(scenarios.length === 0 ? [] : [`scenario ${list(scenarios)}`]),
    ...(last?.state === 'stamped' ? ['stamped'] : []),
    ...(last?.state === 'scripted' ? ['by a script'] : []),
    ...(state === 'gone' ? ['its file is gone'] : []),
    ...(state === 'edited' ? ['its file was edited since, and it does not run again'] : []),
    ...(state === 'elsewhere' ? [environments === undefined ? 'not here' : `only in ${list(environments)}`] : []),
    ...(appliedSince.length === 0 ? [] : [`ran before ${list(appliedSince)}, so that its rows may be gone`]),
  ]
}

function detailsOf({ event, last, mode, dependsOn, tags, file }: SeedStatus): string[] {
  const facts = [
    ...(mode === undefined ? [] : [mode]),
    ...(last?.rows === undefined ? [] : [count(last.rows, 'row')]),
    ...(dependsOn.length === 0 ? [] : [`after ${dependsOn.join(', ')}`]),
    ...(tags.length === 0 ? [] : [`tags ${tags.join(', ')}`]),
  ]
  return [
    ...(event === undefined ? [] : eventLines(event)),
    ...(facts.length === 0 ? [] : [facts.join('  ')]),
    ...(file === undefined ? [] : [file]),
  ]
}
