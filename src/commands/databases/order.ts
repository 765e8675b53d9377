import { isMissingDatabase } from '../../database/life/server.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import { silentReporter } from '../../events.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'
import { makePlan } from '../make-plan.ts'
import { planAhead } from '../plan.ts'
import { openOthers, readHolder } from './may-run.ts'
import { narrowedParts, type Part, planOptions, rest, type WantedRun, type Way } from './parts.ts'
import { assertKnown, assertMet, assertNotHeld, demandsOf, type Look } from './requirements.ts'
import { type Sight, sightOf } from './sight.ts'

/** In which order, and which databases could not even begin. */
export interface OrderedDatabases {
  readonly parts: readonly Part[]
  readonly failures: ReadonlyMap<string, RevError>
}

/** A database before the first is changed. */
interface Prepared extends Way {
  readonly context: CommandContext
  readonly place: string
  /** With its schema; undefined where two of the same name are two tables. */
  readonly versionTable: string | undefined
  /** What is applied by then; grows and shrinks with the steps that are thought through. */
  readonly applied: Set<string>
}

/**
 * Plans all databases before the first of them is changed, and finds an order in which each finds in the others what its
 * revisions require: on the way up what is required comes first, on the way down what requires it. Where that leaves a
 * choice, the given order stands; where two need each other by turns, each goes as far as it can. A database that cannot
 * begin, or never finds what it requires, is a failure. Unless it is to go on after errors, what stands on one that cannot
 * begin is not asked: it would only be told the same once more.
 */
export async function orderDatabases(
  contexts: ReadonlyMap<string, CommandContext>,
  wanted: WantedRun,
  { continueOnError }: { readonly continueOnError: boolean },
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
    await attempt(name, async () => {
      const one = await prepare(name, context, wanted)
      assertOther(one, prepared.values())
      prepared.set(name, one)
    })
    if (context.signal.aborted) break
  }
  const isStopped = [...contexts.values()].some(({ signal }) => signal.aborted)
  if (isStopped || (failures.size > 0 && !continueOnError)) {
    return { parts: [...contexts.keys()].map((database) => ({ database })), failures }
  }
  const unprepared = [...failures.keys()].map((database) => ({ database }))
  const { parts, stuck } = await thinkThrough(prepared, wanted)
  for (const { one, reason } of stuck) failures.set(one.name, reason)
  return { parts: [...parts, ...unprepared, ...stuck.flatMap(({ one, from }) => rest(one, from, wanted))], failures }
}

async function prepare(name: string, context: CommandContext, wanted: WantedRun): Promise<Prepared> {
  const { direction } = wanted
  const scripts = await context.scripts()
  const { steps, before, place, versionTable } = await planOrBase(context, scripts, wanted)
  if (direction !== 'downgrade') await assertStepsKnown(context, scripts, steps)
  const applied = new Set(sightOf(scripts, place, before).applied)
  return { name, context, scripts, place, versionTable, before, steps, applied }
}

type Planned = Pick<Prepared, 'steps' | 'before' | 'place' | 'versionTable'>

async function planOrBase(context: CommandContext, scripts: RevisionScripts, wanted: WantedRun): Promise<Planned> {
  const options = planOptions(wanted)
  try {
    const { planned, versionTable } = await planAhead({ ...context, report: silentReporter }, options)
    return { steps: planned.steps, before: planned.before, place: planned.database, versionTable }
  } catch (error) {
    if (wanted.direction !== 'setup' || !isMissingDatabase(error)) throw error
    const { steps } = makePlan(scripts.graph, [], options)
    return { steps, before: [], place: context.databaseName ?? '', versionTable: undefined }
  }
}

/** Two names for one version table are harmless only with the same files: else each would find rows that it cannot know. */
function assertOther({ name, place, versionTable, context }: Prepared, others: Iterable<Prepared>): void {
  if (versionTable === undefined) return
  const folders = (one: Pick<Prepared, 'context'>) => JSON.stringify(one.context.settings.versionLocations)
  for (const other of others) {
    if (other.place !== place || other.versionTable !== versionTable) continue
    if (folders(other) === folders({ context })) continue
    throw new RevError('REV_DATABASES_SAME', { databases: [other.name, name], place, versionTable })
  }
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
  /** How many of its steps can be carried out. */
  readonly from: number
  readonly reason: RevError
}

/** Carries all steps out in thought: of the databases that can go all the way the first, else the first that can go on. */
async function thinkThrough(
  prepared: ReadonlyMap<string, Prepared>,
  wanted: WantedRun,
): Promise<{ readonly parts: readonly Part[]; readonly stuck: readonly Stuck[] }> {
  const { direction } = wanted
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
      return {
        parts,
        stuck: looks.flatMap(({ one, from, reason }) => (reason === undefined ? [] : [{ one, from, reason }])),
      }
    }
    const { one, from, to, reason } = next
    for (const { revision } of one.steps.slice(from, to)) {
      if (direction === 'downgrade') one.applied.delete(revision)
      else one.applied.add(revision)
    }
    done.set(one.name, to)
    if (reason !== undefined) parts.push(...narrowedParts(one, from, to, wanted))
    else {
      parts.push(...rest(one, from, wanted))
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
        if (other !== name) others.set(other, prepared.get(other)?.scripts ?? (await readHolder(other, read)))
      }
      await assertNotHeld(name, new Set([revision]), others, looks(context))
    })
}

/** Looks at the other databases of this run in thought, and at all others as they are. */
function looksOf(prepared: ReadonlyMap<string, Prepared>): (context: CommandContext) => Look {
  const fresh = new Map<CommandContext, Look>()
  return (context) => async (name) => {
    const known = prepared.get(name)
    if (known !== undefined) return inThought(known)
    const look = fresh.get(context) ?? openOthers(context).look
    fresh.set(context, look)
    return look(name)
  }
}

function inThought(known: Prepared): Sight {
  const { scripts, place, applied } = known
  return {
    ...{ scripts, place, applied },
    get rows() {
      return foremost(known)
    },
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
