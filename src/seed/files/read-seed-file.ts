import { readFileSync } from 'node:fs'
import { isRevError, RevError } from '../../errors/index.ts'
import { readLeadingComment } from '../../script/leading-comment.ts'
import type { ModuleLoader } from '../../script/module-loader.ts'
import { reasonOf } from '../../script/reason.ts'
import { scanExports } from '../../script/revision-header.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import type { Seed } from '../graph/seed.ts'
import type { SeedProblem } from '../graph/seed-graph.ts'
import { readCommentHeader, toExports } from './comment-header.ts'
import { csvRows, dataModule } from './data-module.ts'
import type { ListedSeedFile } from './list-seed-files.ts'
import { seedChecksum } from './seed-checksum.ts'
import {
  findDataFaults,
  findFunctionFaults,
  findMisspelled,
  findSeedDifferences,
  findSeedFaults,
  SEED_NAMES,
  type SeedExports,
  toSeed,
} from './seed-exports.ts'
import type { SeedFunction, SeedModule } from './seed-module.ts'
import { sqlModule } from './sql-module.ts'
import { tablesOfCode, tablesOfSql } from './written-tables.ts'

/** One seed and the way to what it does. */
export interface SeedScript {
  readonly seed: Seed
  /** What is kept of the file when the seed has run. */
  checksum(): string
  /** The tables that its text says it writes; for advice alone. */
  tables(family: SqlFamily | undefined): readonly string[]
  /** Loads and checks what the seed does. Throws REV_FILE_LOAD_FAILED and REV_SEED_INVALID. */
  load(): Promise<SeedModule>
}

/** What a file came to: a seed, faults, or nothing but a file of data that some seed reads. */
export type SeedFileResult =
  | { readonly script: SeedScript }
  | { readonly problems: readonly SeedProblem[] }
  | { readonly ignored: string }

/**
 * Reads one file, without running it where its text tells what the seed is; a file of code whose text leaves that open
 * is run. Throws REV_FILE_UNREADABLE and REV_FILE_LOAD_FAILED.
 */
export async function readSeedFile(listed: ListedSeedFile, loader: ModuleLoader): Promise<SeedFileResult> {
  const text = readText(listed.file)
  if (listed.kind === 'code') return readCode(listed, text, loader)
  if (listed.kind === 'sql') return readSql(listed, text)
  return listed.kind === 'csv' ? readCsv(listed, text) : readJson(listed, text)
}

const NAMES: ReadonlySet<(typeof SEED_NAMES)[number]> = new Set(SEED_NAMES)
const NO_NAMES: ReadonlySet<never> = new Set()
// Knex's own seeds are functions of that name.
const PLAIN =
  /^\s*(?:export\s+(?:async\s+)?function\s*\*?\s*seed\b|(?:module\.)?exports\.seed\s*=\s*(?:async\b|function\b|\())/m

async function readCode(listed: ListedSeedFile, text: string, loader: ModuleLoader): Promise<SeedFileResult> {
  const { file, stem } = listed
  const { message } = readLeadingComment(text)
  const checksum = checksumOf(text, listed)
  const tables = (): string[] => tablesOfCode(text)
  const scanned = scanExports(text, NAMES)
  const isPlain = scanned === undefined && PLAIN.test(text) && scanExports(text, NO_NAMES)?.names.has('seed') === true
  const known: SeedExports = isPlain
    ? { seed: PLAIN_SEED }
    : scanned === undefined
      ? await loader.load(file)
      : Object.fromEntries([...[...scanned.names].map((name) => [name, undefined] as const), ...scanned.values])
  if (typeof known.seed === 'function') {
    const seed = toSeed({ seed: stem, mode: 'always' }, { message, file })
    const load = async (): Promise<SeedModule> => plainModule(await loader.load(file), file)
    return { script: { seed, checksum, tables, load } }
  }
  if (!('seed' in known)) return { problems: [{ file, problem: noSeed(known) }] }
  const faults = findSeedFaults(known)
  if (faults.length > 0) return problemsOf(file, faults)
  const load = async (): Promise<SeedModule> => codeModule(known, await loader.load(file), file)
  return { script: { seed: toSeed(known, { message, file }), checksum, tables, load } }
}

const PLAIN_SEED = (): void => {}

function noSeed(exports: SeedExports): string {
  const meant = Object.keys(exports).find((name) => findMisspelled(name) === 'seed')
  if (meant !== undefined) return `it is no seed: did you mean "seed" where it exports "${meant}"?`
  return "it is no seed: it exports no name, as in: export const seed = 'countries'. Move what is none to another folder"
}

function plainModule(exports: SeedExports, file: string): SeedModule {
  const { seed } = exports
  if (typeof seed !== 'function')
    throw invalid(file, ['"seed" was a function in the text, and is none when it is loaded'])
  // Nothing but the handle, as Knex calls it.
  return { run: (knex) => seed(knex), undo: undefined, transaction: true }
}

function codeModule(known: SeedExports, exports: SeedExports, file: string): SeedModule {
  const faults = [...findFunctionFaults(exports), ...findSeedDifferences(known, exports)]
  if (faults.length > 0) throw invalid(file, faults)
  return {
    run: exports.run as SeedFunction,
    offline: (exports.offline ?? undefined) as SeedFunction | undefined,
    undo: (exports.undo ?? undefined) as SeedFunction | undefined,
    transaction: exports.transaction !== false,
  }
}

function readSql(listed: ListedSeedFile, text: string): SeedFileResult {
  const { file } = listed
  const exports = toExports(readCommentHeader(text, '--'))
  if (exports.seed === undefined)
    return { ignored: `${file} is no seed: it does not begin with a line "-- seed: NAME"` }
  const { transaction = true } = exports
  const faults = [
    ...findSeedFaults(exports),
    ...(typeof transaction === 'boolean' ? [] : ['"transaction" must be true or false']),
  ]
  if (faults.length > 0) return problemsOf(file, faults)
  const seed = toSeed(exports, { message: '', file })
  const load = async (): Promise<SeedModule> => sqlModule(text, transaction === true)
  const tables = (family: SqlFamily | undefined): string[] => (family === undefined ? [] : tablesOfSql(text, family))
  return { script: { seed, checksum: checksumOf(text, listed), tables, load } }
}

function readCsv(listed: ListedSeedFile, text: string): SeedFileResult {
  const { file, stem } = listed
  const exports = { seed: stem, ...toExports(readCommentHeader(text, '#')) }
  if (!('table' in exports)) return { ignored: `${file} is no seed: it does not begin with a line "# table: NAME"` }
  return readData(listed, exports, text, (target) => dataModule(target, () => csvRows(file)))
}

function readJson(listed: ListedSeedFile, text: string): SeedFileResult {
  const { file, stem } = listed
  let content: unknown
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return problemsOf(file, [`it is not valid JSON: ${reasonOf(error)}`])
  }
  const object = typeof content === 'object' && content !== null && !Array.isArray(content) ? content : {}
  const exports: SeedExports = { seed: stem, ...object }
  if (!['table', 'rows'].some((name) => name in exports)) {
    return { ignored: `${file} is no seed: it is no object with "table", "key" and "rows"` }
  }
  const { rows } = exports
  if (!Array.isArray(rows)) return problemsOf(file, ['"rows" must be a list of objects'])
  return readData(listed, exports, text, (target) => dataModule(target, () => rows as Record<string, unknown>[]))
}

function readData(
  listed: ListedSeedFile,
  exports: SeedExports,
  text: string,
  toModule: (target: { file: string; table: string; key: readonly string[] }) => SeedModule,
): SeedFileResult {
  const { file } = listed
  const faults = [...findSeedFaults(exports), ...findDataFaults(exports)]
  if (faults.length > 0) return problemsOf(file, faults)
  const seed = toSeed(exports, { message: '', file })
  const target = { file, table: exports.table as string, key: [exports.key].flat() as string[] }
  const tables = (): string[] => [target.table]
  return { script: { seed, checksum: checksumOf(text, listed), tables, load: async () => toModule(target) } }
}

/** Computed when it is asked for, and once. */
function checksumOf(text: string, listed: ListedSeedFile): () => string {
  let known: string | undefined
  return () => {
    known ??= seedChecksum(text, listed)
    return known
  }
}

const problemsOf = (file: string, faults: readonly string[]): { problems: SeedProblem[] } => ({
  problems: faults.map((problem) => ({ file, problem })),
})

const invalid = (file: string, faults: readonly string[]): RevError =>
  new RevError('REV_SEED_INVALID', problemsOf(file, faults))

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    if (isRevError(cause)) throw cause
    throw new RevError('REV_FILE_UNREADABLE', { file, reason: reasonOf(cause) }, { cause })
  }
}
