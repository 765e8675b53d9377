import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

// Node keeps every module that a process has loaded. A program that lives on while its files are edited would run what
// they were, and record what they are.
const loaded = new Map<string, { readonly kept: string; readonly edition: number }>()

// A longer text is remembered by its hash: that of a short one costs more than the memory for it.
const LONGEST_KEPT = 20_000

export interface ModuleEdition {
  /** How often the file has become another one since this process loaded it first, as far as loads have seen it. */
  readonly edition: number
  /** Whether it has since the load before this one. */
  readonly isChanged: boolean
  /** As it was read just now; undefined for a long one, and for a file that cannot be read. */
  readonly text: string | undefined
}

/** Call it once for each load. A file that cannot be read is as it was: loading it will say why. */
export function editionOf(file: string): ModuleEdition {
  const whole = textOf(file)
  const isLong = whole !== undefined && whole.length > LONGEST_KEPT
  const kept = isLong ? hash('sha256', whole) : whole
  const text = isLong ? undefined : whole
  const before = loaded.get(file)
  if (before !== undefined && (kept === undefined || before.kept === kept)) {
    return { edition: before.edition, isChanged: false, text }
  }
  const edition = before === undefined ? 0 : before.edition + 1
  if (kept !== undefined) loaded.set(file, { kept, edition })
  return { edition, isChanged: edition > 0, text }
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
