import type { RevisionHeader } from '../../../src/graph/revision.ts'
import { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import type { RevisionFunction, RevisionLimits, RevisionModule } from '../../../src/script/revision-module.ts'
import type { RevisionScripts } from '../../../src/script/revision-script.ts'

/** One revision as a test writes it. */
export interface TestRevision {
  readonly revision: string
  readonly down?: RevisionHeader['down_revision']
  readonly upgrade?: RevisionFunction
  /** False for a revision that cannot be reverted. */
  readonly downgrade?: RevisionFunction | false
  readonly transaction?: boolean
  readonly limits?: Partial<RevisionLimits>
  /** Called when the module is loaded. */
  readonly onLoad?: () => void
}

const nothing: RevisionFunction = () => undefined

/** Revisions without files. */
export function scriptsOf(revisions: readonly TestRevision[]): RevisionScripts {
  const graph = RevisionGraph.from(
    revisions.map(({ revision, down }) => ({ revision, down_revision: down ?? null, message: `the ${revision}` })),
  )
  return {
    graph,
    get: (id) => {
      const found = revisions.find(({ revision }) => revision === id)
      if (!found) throw new Error(`no revision ${id}`)
      return {
        revision: graph.get(id),
        file: undefined,
        description: '',
        requires: [],
        load: async () => {
          found.onLoad?.()
          return toModule(found)
        },
        checksum: () => `sha256:${id}`,
        recordedChecksum: () => `sha256:${id}`,
      }
    },
    notices: [],
    directories: ['/somewhere/versions'],
  }
}

function toModule({
  revision,
  upgrade = nothing,
  downgrade = nothing,
  transaction = true,
  limits,
}: TestRevision): RevisionModule {
  return {
    revision,
    upgrade,
    downgrade: downgrade === false ? undefined : downgrade,
    irreversible: downgrade === false ? 'the data is gone' : undefined,
    transaction,
    limits: { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0, ...limits },
  }
}

/** `a` makes a table, `b` a second one, `c` a third; each takes its own down again. */
export function threeTables(): TestRevision[] {
  return ['a', 'b', 'c'].map((revision, index, all) => ({
    revision,
    down: all[index - 1] ?? null,
    upgrade: (knex) => knex.schema.createTable(`table_${revision}`, (table) => table.integer('id')),
    downgrade: (knex) => knex.schema.dropTable(`table_${revision}`),
  }))
}
