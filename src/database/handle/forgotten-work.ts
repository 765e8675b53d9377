import { RevError } from '../../errors/index.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { type CallSite, type CapturedStack, findCallSite } from './call-site.ts'
import type { KnexBuilder } from './knex-internals.ts'
import { isWritingStatement } from './statement-kind.ts'

/** What a function may leave behind: work that runs, and writes that were built only. */
export interface ForgottenWork {
  /** A builder was made; forgotten until it is run or compiled. */
  built(builder: KnexBuilder, stack: CapturedStack): void
  /**
   * The same for a raw text, which is complete when it is made. `around`: the place of the statement that is running,
   * which a piece of a statement belongs to; what could stand by itself has a place of its own.
   */
  builtRaw(builder: KnexBuilder, around: CapturedStack | undefined, capture: () => CapturedStack): void
  /** It was run, compiled into another, or turned into text. */
  used(builder: KnexBuilder): void
  stackOf(builder: KnexBuilder): CapturedStack | undefined
  /** Something is under way; the answer ends it. `describe` is asked only when it was forgotten. */
  started(stack: CapturedStack | undefined, describe: () => string): () => void
  /** What is neither run nor through now. */
  open(): ReadonlySet<object>
  /**
   * What is forgotten now, the first of the source; undefined when nothing is. `open`: where transactions were begun.
   * `known` is left out.
   */
  find(
    open: readonly (CapturedStack | undefined)[],
    known?: ReadonlySet<object>,
  ): RevError<'REV_STEP_FORGOTTEN'> | undefined
}

const READS = new Set(['select', 'first', 'pluck', 'columnInfo'])
const NONE: ReadonlySet<object> = new Set()
const SCHEMA_READS = new Set(['hasTable', 'hasColumn'])

/**
 * Watches one call of a revision's function. Selects and pieces of raw text that were never used are no fault; writes,
 * schema changes and raw statements are.
 */
export function createForgottenWork(
  revision: string,
  file: string | undefined,
  family: SqlFamily | undefined,
): ForgottenWork {
  const stacks = new WeakMap<KnexBuilder, CapturedStack>()
  const unused = new Set<KnexBuilder>()
  const running = new Set<{ stack: CapturedStack | undefined; describe: () => string }>()

  return {
    built(builder, stack) {
      stacks.set(builder, stack)
      unused.add(builder)
    },
    builtRaw(builder, around, capture) {
      const isPiece = typeof builder.sql === 'string' && !isWritingStatement(builder.sql, family)
      stacks.set(builder, isPiece && around !== undefined ? around : capture())
      if (!isPiece) unused.add(builder)
    },
    used(builder) {
      unused.delete(builder)
    },
    stackOf: (builder) => stacks.get(builder),
    started(stack, describe) {
      const work = { stack, describe }
      running.add(work)
      return () => void running.delete(work)
    },
    open: () => new Set([...unused, ...running]),
    find(open, known = NONE) {
      const transactions = open.map((stack) => ({ stack, describe: () => 'knex.transaction(...)' }))
      const left = [...running].filter((work) => !known.has(work))
      const pending = [...left, ...transactions].map(({ stack, describe }) => ({
        state: 'pending' as const,
        site: findCallSite(stack?.stack, file),
        describe,
      }))
      const neverRun = [...unused]
        .filter((builder) => !known.has(builder) && writes(builder))
        .map((builder) => ({
          state: 'never-run' as const,
          site: findCallSite(stacks.get(builder)?.stack, file),
          describe: () => describeBuilder(builder),
        }))
      const [first] = [...pending, ...neverRun].sort(bySource)
      if (first === undefined) return undefined
      const more = pending.length + neverRun.length - 1
      return new RevError('REV_STEP_FORGOTTEN', {
        revision,
        ...first.site,
        statement: first.describe(),
        state: first.state,
        more,
      })
    },
  }
}

function bySource(one: { site: CallSite }, other: { site: CallSite }): number {
  return (one.site.line ?? Number.POSITIVE_INFINITY) - (other.site.line ?? Number.POSITIVE_INFINITY)
}

function writes(builder: KnexBuilder): boolean {
  if (builder._sequence !== undefined) return builder._sequence.some(({ method }) => !SCHEMA_READS.has(method))
  return typeof builder.sql === 'string' || !READS.has(builder._method ?? 'select')
}

/** The SQL of a builder with placeholders; the calls that made it where Knex cannot compile it without a database. */
export function describeBuilder(builder: KnexBuilder): string {
  try {
    const compiled = [builder.toSQL()].flat() as { sql?: string }[]
    const texts = compiled.map(({ sql }) => sql)
    if (texts.length > 0 && texts.every((text) => typeof text === 'string')) return texts.join(';\n')
  } catch {
    // An incomplete builder cannot be compiled, and that is not what is being reported.
  }
  if (typeof builder.sql === 'string') return builder.sql
  const calls = builder._sequence?.map(({ method, args }) => `${method}(${JSON.stringify(args[0])})`)
  return calls?.join('.') ?? `${builder._method ?? 'query'}()`
}
