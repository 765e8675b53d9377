import type { Knex } from 'knex'
import { exportsOfHandedIn, type HandedIn, listHandedIn } from '../../script/handed-in.ts'
import { textChecksum } from '../../script/recorded-checksum.ts'
import { naturalOrder } from '../graph/natural-order.ts'
import type { SeedMode } from '../graph/seed.ts'
import type { SeedProblem } from '../graph/seed-graph.ts'
import { dataModule } from './data-module.ts'
import type { SeedScript } from './read-seed-file.ts'
import { type SeedFiles, toSeedFiles } from './read-seeds.ts'
import { findDataFaults, findFunctionFaults, findSeedFaults, type SeedExports, toSeed } from './seed-exports.ts'
import type { SeedFunction, SeedModule } from './seed-module.ts'
import { tablesOfCode } from './written-tables.ts'

/** The exports that say what a seed is; those that are left out mean the same as in a file. */
export interface SeedObjectHeader {
  readonly seed: string
  readonly mode?: SeedMode
  readonly depends_on?: string | readonly string[] | null
  readonly environments?: string | readonly string[] | null
  readonly tags?: string | readonly string[] | null
  readonly scenario?: string | readonly string[] | null
  readonly message?: string
}

/** A seed of code as an object: what `import * as seed from './seeds/...'` gives. */
export interface CodeSeedObject extends SeedObjectHeader {
  readonly run: SeedFunction
  readonly undo?: SeedFunction | null
  readonly offline?: SeedFunction | null
  /** Default true. */
  readonly transaction?: boolean
}

/** Rows that a table is to hold, told apart by their key. */
export interface DataSeedObject extends SeedObjectHeader {
  readonly table: string
  readonly key: string | readonly string[]
  readonly rows: readonly object[]
}

/** A seed of Knex, which has the name of its path. */
export interface PlainSeedObject {
  readonly seed: (knex: Knex) => unknown
}

/** A seed without a file, as `createRev({ seeds })` takes it. */
export type SeedModuleObject = CodeSeedObject | DataSeedObject | PlainSeedObject

/** One seed; a function gives the module or a promise of it. */
export type SeedEntry = SeedModuleObject | { readonly default: SeedModuleObject } | (() => unknown)

/** Several seeds: in the order in which they run as far as they do not depend on each other, or by path, as `import.meta.glob` gives them. */
export type SeedEntries = readonly SeedEntry[] | Readonly<Record<string, SeedEntry>>

/** Seeds that do not come from a folder; for bundlers and serverless functions. */
export type SeedSource = SeedEntries | (() => SeedEntries | Promise<SeedEntries>)

/** Reads seeds that the caller hands in. Throws REV_FILE_LOAD_FAILED when a function of the caller's throws. */
export async function readSeedObjects(source: SeedSource): Promise<SeedFiles> {
  const scripts: SeedScript[] = []
  const problems: SeedProblem[] = []
  for (const one of await listHandedIn(source, 'seeds', naturalOrder)) {
    const { name } = one
    const read = toScript(await exportsOfHandedIn(one), one)
    if ('script' in read) scripts.push(read.script)
    else problems.push(...read.faults.map((problem) => ({ file: name, problem })))
  }
  return toSeedFiles(scripts, problems, [])
}

type Place = Pick<HandedIn, 'name' | 'file'>

function toScript(exports: SeedExports, place: Place): { script: SeedScript } | { faults: string[] } {
  const plain = exports.seed
  if (typeof plain === 'function') {
    if (place.file === undefined) return { faults: ['a seed of Knex has no name: hand it in under one, in an object'] }
    const name = place.file.replace(/^.*[\\/]/, '').replace(/\.\w+$/, '')
    const run: SeedFunction = (knex) => plain(knex)
    return scriptOf({ seed: name, mode: 'always' }, place, { run, undo: undefined, transaction: true }, [plain])
  }
  if (exports.table !== undefined || exports.rows !== undefined) return dataScript(exports, place)
  const faults = [...findSeedFaults(exports), ...findFunctionFaults(exports)]
  if (faults.length > 0) return { faults }
  const { run, undo, offline, transaction } = exports
  const module: SeedModule = {
    run: run as SeedFunction,
    offline: (offline ?? undefined) as SeedFunction | undefined,
    undo: (undo ?? undefined) as SeedFunction | undefined,
    transaction: transaction !== false,
  }
  return scriptOf(exports, place, module, [run, undo, offline])
}

function dataScript(exports: SeedExports, place: Place): ReturnType<typeof toScript> {
  const { rows, table, key } = exports
  const faults = [...findSeedFaults(exports), ...findDataFaults(exports)]
  if (!Array.isArray(rows)) faults.push('"rows" must be a list of objects')
  if (faults.length > 0) return { faults }
  const target = { file: place.name, table: table as string, key: [key].flat() as string[] }
  const module = dataModule(target, () => rows as Record<string, unknown>[])
  return scriptOf(exports, place, module, [rows, table, key], [target.table])
}

function scriptOf(
  exports: SeedExports,
  { file }: Place,
  module: SeedModule,
  parts: readonly unknown[],
  tables?: readonly string[],
): { script: SeedScript } {
  return {
    script: {
      seed: toSeed(exports, { message: '', file }),
      // The text of its functions and its rows: all that there is to tell an edited one by.
      checksum: () => textChecksum(JSON.stringify(parts, toText)),
      tables: () => tables ?? tablesOfCode(parts.filter((part) => typeof part === 'function').join('\n')),
      load: async () => module,
    },
  }
}

function toText(_key: string, value: unknown): unknown {
  return typeof value === 'function' || typeof value === 'bigint' ? String(value) : value
}
