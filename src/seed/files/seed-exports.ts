import { distance } from 'fastest-levenshtein'
import { show } from '../../script/show-value.ts'
import type { Seed, SeedMode } from '../graph/seed.ts'

/** What a file offers by name. */
export type SeedExports = Readonly<Record<string, unknown>>

/** The exports that say what a seed is, and that are read without running it. */
export const SEED_NAMES = ['seed', 'mode', 'depends_on', 'environments', 'tags', 'scenario', 'message'] as const
const DATA_NAMES = ['table', 'key', 'rows'] as const

const MODES: readonly string[] = ['once', 'onchange', 'always']
const LONGEST_NAME = 255
const MOST_SLIPS = 2
// What else one might write: a mark that is not read would let a seed run where it must not.
const OTHER_WORDS: Readonly<Record<string, (typeof SEED_NAMES)[number]>> = {
  tag: 'tags',
  env: 'environments',
  envs: 'environments',
  depends: 'depends_on',
  dependencies: 'depends_on',
  requires: 'depends_on',
}

/** The faults of what describes a seed, each a sentence; empty when there are none. */
export function findSeedFaults(exports: SeedExports): string[] {
  const { seed, mode, message } = exports
  const faults: string[] = []
  const name = nameFault(seed)
  if (name !== undefined) faults.push(name)
  if (mode !== undefined && !MODES.includes(mode as string))
    faults.push(`"mode" must be 'once', 'onchange' or 'always', it is ${show(mode)}`)
  for (const list of ['depends_on', 'environments', 'tags', 'scenario']) {
    const value = exports[list]
    if (value !== undefined && !isTexts(value))
      faults.push(`"${list}" must be a text, a list of texts or null, it is ${show(value)}`)
  }
  if (message !== undefined && typeof message !== 'string')
    faults.push(`"message" must be a text, it is ${show(message)}`)
  return [...faults, ...misspellings(exports)]
}

/** The faults of what a file of code does. */
export function findFunctionFaults({ run, undo, offline, transaction, upgrade }: SeedExports): string[] {
  const faults: string[] = []
  if (typeof run !== 'function')
    faults.push(
      `"run" must be a function, it is ${show(run)}${upgrade === undefined ? '' : '; "upgrade" is for revisions'}`,
    )
  if (undo !== undefined && undo !== null && typeof undo !== 'function')
    faults.push(`"undo" must be a function, it is ${show(undo)}`)
  if (offline !== undefined && offline !== null && typeof offline !== 'function')
    faults.push(`"offline" must be a function, it is ${show(offline)}`)
  if (transaction !== undefined && typeof transaction !== 'boolean')
    faults.push(`"transaction" must be true or false, it is ${show(transaction)}`)
  return faults
}

/** The faults of what a data file names. */
export function findDataFaults({ table, key }: SeedExports): string[] {
  const faults: string[] = []
  if (typeof table !== 'string' || table.trim() === '') faults.push(`"table" must be a text, it is ${show(table)}`)
  if (key === null || !isTexts(key) || [key].flat().length === 0)
    faults.push(`"key" must name the column, or the columns, that tell one row from another; it is ${show(key)}`)
  return faults
}

/** The seed, of exports without faults. */
export function toSeed(exports: SeedExports, { message, file }: { message: string; file: string | undefined }): Seed {
  const { environments } = exports
  return {
    seed: exports.seed as string,
    mode: (exports.mode ?? 'once') as SeedMode,
    dependsOn: toTexts(exports.depends_on),
    environments: environments === undefined || environments === null ? undefined : toTexts(environments),
    tags: toTexts(exports.tags),
    scenarios: toTexts(exports.scenario),
    message: typeof exports.message === 'string' ? exports.message : message,
    file,
  }
}

/** How what a module exports when it runs differs from what its text said. */
export function findSeedDifferences(known: SeedExports, exports: SeedExports): string[] {
  return SEED_NAMES.filter((name) => name !== 'message' && differs(known[name], exports[name])).map(
    (name) => `"${name}" is ${show(exports[name])} instead of ${show(known[name])}`,
  )
}

const differs = (one: unknown, other: unknown): boolean =>
  JSON.stringify(toTexts(one)) !== JSON.stringify(toTexts(other))

function nameFault(seed: unknown): string | undefined {
  if (typeof seed !== 'string' || seed === '') return `"seed" must be the name of the seed, a text, it is ${show(seed)}`
  if (seed.length > LONGEST_NAME) return `the name of the seed is longer than ${LONGEST_NAME} characters`
  if (/^[-\s]|\s$|[\p{Cc},]|^tag:/u.test(seed)) {
    return `${show(seed)} cannot be the name of a seed: it may not begin with "-" or "tag:", nor hold a comma or a line end`
  }
  return undefined
}

function misspellings(exports: SeedExports): string[] {
  return Object.keys(exports).flatMap((wrong) => {
    const right = findMisspelled(wrong)
    return right === undefined || exports[right] !== undefined
      ? []
      : `"${wrong}" is not known here: it is called "${right}"`
  })
}

/** The export that was probably meant; undefined for one that is right or quite another. */
export function findMisspelled(name: string): string | undefined {
  const names = [...SEED_NAMES, ...DATA_NAMES]
  if (names.some((right) => right === name)) return undefined
  if (Object.hasOwn(OTHER_WORDS, name)) return OTHER_WORDS[name]
  if (name.length < 4) return undefined
  const plain = name.toLowerCase().replaceAll('_', '')
  const isSlip = (right: string): boolean =>
    distance(plain, right) <= Math.min(MOST_SLIPS, plain.length - 4) || lettersOf(plain) === lettersOf(right)
  return names.find((right) => right.length > 3 && isSlip(right.replaceAll('_', '')))
}

const lettersOf = (word: string): string => [...word].sort().join('')

function isTexts(value: unknown): boolean {
  const isText = (item: unknown): boolean => typeof item === 'string' && item !== ''
  return value === null || isText(value) || (Array.isArray(value) && value.every(isText))
}

function toTexts(value: unknown): string[] {
  return value === undefined || value === null ? [] : ([value].flat() as string[])
}
