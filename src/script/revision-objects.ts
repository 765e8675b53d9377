import { isRevError, RevError } from '../errors/index.ts'
import { buildGraph } from './build-graph.ts'
import { callNamed, exportsOfHandedIn, type HandedIn, listHandedIn } from './handed-in.ts'
import { notARevision } from './load-revision-module.ts'
import type { Requirement } from './requirements.ts'
import { findHeaderFaults, toHeader } from './revision-exports.ts'
import type { RevisionConfig, RevisionFunction } from './revision-module.ts'
import type { RevisionScripts } from './revision-script.ts'
import { createRevisionScripts, type RevisionOrigin } from './revision-scripts.ts'
import { visibleExports } from './visible-exports.ts'

/** The exports that place a revision in the graph. */
export interface RevisionObjectHeader {
  readonly revision: string
  readonly down_revision: string | readonly string[] | null
  readonly branch_labels?: string | readonly string[] | null
  readonly depends_on?: string | readonly string[] | null
  /** Revisions of other databases of the project. Default none. */
  readonly requires?: Requirement | readonly Requirement[] | null
  readonly message?: string
}

/** A revision module as an object: what `import * as revision from './versions/...'` gives. */
export interface LoadedRevisionObject extends RevisionObjectHeader {
  readonly upgrade: RevisionFunction
  readonly downgrade?: RevisionFunction | false | null
  /** Why there is no `downgrade`. */
  readonly irreversible?: string | null
  /** False to run without a transaction; `config` may say the same. Default true. */
  readonly transaction?: boolean
  readonly config?: RevisionConfig
}

/** A header whose module is loaded when the revision runs: `{ revision, down_revision, load: () => import('./...') }`. */
export interface LazyRevisionObject extends RevisionObjectHeader {
  load(): unknown
}

/**
 * A revision without a file, as `createRev({ revisions })` takes it: its exports, or its header and a function that
 * loads the rest. It needs `downgrade` or `irreversible`, which is checked only when it is to run
 * (REV_FILE_INVALID_EXPORTS). Defaults: no labels, no dependencies, an empty message, a transaction.
 */
export type RevisionModuleObject = LoadedRevisionObject | LazyRevisionObject

/** One revision; a function is called once, to learn its header, and gives the module or a promise of it. */
export type RevisionEntry = RevisionModuleObject | { readonly default: RevisionModuleObject } | (() => unknown)

/** Several revisions: in load order, or by path, as `import.meta.glob` gives them; then they are sorted by path. */
export type RevisionEntries = readonly RevisionEntry[] | Readonly<Record<string, RevisionEntry>>

/** Revisions that do not come from a directory; for bundlers and serverless functions. */
export type RevisionSource = RevisionEntries | (() => RevisionEntries | Promise<RevisionEntries>)

/**
 * Builds the graph from modules that the caller hands in. Throws REV_GRAPH_INVALID with every fault, or
 * REV_FILE_LOAD_FAILED when a function of the caller's throws.
 */
export async function scriptsFromModules(source: RevisionSource): Promise<RevisionScripts> {
  const handedIn = await listHandedIn(source, 'revisions', (one, other) => (one < other ? -1 : 1))
  const origins: RevisionOrigin[] = []
  const errors: RevError[] = []
  for (const one of handedIn) {
    try {
      origins.push(await toOrigin(one))
    } catch (error) {
      if (!isRevError(error)) throw error
      errors.push(error)
    }
  }
  const files = new Set(handedIn.map(({ file }) => file))
  const headers = origins.map(({ exports, name }) =>
    toHeader(exports, { message: '', file: files.has(name) ? name : undefined }),
  )
  const graph = buildGraph(headers, { errors, lostIds: new Set() })
  return createRevisionScripts(graph, origins, { notices: [], directories: [] })
}

async function toOrigin(handedIn: HandedIn): Promise<RevisionOrigin> {
  const { name } = handedIn
  const exports = await exportsOfHandedIn(handedIn)
  const { revision, load } = exports
  if (revision === undefined) throw notARevision(new Set(Object.keys(exports)), name)
  const problems = findHeaderFaults(exports)
  if (problems.length > 0) throw new RevError('REV_FILE_INVALID_EXPORTS', { file: name, problems })
  const isLazy = typeof load === 'function' && exports.upgrade === undefined
  return {
    revision: String(revision),
    file: undefined,
    name,
    description: '',
    exports,
    load: async () => (isLazy ? visibleExports(await callNamed(load as () => unknown, name)) : exports),
    checksum: () => undefined,
    recordedChecksum: () => undefined,
  }
}
