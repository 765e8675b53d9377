import { printableLine } from '../printable.ts'
import type { Look } from './listings.ts'

/** One row of the table of a status: a revision or a seed. Texts may hold anything; they are made printable here. */
export interface StatusRow {
  readonly kind: 'revision' | 'seed'
  readonly state: string
  /** Puts the state into its colour. */
  readonly paint: (state: string) => string
  readonly when: string
  readonly ms: string
  readonly name: string
  readonly message: string
  /** Behind the message, never cut off; with its own space in front where it has one. */
  readonly note: string
  /** Whole lines below it, as they are to be printed. */
  readonly below: readonly string[]
}

/** Longer names stand out of their column. */
const LONGEST_NAME = 32
const SHORTEST_MESSAGE = 12

/** The rows in columns. Where there are seeds, the first column says what each row is. */
export function formatStatusTable(rows: readonly StatusRow[], look: Look): string[] {
  const hasSeeds = rows.some(({ kind }) => kind === 'seed')
  const cells = rows.map((row) => ({ ...row, kind: hasSeeds ? row.kind : '', name: printableLine(row.name) }))
  const widest = (lengthOf: (row: (typeof cells)[number]) => number): number => Math.max(0, ...cells.map(lengthOf))
  const widths = {
    kind: widest(({ kind }) => kind.length),
    state: widest(({ state }) => state.length),
    when: widest(({ when }) => when.length),
    ms: widest(({ ms }) => ms.length),
    name: widest(({ name }) => Math.min(name.length, LONGEST_NAME)),
  }
  return cells.flatMap((row) => [lineOf(row, widths, look), ...row.below])
}

type Widths = Readonly<Record<'kind' | 'state' | 'when' | 'ms' | 'name', number>>
type Cells = Omit<StatusRow, 'kind'> & { readonly kind: string }

function lineOf(row: Cells, widths: Widths, { style, long, columns }: Look): string {
  const { kind, state, paint, when, ms, name, note } = row
  const before =
    columnWidth(widths.kind) +
    widths.state +
    2 +
    columnWidth(widths.when) +
    columnWidth(widths.ms) +
    Math.max(widths.name, name.length) +
    2
  const room = columns === undefined || long ? Number.POSITIVE_INFINITY : columns - before - note.length
  const line = [
    ...(widths.kind === 0 ? [] : [style.dim(kind.padEnd(widths.kind))]),
    `${paint(state)}${' '.repeat(widths.state - state.length)}`,
    ...(widths.when === 0 ? [] : [when.padEnd(widths.when)]),
    ...(widths.ms === 0 ? [] : [style.dim(ms.padStart(widths.ms))]),
    `${style.yellow(name)}${' '.repeat(Math.max(0, widths.name - name.length))}`,
    `${fitted(printableLine(row.message), room)}${note === '' ? '' : style.dim(note)}`,
  ].join('  ')
  return line.trimEnd()
}

const columnWidth = (width: number): number => (width === 0 ? 0 : width + 2)

/** What there is room for, in a line of a terminal; the long form has all of it. */
function fitted(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(SHORTEST_MESSAGE, room - 3))}...`
}

/** To the minute, in the long form to the second; what is no moment stays as it is. */
export function momentText(moment: string, long: boolean): string {
  const [, day, minute, second] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)\.\d{3}Z$/.exec(moment) ?? []
  return day === undefined ? printableLine(moment) : `${day} ${minute}${long ? second : ''}`
}
