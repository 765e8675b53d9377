import { createHash } from 'node:crypto'

/** How far batches are, as it is kept in the journal. */
export interface BatchPlace {
  /** How many batches are done. */
  readonly batches: number
  /** How many rows these had. */
  readonly rows: number
  /** The key of the last row, one text for each column; undefined before the first batch. */
  readonly behind: readonly string[] | undefined
  /** What the texts stand for, one word for each column. */
  readonly kinds: readonly string[]
  /** Whether there was nothing behind it. */
  readonly isDone: boolean
}

/** Which batches of a function these are. */
export interface BatchIdentity {
  /** The name that they were given, or their place among the calls. */
  readonly call: string
  readonly table: string
  readonly key: readonly string[]
}

/**
 * The checksums by which batches are found again, in the form of those of statements: the same call over another table, or
 * by another key, shares the first part.
 */
export function batchHash({ call, table, key }: BatchIdentity): string {
  return `${digest(['batches', call])}.${digest([table, ...key])}`
}

const DIGITS = 32
const digest = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, DIGITS)

/** The place as text. */
export function keepPlace(place: BatchPlace): string {
  return JSON.stringify(place)
}

/** The place that `keepPlace` wrote; undefined for text that is none. */
export function readPlace(text: string | undefined): BatchPlace | undefined {
  let value: unknown
  try {
    value = JSON.parse(text ?? '')
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { batches, rows, behind, kinds, isDone } = value as Partial<Record<keyof BatchPlace, unknown>>
  if (typeof batches !== 'number' || typeof rows !== 'number' || !areTexts(kinds)) return undefined
  if (behind !== undefined && !areTexts(behind)) return undefined
  return { batches, rows, behind, kinds, isDone: isDone === true }
}

function areTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string')
}
