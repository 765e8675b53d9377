import { RevError } from '../../errors/index.ts'
import type { SqlFamily } from '../../sql/sql-family.ts'
import { type CallSite, type CapturedStack, findCallSite } from './call-site.ts'
import type { KnexBuilder } from './knex-internals.ts'
import { isWritingStatement } from './statement-kind.ts'

const READS = new Set(['select', 'first', 'pluck', 'columnInfo'])
const NONE: ReadonlySet<object> = new Set()
const SCHEMA_READS = new Set(['hasTable', 'hasColumn'])

/** Work that is under way. */
interface Running {
  readonly stack: CapturedStack | undefined
  /** Asked only when it was forgotten. */
  readonly describe: () => string
}

/**
 * What one call of a revision's function may leave behind: work that runs, and writes that were built only. Selects and
 * pieces of raw text that were never used are no fault; writes, schema changes and raw statements are.
 */
export class ForgottenWork {
  readonly #revision: string
  readonly #file: string | undefined
  readonly #family: SqlFamily | undefined
  readonly #stacks = new WeakMap<KnexBuilder, CapturedStack>()
  readonly #unused = new Set<KnexBuilder>()
  readonly #running = new Set<Running>()

  constructor(revision: string, file: string | undefined, family: SqlFamily | undefined) {
    this.#revision = revision
    this.#file = file
    this.#family = family
  }

  /** A builder was made; forgotten until it is run or compiled. */
  built(builder: KnexBuilder, stack: CapturedStack): void {
    this.#stacks.set(builder, stack)
    this.#unused.add(builder)
  }

  /** Whether a raw builder can only be a piece of a statement, or a read: it may be left unused. */
  isPiece({ sql }: KnexBuilder): boolean {
    return typeof sql === 'string' && !isWritingStatement(sql, this.#family)
  }

  /** Such a piece was made. */
  builtPiece(builder: KnexBuilder, stack: CapturedStack): void {
    this.#stacks.set(builder, stack)
  }

  /** It was run, compiled into another, or turned into text. */
  used(builder: KnexBuilder): void {
    this.#unused.delete(builder)
  }

  stackOf(builder: KnexBuilder): CapturedStack | undefined {
    return this.#stacks.get(builder)
  }

  /** Something is under way; the answer ends it. `describe` is asked only when it was forgotten. */
  started(stack: CapturedStack | undefined, describe: () => string): () => void {
    const work: Running = { stack, describe }
    this.#running.add(work)
    return () => void this.#running.delete(work)
  }

  /** What is neither run nor through now. */
  open(): ReadonlySet<object> {
    return new Set([...this.#unused, ...this.#running])
  }

  /**
   * What is forgotten now, the first of the source; undefined when nothing is. `open`: where transactions were begun.
   * `known` is left out.
   */
  find(
    open: readonly (CapturedStack | undefined)[],
    known: ReadonlySet<object> = NONE,
  ): RevError<'REV_STEP_FORGOTTEN'> | undefined {
    if (open.length + this.#running.size + this.#unused.size === 0) return undefined
    const transactions = open.map((stack) => ({ stack, describe: () => 'knex.transaction(...)' }))
    const left = [...this.#running].filter((work) => !known.has(work))
    const pending = [...left, ...transactions].map(({ stack, describe }) => ({
      state: 'pending' as const,
      site: findCallSite(stack?.stack, this.#file),
      describe,
    }))
    const neverRun = [...this.#unused]
      .filter((builder) => !known.has(builder) && writes(builder))
      .map((builder) => ({
        state: 'never-run' as const,
        site: findCallSite(this.#stacks.get(builder)?.stack, this.#file),
        describe: () => describeBuilder(builder),
      }))
    const [first] = [...pending, ...neverRun].sort(bySource)
    if (first === undefined) return undefined
    const more = pending.length + neverRun.length - 1
    return new RevError('REV_STEP_FORGOTTEN', {
      revision: this.#revision,
      ...first.site,
      statement: first.describe(),
      state: first.state,
      more,
    })
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
