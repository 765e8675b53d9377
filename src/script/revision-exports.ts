import { distance } from 'fastest-levenshtein'
import { RevError } from '../errors/index.ts'
import type { RevisionHeader } from '../graph/revision.ts'
import { findRequirementFaults } from './requirements.ts'
import { show } from './show-value.ts'

type Exports = Readonly<Record<string, unknown>>

const GRAPH_NAMES = ['revision', 'down_revision', 'branch_labels', 'depends_on'] as const
type GraphName = (typeof GRAPH_NAMES)[number]

// Enough for `downRevision`, `depend_on` and two slips of the finger.
const MOST_SLIPS = 2

/** The faults of the exports that place a revision in the graph, each a sentence; empty when there are none. */
export function findHeaderFaults(exports: Exports): string[] {
  const { revision, down_revision: down } = exports
  const faults: string[] = []
  if (typeof revision !== 'string' || revision === '') faults.push(`"revision" must be a text, it is ${show(revision)}`)
  if (down === undefined)
    faults.push('"down_revision" is missing: name the revision before this one, or null for the first')
  else if (!isTexts(down)) faults.push(`"down_revision" must be an id, a list of ids or null, it is ${show(down)}`)
  for (const name of ['branch_labels', 'depends_on']) {
    const value = exports[name]
    if (value !== undefined && !isTexts(value)) {
      faults.push(`"${name}" must be a text, a list of texts or null, it is ${show(value)}`)
    }
  }
  const { message } = exports
  if (message !== undefined && typeof message !== 'string')
    faults.push(`"message" must be a text, it is ${show(message)}`)
  faults.push(...findRequirementFaults(exports))
  for (const wrong of Object.keys(exports)) {
    const right = findMisspelled(wrong)
    if (right !== undefined && exports[right] === undefined)
      faults.push(`"${wrong}" is not known here: it is called "${right}"`)
  }
  return faults
}

// All files export the same few names.
const misspelled = new Map<string, GraphName | undefined>()

/** The name of the graph that an export was probably meant to have; undefined for one that is right or quite another. */
export function findMisspelled(name: string): GraphName | undefined {
  if (!misspelled.has(name)) misspelled.set(name, nearGraphName(name))
  return misspelled.get(name)
}

function nearGraphName(name: string): GraphName | undefined {
  if (isGraphName(name)) return undefined
  return GRAPH_NAMES.find((right) => distance(name.toLowerCase(), right) <= MOST_SLIPS)
}

function isGraphName(name: string): name is GraphName {
  return GRAPH_NAMES.some((known) => known === name)
}

/** The header, of exports without faults. `message` stands in where the exports have none. */
export function toHeader(exports: Exports, origin: { message: string; file: string | undefined }): RevisionHeader {
  const header = exports as unknown as RevisionHeader
  return {
    revision: header.revision,
    down_revision: header.down_revision,
    branch_labels: header.branch_labels ?? null,
    depends_on: header.depends_on ?? null,
    message: header.message ?? origin.message,
    ...(origin.file === undefined ? {} : { file: origin.file }),
  }
}

// What is acted upon before a module is loaded.
const KNOWN_EARLY = [...GRAPH_NAMES, 'requires'] as const

/** How what `exports` say of the graph differs from what is known, by name. */
export function findHeaderDifferences(known: Exports, exports: Exports): string[] {
  return KNOWN_EARLY.filter((name) => !isSame(known[name], exports[name])).map(
    (name) => `"${name}" is ${show(exports[name])} instead of ${show(known[name])}`,
  )
}

/** Throws REV_FILE_HEADER_DIFFERS when a module exports another header than the one that the graph was built from. */
export function assertSameHeader(known: Exports, exports: Exports, file: string): void {
  const differences = findHeaderDifferences(known, exports)
  if (differences.length > 0) {
    throw new RevError('REV_FILE_HEADER_DIFFERS', { file, revision: String(known.revision), differences })
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || normalise(one) === normalise(other)
}

// One, several and none may each be written in more than one way.
function normalise(value: unknown): string {
  if (value === undefined || value === null) return '[]'
  return JSON.stringify(Array.isArray(value) ? value : [value]) ?? ''
}

function isTexts(value: unknown): boolean {
  const isText = (item: unknown) => typeof item === 'string' && item !== ''
  return value === null || isText(value) || (Array.isArray(value) && value.every(isText))
}
