import { isRevError } from '../../errors/index.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import { makePlan } from '../make-plan.ts'

/** What is about to be done on each of several databases. */
export interface WantedRun {
  /** A setup may find no database yet, and then begins at base. */
  readonly direction: 'upgrade' | 'downgrade' | 'setup'
  /** Default `head`, where there is a default. */
  readonly target?: string | readonly string[]
  readonly only?: boolean
}

/** One run on one database. */
export interface Part {
  readonly database: string
  /** The rows by then; undefined for the first part on a database, which begins with the rows as they are. */
  readonly before?: readonly string[]
  /** Undefined for a run as it was asked for. */
  readonly narrowed?: NarrowedTarget
}

/**
 * Where a part goes instead of the target, because the rest has to wait for another database, or because a relative target
 * would count from where the parts before have ended.
 */
export interface NarrowedTarget {
  readonly target: readonly string[]
  readonly only: boolean
  /** Whether the database is through after it. */
  readonly isLast: boolean
}

/** The whole way of one database, as it was planned. */
export interface Way {
  readonly name: string
  readonly scripts: RevisionScripts
  /** The rows at its beginning. */
  readonly before: readonly string[]
  readonly steps: readonly { readonly revision: string; readonly rows: readonly string[] }[]
}

/** What a plan of it is made from. */
export function planOptions({ direction, target = 'head', only = false }: WantedRun) {
  const targets = typeof target === 'string' ? [target] : target
  return {
    direction: direction === 'setup' ? ('upgrade' as const) : direction,
    // A command without words goes to head.
    target: targets.length === 0 ? ['head'] : targets,
    only,
  }
}

/** All that is left of a way: as it was asked for where that leads over the same steps, which `+2` does only once. */
export function rest(way: Way, from: number, wanted: WantedRun): Part[] {
  if (from === 0) return [{ database: way.name }]
  if (leadsOver(way, from, way.steps.length, wanted)) return [{ database: way.name, ...beforeOf(way, from) }]
  return narrowedParts(way, from, way.steps.length, wanted)
}

/** The steps of a way from one number up to another, in as few parts as there is a target for. */
export function narrowedParts(way: Way, from: number, to: number, { direction }: WantedRun): Part[] {
  const isLast = to === way.steps.length
  const rows = rowsAt(way, to)
  const part = (target: readonly string[]): Part => {
    return { database: way.name, ...beforeOf(way, from), narrowed: { target, only: false, isLast } }
  }
  if (direction !== 'downgrade') return [part(rows)]
  const [row = 'base', ...others] = rows
  if (others.length === 0 && leadsOver(way, from, to, { direction, target: row })) return [part([row])]
  // Of several branches there is no one target to go down to.
  return way.steps.slice(from, to).map(({ revision }, index) => {
    const narrowed = { target: [revision], only: true, isLast: isLast && from + index + 1 === to }
    return { database: way.name, ...beforeOf(way, from + index), narrowed }
  })
}

function leadsOver(way: Way, from: number, to: number, wanted: WantedRun): boolean {
  const { steps, scripts } = way
  try {
    const planned = makePlan(scripts.graph, rowsAt(way, from), planOptions(wanted)).steps
    return (
      planned.length === to - from && planned.every(({ revision }, index) => revision === steps[from + index]?.revision)
    )
  } catch (error) {
    // From there on the target means nothing.
    if (isRevError(error)) return false
    throw error
  }
}

function rowsAt({ before, steps }: Way, done: number): readonly string[] {
  return done === 0 ? before : (steps[done - 1]?.rows ?? [])
}

function beforeOf(way: Way, done: number): Pick<Part, 'before'> {
  return done === 0 ? {} : { before: rowsAt(way, done) }
}
