import { type Database, withDatabase } from '../database/database.ts'
import type { RepairWord } from '../database/event-log.ts'
import { toLoggedState } from '../database/integrity/logged-state.ts'
import { byStep, isUnfinished, type UnfinishedStep } from '../database/journal/journal-entry.ts'
import { readJournal } from '../database/journal/journal-table.ts'
import { readEvents } from '../database/read-events.ts'
import { type RepairDecision, type RepairFacts, repair as writeRepair } from '../database/repair.ts'
import { run, type StepResult } from '../database/run.ts'
import { RevError, type RevErrorDetails } from '../errors/index.ts'
import { findCheckedOutCommit } from '../script/git-commit.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'
import { checkedReason } from './reason.ts'
import { lockTimeoutOf, type RunOptions } from './run-plan.ts'

/** What `repair` can be told, in the order in which help lists it. */
export const REPAIR_ACTIONS = ['resume', 'rerun', 'applied', 'reverted', 'accept-edit', 'forget'] as const

/**
 * `resume`: go on with a step that stopped half way, behind the statements that are done. `rerun`: forget what was done, and
 * run its function from the beginning. `applied`, `reverted`: you have brought the database to where the revision is, or is
 * not, applied. `accept-edit`: the file of an applied revision was edited, and that is right. `forget`: no file knows the
 * revision any more, and none will.
 */
export type RepairAction = (typeof REPAIR_ACTIONS)[number]

export interface RepairOptions extends Omit<RunOptions, 'singleTransaction' | 'reason'> {
  /** An id, or the beginning of one. */
  readonly revision: string
  readonly action: RepairAction
  /** Why, in the user's words. Required for all but `resume` and `rerun`. */
  readonly reason?: string
  /** For `resume`: what became of statements that rev cannot find out about. */
  readonly unknown?: 'done' | 'not-done'
}

/** What a repair did. */
export interface RepairResult {
  readonly command: 'repair'
  readonly action: RepairAction
  /** The whole id. */
  readonly revision: string
  /** Which database, without its secrets. */
  readonly database: string
  /** The version rows before it. */
  readonly before: readonly string[]
  /** The version rows now, read back. */
  readonly rows: readonly string[]
  /** What was run, for `resume` and `rerun`. */
  readonly steps: readonly StepResult[]
}

/**
 * Puts one revision right after a failure that rev could not put right by itself. Each under the lock, each an event.
 * Throws REV_REPAIR_NOTHING where there is nothing of the kind, REV_REPAIR_NEEDS_REASON, and what an upgrade throws.
 */
export async function repair(context: CommandContext, options: RepairOptions): Promise<RepairResult> {
  const { action } = options
  const reason = checkedReason(options.reason)
  const runsIt = action === 'resume' || action === 'rerun'
  if (!runsIt && reason === undefined) {
    throw new RevError('REV_REPAIR_NEEDS_REASON', { revision: options.revision, option: `--${action}` })
  }
  const lockTimeoutMs = lockTimeoutOf(context, 'repair', options)
  const commit = findCheckedOutCommit(context.directory)
  const scripts = await context.scripts()
  return withDatabase(context, { readOnly: false, isWorthCreating: () => false }, async (database) => {
    const facts = { gitCommit: await commit, reason }
    const found: Found = {
      database,
      scripts,
      options,
      revision: await findRevision(database, scripts, options.revision),
    }
    const about = { command: 'repair', action, revision: found.revision, database: database.description.text } as const
    if (runsIt) {
      const { before, rows, steps } = await runAgain(found, { lockTimeoutMs, facts })
      return { ...about, before, rows, steps }
    }
    const word: RepairWord = `repair:${action}`
    const decide = (known: RepairFacts): Promise<RepairDecision> => DECISIONS[action](found, known)
    const { before, rows } = await writeRepair(database, {
      word,
      revision: found.revision,
      lockTimeoutMs,
      facts,
      decide,
    })
    return { ...about, before, rows, steps: [] }
  })
}

interface Found {
  readonly database: Database
  readonly scripts: RevisionScripts
  readonly options: RepairOptions
  readonly revision: string
}

/** The whole id: of a file, or of the database for one that no file knows. */
async function findRevision(database: Database, { graph }: RevisionScripts, text: string): Promise<string> {
  const { rows } = await database.readRows()
  const logged = (await readEvents(database))?.flatMap(({ revision }) => revision ?? []) ?? []
  const journaled = (await readJournal(database))?.map(({ revision }) => revision) ?? []
  const unknown = [...new Set([...rows, ...logged, ...journaled])].filter((id) => !graph.has(id))
  if (graph.has(text) || unknown.includes(text)) return text
  const [only, ...others] = unknown.filter((id) => id.startsWith(text) && text !== '')
  if (only !== undefined && others.length === 0 && !graph.ids().some((id) => id.startsWith(text))) return only
  const [revision, ...more] = graph.resolve(text, rows)
  if (revision !== undefined && more.length === 0) return revision
  throw new RevError('REV_GRAPH_SEVERAL_REVISIONS', { target: text, revisions: graph.resolve(text, rows) })
}

function runAgain(
  { database, scripts, options, revision }: Found,
  { lockTimeoutMs, facts }: { readonly lockTimeoutMs: number; readonly facts: { readonly reason: string | undefined } },
) {
  return findUnfinished(database, revision).then((unfinished) => {
    if (unfinished === undefined) throw nothing({ database, revision, options }, 'nothing-unfinished')
    const { direction } = unfinished
    return run(database, {
      direction,
      plan: (rows) => planOnly(scripts, rows, revision, direction),
      scripts,
      x: options.x ?? {},
      tag: options.tag,
      singleTransaction: false,
      lockTimeoutMs,
      allowNonEmpty: true,
      journal: { mode: options.action === 'rerun' ? 'afresh' : 'trusted', unknown: options.unknown },
      facts,
    })
  })
}

async function findUnfinished(database: Database, revision: string): Promise<UnfinishedStep | undefined> {
  const steps = byStep((await readJournal(database)) ?? [])
  return steps.find((step) => step.revision === revision && isUnfinished(step))
}

function planOnly(
  { graph }: RevisionScripts,
  rows: readonly string[],
  revision: string,
  direction: 'upgrade' | 'downgrade',
) {
  return direction === 'upgrade'
    ? graph.planUpgrade(rows, revision, { only: true })
    : graph.planDowngrade(rows, revision, { only: true })
}

type Decide = (found: Found, known: RepairFacts) => Promise<RepairDecision>

const DECISIONS: Readonly<Record<Exclude<RepairAction, 'resume' | 'rerun'>, Decide>> = {
  async applied(found, { rows, unfinished }) {
    const { scripts, revision } = found
    if (unfinished === undefined) throw nothing(found, 'nothing-unfinished')
    if (unfinished.direction === 'downgrade') return { rows }
    const plan = planOnly(scripts, rows, revision, 'upgrade')
    return { rows: plan.rows, checksum: scripts.get(revision).recordedChecksum() }
  },
  async reverted(found, { rows, unfinished }) {
    if (unfinished === undefined) throw nothing(found, 'nothing-unfinished')
    if (unfinished.direction === 'upgrade') return { rows }
    return { rows: planOnly(found.scripts, rows, found.revision, 'downgrade').rows }
  },
  async 'accept-edit'(found, { rows }) {
    const { scripts, revision, database } = found
    const { graph } = scripts
    if (!graph.applied(rows.filter((row) => graph.has(row))).has(revision)) throw nothing(found, 'not-applied')
    const checksum = scripts.get(revision).recordedChecksum()
    if (checksum === undefined) throw nothing(found, 'no-file')
    const recorded = toLoggedState((await readEvents(database)) ?? []).upgraded.get(revision)?.checksum
    if (recorded === undefined || recorded === checksum) throw nothing(found, 'no-edit')
    return { rows, checksum }
  },
  async forget(found, { rows, unfinished }) {
    const { scripts, revision, database } = found
    if (scripts.graph.has(revision)) throw nothing(found, 'has-file')
    const upgrade = toLoggedState((await readEvents(database)) ?? []).upgraded.get(revision)
    if (!rows.includes(revision)) {
      if (upgrade === undefined && unfinished === undefined) throw nothing(found, 'not-recorded')
      return { rows }
    }
    const others = rows.filter((row) => row !== revision)
    const below = upgrade?.rowsBefore.filter((row) => !others.includes(row))
    // Without its row the database would seem to be where it is not.
    if (below === undefined || !below.every((row) => scripts.graph.has(row))) throw nothing(found, 'rows-unknown')
    return { rows: withoutImplied(scripts, [...others, ...below]) }
  },
}

/** The rows without those that another one of them stands on. */
function withoutImplied({ graph }: RevisionScripts, rows: readonly string[]): string[] {
  const known = rows.filter((row) => graph.has(row))
  return rows.filter((row) => !known.some((other) => other !== row && graph.applied([other]).has(row)))
}

function nothing(
  { database, revision, options }: Pick<Found, 'database' | 'revision' | 'options'>,
  why: RevErrorDetails['REV_REPAIR_NOTHING']['why'],
): RevError {
  const details = { revision, option: `--${options.action}`, database: database.description.text, why }
  return new RevError('REV_REPAIR_NOTHING', details)
}
