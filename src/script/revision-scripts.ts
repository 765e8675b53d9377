import { RevError } from '../errors/index.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import { toRevisionModule } from './load-revision-module.ts'
import { requirementsOf } from './requirements.ts'
import { assertSameHeader } from './revision-exports.ts'
import type { RevisionModule } from './revision-module.ts'
import type { RevisionScript, RevisionScripts } from './revision-script.ts'
import type { Notice } from './twins.ts'

type Exports = Readonly<Record<string, unknown>>

/** Where one revision comes from. */
export interface RevisionOrigin {
  readonly revision: string
  readonly file: string | undefined
  /** How errors call it when there is no file. */
  readonly name: string
  readonly description: string
  /** The exports that the graph was built from. */
  readonly exports: Exports
  load(): Promise<Exports>
  checksum(): string | undefined
  recordedChecksum(): string | undefined
}

/** The scripts of a graph; each is loaded at most once, when it is asked for. */
export function createRevisionScripts(
  graph: RevisionGraph,
  origins: readonly RevisionOrigin[],
  seen: { readonly notices: readonly Notice[]; readonly directories: readonly string[] },
): RevisionScripts {
  const byId = new Map(origins.map((origin) => [origin.revision, origin]))
  const scripts = new Map<string, RevisionScript>()
  return {
    graph,
    ...seen,
    get(id) {
      const known = scripts.get(id)
      if (known !== undefined) return known
      const revision = graph.get(id)
      const origin = byId.get(revision.revision)
      if (origin === undefined) throw new RevError('REV_INTERNAL', { what: `revision ${id} came from nowhere` })
      const { file, description, checksum, recordedChecksum } = origin
      let loading: Promise<RevisionModule> | undefined
      const load = () => {
        loading ??= loadModule(origin)
        return loading
      }
      const requires = requirementsOf(origin.exports)
      const script = { revision, file, description, requires, checksum, recordedChecksum, load }
      scripts.set(id, script)
      return script
    },
  }
}

async function loadModule(origin: RevisionOrigin): Promise<RevisionModule> {
  const exports = await origin.load()
  const name = origin.file ?? origin.name
  const loaded = toRevisionModule(exports, name)
  assertSameHeader(origin.exports, exports, name)
  return loaded
}
