import { createHash } from 'node:crypto'
import type { Knex } from 'knex'
import { run } from '../../../src/database/run.ts'
import type { Plan } from '../../../src/graph/plan-types.ts'
import { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import { renderScript } from '../../../src/offline/render-script.ts'
import type { RevisionContext, RevisionModule } from '../../../src/script/revision-module.ts'
import type { RevisionScripts } from '../../../src/script/revision-script.ts'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { open } from '../database/open.ts'

export type Work = (knex: Knex, context: RevisionContext) => unknown

/** One revision of a line: what it is about, and what it does. */
export interface Operation {
  readonly title: string
  readonly upgrade: Work
  readonly downgrade?: Work
  readonly transaction?: false
}

/** Which way, and how far: `start` and `target` count operations; from the first to the last unless they are given. */
export interface Way {
  readonly direction?: 'upgrade' | 'downgrade'
  readonly start?: number
  readonly target?: number
}

/** Everything that can be said of a script of a line of operations; the rest is the usual. */
export interface ScriptOptions extends Way {
  readonly knexConfig?: Knex.Config
  readonly versionTable?: string
  readonly schema?: string
  readonly x?: Readonly<Record<string, string>>
  readonly shadowUrl?: string
}

/** The version rows after so many operations. */
export const rowsAfter = (count: number): string[] => (count === 0 ? [] : [`r${String(count).padStart(3, '0')}`])

/** A line of revisions as rev knows it, without files. */
export function scriptsOf(operations: readonly Operation[]): RevisionScripts {
  const indexOf = (id: string): number => Number(id.slice(1)) - 1
  const graph = RevisionGraph.from(
    operations.map(({ title }, index) => ({
      revision: rowsAfter(index + 1).join(),
      down_revision: rowsAfter(index),
      message: title,
    })),
  )
  const get = (id: string) => {
    const operation = operations[indexOf(id)]
    if (operation === undefined) throw new Error(`no revision ${id}`)
    const revisionModule: RevisionModule = {
      revision: id,
      upgrade: operation.upgrade,
      downgrade: operation.downgrade,
      irreversible: operation.downgrade === undefined ? 'a test' : undefined,
      transaction: operation.transaction ?? true,
      limits: { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0 },
    }
    const checksum = (): string => `sha256:${createHash('sha256').update(operation.title).digest('hex')}`
    return {
      revision: {
        revision: id,
        downRevisions: rowsAfter(indexOf(id)),
        dependsOn: [],
        branchLabels: [],
        message: operation.title,
        file: undefined,
      },
      file: undefined,
      description: '',
      requires: [],
      load: async () => revisionModule,
      checksum,
      recordedChecksum: checksum,
    }
  }
  return { graph, get, notices: [], directories: [] }
}

interface Route {
  readonly direction: 'upgrade' | 'downgrade'
  readonly startRows: readonly string[]
  plan(rows: readonly string[]): Plan
}

function routeOf(scripts: RevisionScripts, { direction = 'upgrade', start, target }: Way): Route {
  const { graph } = scripts
  const count = graph.size
  const goal = rowsAfter(target ?? (direction === 'upgrade' ? count : 0))
  return {
    direction,
    startRows: rowsAfter(start ?? (direction === 'upgrade' ? 0 : count)),
    plan: (rows) =>
      direction === 'upgrade' ? graph.planUpgrade(rows, goal) : graph.planDowngrade(rows, goal[0] ?? 'base'),
  }
}

/** The script of all operations, from base up or from the last one down, or of the part that was asked for. */
export async function scriptOf(
  operations: readonly Operation[],
  client: string,
  options: ScriptOptions = {},
): Promise<string> {
  const scripts = scriptsOf(operations)
  const { direction, startRows, plan } = routeOf(scripts, options)
  const { versionTable, schema, shadowUrl } = options
  let text = ''
  await renderScript({
    direction,
    plan: plan(startRows),
    startRows,
    scripts,
    knexConfig: { ...options.knexConfig, client },
    projectDirectory: process.cwd(),
    settings: resolveSettings({ versionTable, schema }, { directory: process.cwd() }),
    x: options.x ?? {},
    tag: undefined,
    signal: new AbortController().signal,
    shadowUrl,
    write: (piece) => {
      text += piece
    },
  })
  return text
}

/** Runs the operations on the database as `rev upgrade` and `rev downgrade` do. */
export async function runOnline(db: TestDatabase, operations: readonly Operation[], way: Way = {}): Promise<void> {
  const scripts = scriptsOf(operations)
  const { direction, plan } = routeOf(scripts, way)
  const options = { direction, plan, scripts, x: {}, tag: undefined, singleTransaction: false, allowNonEmpty: true }
  await open(db, (database) => run(database, { ...options, lockTimeoutMs: 5_000 }))
}
