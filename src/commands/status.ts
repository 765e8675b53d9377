import { type Database, withDatabase } from '../database/database.ts'
import { compareFiles } from '../database/integrity/compare-files.ts'
import { type Examination, examine } from '../database/integrity/examine.ts'
import { toLoggedState } from '../database/integrity/logged-state.ts'
import { type RevisionHistory, toRevisionHistory } from '../database/integrity/revision-history.ts'
import {
  appliedRevisions,
  REVISION_STATES,
  type RevisionState,
  revisionStates,
  type StateOfRevision,
} from '../database/integrity/revision-states.ts'
import { readUnfinishedWork, type UnfinishedWork } from '../database/integrity/unfinished-work.ts'
import { seeLock } from '../database/lock/see-lock.ts'
import { isRevError } from '../errors/index.ts'
import type { IntegrityFinding } from '../errors/integrity-findings.ts'
import type { RevisionGraph } from '../graph/revision-graph.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'
import { soundScripts } from './sound-scripts.ts'
import { type StatusEvent, toStatusEvent } from './status-event.ts'
import { isOpen, type SeedSources, type SeedsStatus, seedsOf, soundSeeds } from './status-seeds.ts'

/** Which revisions to tell of. */
export interface StatusOptions {
  /** These and what they stand or depend on, and no seeds. Default: all. What no file has is always told. */
  readonly target?: string | readonly string[]
  /** Leave out what is applied, or done, and as it should be, and seeds that would not run by themselves. Default false. */
  readonly pending?: boolean
}

/** How one revision stands to the database. */
export interface RevisionStatus {
  readonly revision: string
  readonly state: RevisionState
  /** One line; undefined when no file knows the revision. */
  readonly message: string | undefined
  /** Absolute; undefined when no file has it, or the revisions were handed in as objects. */
  readonly file: string | undefined
  /** Applied without a run that the log knows of, in a database where rows were stamped. */
  readonly stamped: boolean
  /** What the log tells of the attempt that the state goes by; undefined when it tells nothing. */
  readonly event: StatusEvent | undefined
  /** What a step that is not finished has left in the database, where that is known. */
  readonly unfinished: UnfinishedWork | undefined
}

/** The newest run, when the log has no end of it. */
export interface OpenRunStatus {
  readonly runId: string
  readonly direction: string
  readonly startedAt: string
  /** Whether somebody holds the lock: then it is most likely at work, else it was cut off. Undefined where it cannot be known. */
  readonly lockHeld: boolean | undefined
}

/** How all revisions and seeds stand to a database. With a target nothing is told, or asked, of seeds. */
export interface StatusResult extends SeedsStatus {
  readonly command: 'status'
  /** Which database was asked, without its secrets. */
  readonly database: string
  /** The environment that was chosen, by which seeds go; undefined where there is none. */
  readonly environment: string | undefined
  /** The version table. */
  readonly table: string
  /** False when there is none. */
  readonly exists: boolean
  /** False when its rows cannot be read: then the states are what the log says. */
  readonly readable: boolean
  /** False when the revision files cannot be read: then only what the database knows is told. */
  readonly hasFiles: boolean
  /** False when there is no event log that could be read: then nothing is known of when and how. */
  readonly hasLog: boolean
  /** The targets as typed; none for all revisions. */
  readonly target: readonly string[]
  readonly rows: readonly string[]
  /** Oldest first, in the order of the graph; then what no file has, in the order in which it was applied. */
  readonly revisions: readonly RevisionStatus[]
  /** How many there are of each state, before `pending` leaves any out. */
  readonly counts: Readonly<Record<RevisionState, number>>
  readonly run: OpenRunStatus | undefined
  /** What else is to be said of database and files, as `check` and `doctor` say it; faults first. */
  readonly findings: readonly IntegrityFinding[]
  /** Every revision that was asked for is APPLIED, and no finding that concerns them is a fault. Seeds change nothing about it. */
  readonly ok: boolean
}

/**
 * How every revision and every seed stands to the database, from their rows, event log and files. Creates nothing, and works on any
 * database: without rev's tables, with damaged ones, ahead of the files, and behind files that cannot be read. A state is
 * no error: see `ok`. Throws REV_GRAPH_* for the target.
 */
export async function status(context: CommandContext, options: StatusOptions = {}): Promise<StatusResult> {
  const target = typeof options.target === 'string' ? [options.target] : (options.target ?? [])
  const scripts = await soundScripts(context)
  const seeds = target.length === 0 ? await soundSeeds(context, scripts) : undefined
  const asked: Asked = { context, scripts, seeds, target, pending: options.pending === true }
  return withDatabase(context, { readOnly: true }, (database) => statusOf(database, asked))
}

interface Asked {
  readonly context: CommandContext
  /** Undefined behind files that cannot be read. */
  readonly scripts: RevisionScripts | undefined
  readonly seeds: SeedSources
  readonly target: readonly string[]
  readonly pending: boolean
}

const NOTHING_UNFINISHED: ReadonlyMap<string, UnfinishedWork> = new Map()

async function statusOf(
  database: Database,
  { context, scripts, seeds, target, pending }: Asked,
): Promise<StatusResult> {
  const { examination, history, lockHeld } = await look(database, scripts)
  const { exists, isReadable, records } = examination
  const logged = toLoggedState(records ?? [])
  const rows = isReadable ? examination.rows : (logged.last?.rows ?? [])
  const facts = {
    graph: scripts?.graph,
    rows,
    isReadable,
    logged,
    history,
    // Whoever holds the lock is at it.
    unfinished: lockHeld === true ? NOTHING_UNFINISHED : await readUnfinishedWork(database),
    isCutOff: history.open !== undefined && lockHeld === false,
  }
  const noneEdited = new Set<string>()
  const compared = scripts && compareFiles(scripts, appliedRevisions({ ...facts, edited: noneEdited }), logged)
  const edited = new Set(compared?.findings.flatMap(({ isFault, revision }) => (isFault && revision ? [revision] : [])))
  const states = wanted(revisionStates({ ...facts, edited }), scripts?.graph, target, rows)
  const findings = concerning([...examination.findings, ...(compared?.findings ?? [])], states, scripts?.graph)
  const applied = (revision: string): string | undefined => logged.upgraded.get(revision)?.when
  const seeding = await seedsOf(context, database, seeds, { records: records ?? [], applied })
  const isSound = scripts !== undefined && isReadable && !findings.some(({ isFault }) => isFault)
  return {
    command: 'status',
    database: database.description.text,
    environment: context.environment,
    table: database.tables.version.text,
    exists,
    readable: isReadable,
    hasFiles: scripts !== undefined,
    hasLog: records !== undefined,
    target,
    rows: examination.rows,
    revisions: states
      .filter(({ state }) => !pending || state !== 'APPLIED')
      .map((state) => toRevisionStatus(state, scripts, facts.unfinished)),
    counts: countStates(states),
    ...seeding,
    seeds: pending ? seeding.seeds.filter(isOpen) : seeding.seeds,
    run: history.open && toOpenRun(history.open, lockHeld),
    findings: findings.sort((a, b) => Number(b.isFault) - Number(a.isFault)),
    ok: isSound && states.every(({ state }) => state === 'APPLIED'),
  }
}

interface Sight {
  readonly examination: Examination
  readonly history: RevisionHistory
  /** Whether the newest run, which has no end, may be at work; undefined where that cannot be known, or every run has its end. */
  readonly lockHeld: boolean | undefined
}

/**
 * Reads everything once; once more when a run has no end and nobody holds the lock: it may have ended between the two
 * questions, and would look as if it had been cut off.
 */
async function look(database: Database, scripts: RevisionScripts | undefined): Promise<Sight> {
  const read = async (): Promise<Omit<Sight, 'lockHeld'>> => {
    const examination = await examine(database, scripts)
    return { examination, history: toRevisionHistory(examination.records ?? []) }
  }
  const first = await read()
  const { open } = first.history
  if (open === undefined) return { ...first, lockHeld: undefined }
  const lockHeld = await isLockHeld(database)
  if (lockHeld !== false) return { ...first, lockHeld }
  const second = await read()
  return { ...second, lockHeld: second.history.open?.start.runId === open.start.runId ? false : undefined }
}

/** What was asked for, and everything that no file has. */
function wanted(
  states: readonly StateOfRevision[],
  graph: RevisionGraph | undefined,
  target: readonly string[],
  rows: readonly string[],
): readonly StateOfRevision[] {
  if (target.length === 0 || graph === undefined) return states
  const known = rows.filter((row) => graph.has(row))
  const below = graph.applied(target.flatMap((text) => graph.resolve(text, known)))
  return states.filter(({ revision }) => below.has(revision) || !graph.has(revision))
}

/** Findings about the database as a whole, and about the revisions that were asked for. */
function concerning(
  findings: readonly IntegrityFinding[],
  states: readonly StateOfRevision[],
  graph: RevisionGraph | undefined,
): IntegrityFinding[] {
  const told = new Set(states.map(({ revision }) => revision))
  return findings.filter(({ revision }) => revision === undefined || told.has(revision) || !graph?.has(revision))
}

// Only for telling: a right that is missing, or a file that cannot be tried, leaves it unknown.
async function isLockHeld(database: Database): Promise<boolean | undefined> {
  try {
    return (await seeLock(database)).held
  } catch (error) {
    if (!isRevError(error)) throw error
    return undefined
  }
}

function toOpenRun({ start }: NonNullable<RevisionHistory['open']>, lockHeld: boolean | undefined): OpenRunStatus {
  return { runId: start.runId, direction: start.what, startedAt: start.startedAt, lockHeld }
}

function toRevisionStatus(
  { revision, state, event, stamped }: StateOfRevision,
  scripts: RevisionScripts | undefined,
  unfinished: ReadonlyMap<string, UnfinishedWork>,
): RevisionStatus {
  const script = scripts?.graph.has(revision) ? scripts.get(revision) : undefined
  return {
    revision,
    state,
    message: script?.revision.message,
    file: script?.file,
    stamped,
    event: event && toStatusEvent(event),
    unfinished: unfinished.get(revision),
  }
}

function countStates(states: readonly StateOfRevision[]): Record<RevisionState, number> {
  const counts = Object.fromEntries(REVISION_STATES.map((state) => [state, 0])) as Record<RevisionState, number>
  for (const { state } of states) counts[state] += 1
  return counts
}
