import { readFileSync } from 'node:fs'
import type { RevisionHeader } from '../../src/graph/revision.ts'

/** One recorded situation and what Alembic answered. */
export interface Case {
  readonly id: string
  readonly about: string
  readonly revisions: readonly RevisionHeader[]
  readonly current: readonly string[]
  readonly command: string
  readonly target: string | readonly string[] | null
  readonly purge?: boolean
  readonly splice?: boolean
  readonly expect: {
    readonly ok: boolean
    readonly steps?: readonly { readonly revision: string }[]
    readonly heads_after?: readonly string[]
    readonly result?: unknown
    readonly effective?: readonly string[]
    readonly error?: string
    readonly message?: string
    readonly cause?: string | null
  }
  readonly order_forced: boolean | null
  /** What a correct tool ends with, where Alembic's own answer is not to be trusted. */
  readonly model_heads_after?: readonly string[]
  readonly result_stable: boolean
}

export const cases: readonly Case[] = ['hand.jsonl', 'random.jsonl'].flatMap((name) =>
  readFileSync(new URL(name, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case),
)
