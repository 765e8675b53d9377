import { isRevError, type RevError } from '../../errors/index.ts'
import { silentReporter } from '../../events.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'
import { plan } from '../plan.ts'
import { openOthers } from './may-run.ts'
import { assertKnown, assertMet, assertNotHeld, demandsOf, type Look } from './requirements.ts'
import { sightOf } from './sight.ts'

/** What is about to be done on each of several databases. */
export interface WantedRun {
  /** A setup may find no database yet: of it only the files are looked at. */
  readonly direction: 'upgrade' | 'downgrade' | 'setup'
  /** Default `head`, where there is a default. */
  readonly target?: string | readonly string[]
  readonly only?: boolean
}

/** One run on one database. */
export interface Part {
  readonly database: string
  /**
   * Where it goes instead of the target, because the rest has to wait for another database: up to these revisions, or
   * down over exactly this one. Undefined for a run as it was asked for, which is the last on each database.
   */
  readonly narrowed?: { readonly target: readonly string[]; readonly only: boolean }
}

/** In which order, and which databases could not even begin. */
export interface OrderedDatabases {
  readonly parts: readonly Part[]
  readonly failures: ReadonlyMap<string, RevError>
}

/** A database before the first is changed. */
interface Prepared {
  readonly name: string
  readonly context: CommandContext
  readonly scripts: RevisionScripts
  readonly place: string
  readonly steps: readonly { readonly revision: string; readonly rows: readonly string[] }[]
  /** What is applied by then; grows and shrinks with the steps that are thought through. */
  readonly applied: Set<string>
}

/**
 * Plans all databases before the first of them is changed, and finds an order in which each finds in the others what its
 * revisions require: on the way up what is required comes first, on the way down what requires it. Where that leaves a
 * choice, the given order stands; where two need each other by turns, each goes as far as it can. A database that cannot
 * begin, or never finds what it requires, is a failure.
 */
export async function orderDatabases(
  contexts: ReadonlyMap<string, CommandContext>,
  wanted: WantedRun,
): Promise<OrderedDatabases> {
  const failures = new Map<string, RevError>()
  const attempt = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!isRevError(error)) throw error
      failures.set(name, error)
    }
  }
  const prepared = new Map<string, Prepared>()
  for (const [name, context] of contexts) {
    await attempt(name, async () => void prepared.set(name, await prepare(name, context, wanted)))
  }
  const { parts, stuck } = await thinkThrough(prepared, wanted)
  for (const { one, reason } of stuck) failures.set(one.name, reason)
  const left = [...failures.keys()].map((database) => ({ database }))
  return { parts: [...parts, ...left], failures }
}

async function prepare(name: string, context: CommandContext, wanted: WantedRun): Promise<Prepared> {
  const { direction, target = 'head', only = false } = wanted
  const scripts = await context.scripts()
  if (direction === 'setup') {
    const { steps } = scripts.graph.planUpgrade([], typeof target === 'string' ? [target] : target)
    await assertStepsKnown(context, scripts, steps)
    return { name, context, scripts, place: name, steps, applied: new Set() }
  }
  const planned = await plan({ ...context, report: silentReporter }, { direction, target, only })
  const { steps, database: place } = planned
  if (direction === 'upgrade') await assertStepsKnown(context, scripts, steps)
  return { name, context, scripts, place, steps, applied: new Set(sightOf(scripts, place, planned.before).applied) }
}

async function assertStepsKnown(
  context: CommandContext,
  scripts: RevisionScripts,
  steps: readonly { readonly revision: string }[],
): Promise<void> {
  const revisions = steps.map(({ revision }) => revision)
  await assertKnown(context, demandsOf(scripts, revisions), openOthers(context).read)
}

interface Stuck {
  readonly one: Prepared
  readonly reason: RevError
}

/** Carries all steps out in thought: of the databases that can go all the way the first, else the first that can go on. */
async function thinkThrough(
  prepared: ReadonlyMap<string, Prepared>,
  { direction }: WantedRun,
): Promise<{ readonly parts: readonly Part[]; readonly stuck: readonly Stuck[] }> {
  const parts: Part[] = []
  const done = new Map([...prepared.keys()].map((name) => [name, 0]))
  const waiting = new Set(prepared.values())
  const refusalOf = direction === 'downgrade' ? downwards(prepared) : upwards(prepared)
  while (waiting.size > 0) {
    const looks: Ahead[] = []
    for (const one of waiting) {
      const ahead = await lookAhead(one, done.get(one.name) ?? 0, refusalOf)
      looks.push(ahead)
      if (ahead.reason === undefined) break
    }
    const next = looks.find(({ reason }) => reason === undefined) ?? looks.find(({ from, to }) => to > from)
    if (next === undefined) {
      return { parts, stuck: looks.flatMap(({ one, reason }) => (reason === undefined ? [] : [{ one, reason }])) }
    }
    const { one, from, to, reason } = next
    for (const { revision } of one.steps.slice(from, to)) {
      if (direction === 'downgrade') one.applied.delete(revision)
      else one.applied.add(revision)
    }
    done.set(one.name, to)
    if (reason !== undefined) parts.push(...narrowedParts(one, from, to, direction))
    else {
      parts.push({ database: one.name })
      waiting.delete(one)
    }
  }
  return { parts, stuck: [] }
}

/** How far one database can go now. */
interface Ahead {
  readonly one: Prepared
  readonly from: number
  /** Behind the last step that can be carried out. */
  readonly to: number
  /** Why it does not go further; undefined when it is through. */
  readonly reason: RevError | undefined
}

type Refusal = (one: Prepared, revision: string) => Promise<RevError | undefined>

async function lookAhead(one: Prepared, from: number, refusalOf: Refusal): Promise<Ahead> {
  for (let to = from; to < one.steps.length; to += 1) {
    const reason = await refusalOf(one, one.steps[to]?.revision ?? '')
    if (reason !== undefined) return { one, from, to, reason }
  }
  return { one, from, to: one.steps.length, reason: undefined }
}

function narrowedParts({ name, steps }: Prepared, from: number, to: number, direction: string): Part[] {
  if (direction === 'downgrade') {
    return steps.slice(from, to).map(({ revision }) => {
      return { database: name, narrowed: { target: [revision], only: true } }
    })
  }
  return [{ database: name, narrowed: { target: steps[to - 1]?.rows ?? [], only: false } }]
}

/** Why a step up is refused as things will be by then. */
function upwards(prepared: ReadonlyMap<string, Prepared>): Refusal {
  const looks = looksOf(prepared)
  return ({ context, scripts }, revision) => refusalBy(() => assertMet(demandsOf(scripts, [revision]), looks(context)))
}

/** Why a step down is refused as things will be by then. */
function downwards(prepared: ReadonlyMap<string, Prepared>): Refusal {
  const looks = looksOf(prepared)
  return ({ name, context }, revision) =>
    refusalBy(async () => {
      const { read } = openOthers(context)
      const others = new Map<string, RevisionScripts>()
      for (const other of context.databaseNames) {
        if (other !== name) others.set(other, prepared.get(other)?.scripts ?? (await read(other)))
      }
      await assertNotHeld(name, new Set([revision]), others, looks(context))
    })
}

/** Looks at the other databases of this run in thought, and at all others as they are. */
function looksOf(prepared: ReadonlyMap<string, Prepared>): (context: CommandContext) => Look {
  const fresh = new Map<CommandContext, Look>()
  return (context) => async (name) => {
    const known = prepared.get(name)
    if (known !== undefined) return { ...known, rows: foremost(known) }
    const look = fresh.get(context) ?? openOthers(context).look
    fresh.set(context, look)
    return look(name)
  }
}

function foremost({ applied, scripts }: Prepared): string[] {
  return [...applied].filter((id) => !scripts.graph.describe(id).children.some((child) => applied.has(child)))
}

async function refusalBy(work: () => Promise<void>): Promise<RevError | undefined> {
  try {
    await work()
    return undefined
  } catch (error) {
    if (isRevError(error)) return error
    throw error
  }
}
