import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

// Node keeps every module that a process has loaded. A program that lives on while its files are edited would run what
// they were, and record what they are.
const loaded = new Map<string, { readonly text: string; readonly edition: number }>()

// A longer text is remembered by its hash: that of a short one costs more than the memory for it.
const LONGEST_KEPT = 20_000

export interface ModuleEdition {
  /** How often the file has become another one since this process loaded it first, as far as loads have seen it. */
  readonly edition: number
  /** Whether it has since the load before this one. */
  readonly isChanged: boolean
}

/** Call it once for each load. A file that cannot be read is as it was: loading it will say why. */
export function editionOf(file: string): ModuleEdition {
  const text = textOf(file)
  const before = loaded.get(file)
  if (before !== undefined && (text === undefined || before.text === text)) return { ...before, isChanged: false }
  const edition = before === undefined ? 0 : before.edition + 1
  if (text !== undefined) loaded.set(file, { text, edition })
  return { edition, isChanged: edition > 0 }
}

function textOf(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    return text.length <= LONGEST_KEPT ? text : hash('sha256', text)
  } catch {
    return undefined
  }
}
