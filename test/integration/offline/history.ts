import type { Knex } from 'knex'
import type { RevisionGraph } from '../../../src/graph/revision-graph.ts'
import { renderScript } from '../../../src/offline/render-script.ts'
import type { RevisionContext, RevisionModule } from '../../../src/script/revision-module.ts'
import type { RevisionScripts } from '../../../src/script/revision-script.ts'

export type Work = (knex: Knex, context: RevisionContext) => unknown

/** One revision of a line: what it is about, and what it does. */
export interface Operation {
  readonly title: string
  readonly upgrade: Work
  readonly downgrade?: Work
  readonly transaction?: false
}

const idOf = (index: number): string => `r${String(index + 1).padStart(3, '0')}`

/** A line of revisions as rev knows it, without files. */
export function scriptsOf(operations: readonly Operation[]): RevisionScripts {
  const indexOf = (id: string): number => Number(id.slice(1)) - 1
  const get = (id: string) => {
    const index = indexOf(id)
    const operation = operations[index]
    if (operation === undefined) throw new Error(`no revision ${id}`)
    const revisionModule: RevisionModule = {
      revision: id,
      upgrade: operation.upgrade,
      downgrade: operation.downgrade,
      irreversible: operation.downgrade === undefined ? 'a test' : undefined,
      transaction: operation.transaction ?? true,
    }
    return {
      revision: {
        revision: id,
        downRevisions: index === 0 ? [] : [idOf(index - 1)],
        dependsOn: [],
        branchLabels: [],
        message: operation.title,
        file: undefined,
      },
      file: undefined,
      description: '',
      load: async () => revisionModule,
      checksum: () => undefined,
    }
  }
  const graph = { has: (id: string) => operations[indexOf(id)] !== undefined } as unknown as RevisionGraph
  return { graph, get, notices: [], directories: [] }
}

/** Everything that can be said of a script of a line of operations; the rest is the usual. */
export interface ScriptOptions {
  readonly direction?: 'upgrade' | 'downgrade'
  readonly knexConfig?: Knex.Config
  readonly versionTable?: string
  readonly schema?: string
  readonly x?: Readonly<Record<string, string>>
}

/** The script of all operations, from base up or from the last one down. */
export async function scriptOf(
  operations: readonly Operation[],
  client: string,
  options: ScriptOptions = {},
): Promise<string> {
  const ids = operations.map((_, index) => idOf(index))
  const direction = options.direction ?? 'upgrade'
  const steps =
    direction === 'upgrade'
      ? ids.map((revision) => ({ direction, revision, rows: [revision] }))
      : ids.toReversed().map((revision, index) => ({ direction, revision, rows: ids.slice(0, -1 - index).slice(-1) }))
  let text = ''
  await renderScript({
    direction,
    plan: { steps, rows: steps.at(-1)?.rows ?? [] },
    startRows: direction === 'upgrade' ? [] : ids.slice(-1),
    scripts: scriptsOf(operations),
    knexConfig: { ...options.knexConfig, client },
    projectDirectory: process.cwd(),
    settings: { versionTable: options.versionTable ?? 'rev_version', schema: options.schema, role: undefined },
    x: options.x ?? {},
    tag: undefined,
    signal: new AbortController().signal,
    write: (piece) => {
      text += piece
    },
  })
  return text
}

/** Runs the functions on the database itself, each in the transaction that it asks for, with nothing but Knex. */
export async function runOnline(
  operations: readonly Operation[],
  knex: Knex,
  dialect: string,
  direction: 'upgrade' | 'downgrade' = 'upgrade',
): Promise<void> {
  const context: RevisionContext = {
    x: {},
    tag: undefined,
    direction,
    dialect,
    offline: false,
    signal: new AbortController().signal,
    log: () => {},
  }
  if (dialect === 'sqlite') await knex.raw('PRAGMA foreign_keys = OFF')
  for (const operation of direction === 'upgrade' ? operations : operations.toReversed()) {
    const work = async (handle: Knex): Promise<void> => {
      await operation[direction]?.(handle, context)
    }
    await (operation.transaction === false ? work(knex) : knex.transaction(work))
  }
}
