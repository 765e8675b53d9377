import type { SeedPlanResult } from '../../commands/seed/plan.ts'
import type { SeedLeft, SeedRunResult } from '../../commands/seed/run.ts'
import type { SeedInfo } from '../../commands/seed/seed-info.ts'
import type { SeedStampResult } from '../../commands/seed/stamp.ts'
import type { SeedStatusResult } from '../../commands/seed/status.ts'
import type { SeedUndoResult } from '../../commands/seed/undo.ts'
import { printableLine } from '../printable.ts'
import { count, duration } from '../quantities.ts'
import type { Style } from '../style.ts'
import type { Look } from './listings.ts'

type WithoutValues = Pick<SeedRunResult, 'left' | 'database'> & { readonly seeds: readonly { readonly rows: number }[] }

/** What a run of seeds came to, in one line, and what it left out for a reason that should be heard. */
export function formatSeedRun({ seeds, left, database }: WithoutValues, style: Style): string {
  const place = printableLine(database)
  const rows = seeds.reduce((sum, seed) => sum + seed.rows, 0)
  const done =
    seeds.length === 0
      ? `nothing to do for seed run: ${count(left.filter(({ why }) => why !== 'elsewhere').length, 'seed')} done in ${place}`
      : `seed run: ${style.bold(`${count(seeds.length, 'seed')} done`)}, ${count(rows, 'row')} written in ${place}`
  return lines([done, ...remarks(left, style)])
}

/** What would run, one line for each seed, and what would not. */
export function formatSeedPlan({ seeds, left, database }: SeedPlanResult, style: Style): string {
  const place = printableLine(database)
  const head =
    seeds.length === 0 ? `no seed would run in ${place}` : `${count(seeds.length, 'seed')} would run in ${place}:`
  const width = String(seeds.length).length
  const rows = seeds.map(({ seed, why, message }, index) => {
    const number = style.dim(String(index + 1).padStart(width))
    return `  ${number}  ${printableLine(seed)}  ${style.dim(`(${why})`)}${message === '' || message === seed ? '' : `  ${printableLine(message)}`}`
  })
  return lines([head, ...rows, ...remarks(left, style)])
}

function remarks(left: readonly SeedLeft[], style: Style): string[] {
  const named = (why: SeedLeft['why']): string =>
    left
      .filter((seed) => seed.why === why)
      .map(({ seed }) => printableLine(seed))
      .join(', ')
  const [edited, elsewhere] = [named('edited'), named('elsewhere')]
  return [
    ...(edited === ''
      ? []
      : [`${style.yellow('note')}: edited since it ran, and not run again: ${edited} (--force runs it)`]),
    ...(elsewhere === '' ? [] : [`${style.dim(`not for this environment: ${elsewhere}`)}`]),
  ]
}

/** One line for each seed, in the order in which they run: its state, its name, when it ran last. */
export function formatSeedStatus({ seeds, gone }: SeedStatusResult, { style, long }: Look): string {
  const names = Math.max(0, ...[...seeds, ...gone].map(({ seed }) => printableLine(seed).length))
  const rows = seeds.map((info) => {
    const parts = [
      paintedState(info, style),
      style.bold(printableLine(info.seed).padEnd(names)),
      info.mode.padEnd(8),
      lastText(info.last),
    ]
    const more = long ? [moreOf(info)] : []
    return [...parts, ...more].join('  ').trimEnd()
  })
  const lost = gone.map((last) =>
    `${style.red('gone      ')}  ${style.bold(printableLine(last.seed).padEnd(names))}  ${' '.repeat(8)}  ${lastText(last)}`.trimEnd(),
  )
  return lines([...rows, ...lost])
}

function paintedState({ state }: SeedInfo, style: Style): string {
  const word = state.padEnd(10)
  if (state === 'done') return style.green(word)
  return state === 'elsewhere' ? style.dim(word) : style.yellow(word)
}

function lastText(last: SeedInfo['last']): string {
  if (last === undefined) return ''
  const when = `${last.when.slice(0, 19).replace('T', ' ')} UTC`
  if (last.state === 'stamped' || last.state === 'scripted') return `${when}  ${last.state}`
  const rows = last.rows === undefined ? [] : [count(last.rows, 'row')]
  return [when, ...rows, ...(last.ms === undefined ? [] : [duration(last.ms)])].join('  ')
}

function moreOf({ dependsOn, scenarios, environments, tags, file }: SeedInfo): string {
  const list = (name: string, values: readonly string[] = []): string[] =>
    values.length === 0 ? [] : [`${name} ${values.map(printableLine).join(', ')}`]
  return [
    ...list('after', dependsOn),
    ...list('scenario', scenarios),
    ...list('environments', environments),
    ...list('tags', tags),
    ...(file === undefined ? [] : [printableLine(file)]),
  ].join('; ')
}

/** What was taken back, in one line for each seed. */
export function formatSeedUndo(
  { command, seeds, database }: SeedUndoResult<'seed undo' | 'seed clean'>,
  style: Style,
): string {
  const place = printableLine(database)
  if (seeds.length === 0) return lines([`nothing to do for ${command}: none of these seeds is in ${place}`])
  const rows = seeds.reduce((sum, seed) => sum + seed.rows, 0)
  return lines([
    `${command}: ${style.bold(`${count(seeds.length, 'seed')} undone`)}, ${count(rows, 'row')} removed or changed in ${place}`,
  ])
}

export function formatSeedStamp({ seeds, database }: SeedStampResult, style: Style): string {
  const names = seeds.map(printableLine).join(', ')
  return lines([
    `seed stamp: ${style.bold(names)} ${seeds.length === 1 ? 'counts' : 'count'} as done in ${printableLine(database)}`,
  ])
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('')
}
