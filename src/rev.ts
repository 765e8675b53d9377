import { type BranchesResult, branches } from './commands/branches.ts'
import { type CheckOptions, type CheckResult, check } from './commands/check.ts'
import type { CommandContext } from './commands/context.ts'
import { type CurrentOptions, type CurrentResult, current } from './commands/current.ts'
import { type DoctorResult, doctor } from './commands/doctor.ts'
import { type DowngradeOptions, type DowngradeResult, downgrade } from './commands/downgrade.ts'
import { type EnsureVersionResult, ensureVersion } from './commands/ensure-version.ts'
import { type HeadsOptions, type HeadsResult, heads } from './commands/heads.ts'
import { type HistoryOptions, type HistoryResult, history } from './commands/history.ts'
import { type CreateRevOptions, openLibraryContext, readAgain } from './commands/library-context.ts'
import { type ListTemplatesResult, listTemplates } from './commands/list-templates.ts'
import { type LockResult, lock } from './commands/lock.ts'
import { type LogOptions, type LogResult, log } from './commands/log.ts'
import type { PlanOptions } from './commands/make-plan.ts'
import { type MergeOptions, type MergeResult, merge } from './commands/merge.ts'
import { type PlanResult, plan } from './commands/plan.ts'
import { type RepairOptions, type RepairResult, repair } from './commands/repair.ts'
import { type ResetOptions, type ResetResult, reset } from './commands/reset.ts'
import { type RevisionOptions, type RevisionResult, revision } from './commands/revision.ts'
import { type SetupOptions, type SetupResult, setup } from './commands/setup.ts'
import { type ShowOptions, type ShowResult, show } from './commands/show.ts'
import { type SqlOptions, type SqlResult, sql } from './commands/sql.ts'
import { type StampOptions, type StampResult, stamp } from './commands/stamp.ts'
import { type StatusOptions, type StatusResult, status } from './commands/status.ts'
import { type UpgradeOptions, type UpgradeResult, upgrade } from './commands/upgrade.ts'
import { type WaitOptions, type WaitResult, wait } from './commands/wait.ts'
import { openInMemory } from './database/in-memory.ts'
import { interruption } from './database/interruption.ts'
import { type DatabasesMethods, databasesMethods } from './databases-methods.ts'
import { type DbMethods, dbMethods } from './db-methods.ts'
import type { MethodOptions, RunMethod } from './method-options.ts'
import { type SeedMethods, seedMethods } from './seed-methods.ts'

/**
 * The commands of rev as methods. Each reads the revisions anew, connects when it has to, and disconnects. They give
 * data, print nothing, and throw RevError only.
 */
export interface Rev {
  /** The branch points and their children; connects to nothing. */
  branches(options?: MethodOptions): Promise<BranchesResult>
  /** Proves that the files form a sound graph, also with a git reference or a database; throws REV_CHECK_* when not. */
  check(options?: CheckOptions & MethodOptions): Promise<CheckResult>
  /** Where the database stands. */
  current(options?: CurrentOptions & MethodOptions): Promise<CurrentResult>
  /** The commands that go through several databases. */
  readonly databases: DatabasesMethods
  /** The commands on the database itself. */
  readonly db: DbMethods
  /** Goes down to a target, which has no default. */
  downgrade(options: DowngradeOptions & MethodOptions): Promise<DowngradeResult>
  /** What is wrong with the version table, and what would repair it; changes nothing, and throws for no finding. */
  doctor(options?: MethodOptions): Promise<DoctorResult>
  /** Creates the version table when it is missing. */
  ensureVersion(options?: MethodOptions): Promise<EnsureVersionResult>
  /** The heads of the files; connects to nothing. */
  heads(options?: HeadsOptions & MethodOptions): Promise<HeadsResult>
  /** The revisions, newest first; connects only when `current` is asked for. */
  history(options?: HistoryOptions & MethodOptions): Promise<HistoryResult>
  /** The templates for new revisions and projects. */
  listTemplates(options?: MethodOptions): Promise<ListTemplatesResult>
  /** Who holds the lock of the version table, or that nobody does; takes it from nobody. */
  lock(options?: MethodOptions): Promise<LockResult>
  /** What was done on the database, newest run first, from the event log. */
  log(options?: LogOptions & MethodOptions): Promise<LogResult>
  /** Writes a file that joins several heads. */
  merge(options: MergeOptions & MethodOptions): Promise<MergeResult>
  /** What a run would do now; touches nothing. */
  plan(options: PlanOptions & MethodOptions): Promise<PlanResult>
  /** Puts one revision right after a failure: goes on with it, runs it again, or writes down what you know of it. */
  repair(options: RepairOptions & MethodOptions): Promise<RepairResult>
  /** Drops everything in the database, and sets it up again. */
  reset(options?: ResetOptions & MethodOptions): Promise<ResetResult>
  /** Writes a new revision file. */
  revision(options?: RevisionOptions & MethodOptions): Promise<RevisionResult>
  /** The commands on seeds. */
  readonly seed: SeedMethods
  /** Creates the database when it is missing, upgrades it, and runs its seeds. */
  setup(options?: SetupOptions & MethodOptions): Promise<SetupResult>
  /** Everything known of the revisions that a target names. */
  show(options: ShowOptions & MethodOptions): Promise<ShowResult>
  /** Writes what a run would do as an SQL script. */
  sql(options: SqlOptions & MethodOptions): Promise<SqlResult>
  /** Sets the version rows and runs nothing. */
  stamp(options: StampOptions & MethodOptions): Promise<StampResult>
  /** How each revision stands to the database, oldest first; changes nothing, and throws for no state. */
  status(options?: StatusOptions & MethodOptions): Promise<StatusResult>
  /** Goes up to a target; default `head`. */
  upgrade(options?: UpgradeOptions & MethodOptions): Promise<UpgradeResult>
  /** Waits until the database stands at a target, default `head`, or above it; reads only. */
  wait(options?: WaitOptions & MethodOptions): Promise<WaitResult>
  /** Closes what rev itself opened; may be called more than once. A call after it opens anew. */
  close(): Promise<void>
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

interface Opened {
  readonly context: CommandContext
  close(): Promise<void>
}

/**
 * A rev for a program. Opens nothing yet: the project is read at the first call (REV_CONFIG_* errors come from there),
 * and each call connects and disconnects by itself.
 */
export function createRev(options: CreateRevOptions = {}): Rev {
  let opening: Promise<Opened> | undefined

  const opened = (): Promise<Opened> => {
    if (opening) return opening
    const attempt = openOnce(options)
    // What was wrong with the project may be right at the next call.
    attempt.catch(() => {
      if (opening === attempt) opening = undefined
    })
    opening = attempt
    return attempt
  }
  const run: RunMethod = async (command, given) => {
    const { context } = await opened()
    const signal = given?.signal ? AbortSignal.any([context.signal, given.signal]) : context.signal
    if (signal.aborted) throw interruption(signal)
    return command({ ...context, ...readAgain(context, options), signal }, given)
  }
  const close = async (): Promise<void> => {
    const closing = opening
    opening = undefined
    await closing?.then(
      (it) => it.close(),
      () => undefined,
    )
  }
  return {
    branches: (given) => run(branches, given),
    check: (given) => run(check, given),
    current: (given) => run(current, given),
    databases: databasesMethods(options),
    db: dbMethods(run),
    downgrade: (given) => run(downgrade, given),
    doctor: (given) => run(doctor, given),
    ensureVersion: (given) => run(ensureVersion, given),
    heads: (given) => run(heads, given),
    history: (given) => run(history, given),
    listTemplates: (given) => run(listTemplates, given),
    lock: (given) => run(lock, given),
    log: (given) => run(log, given),
    merge: (given) => run(merge, given),
    plan: (given) => run(plan, given),
    repair: (given) => run(repair, given),
    reset: (given) => run(reset, given),
    revision: (given) => run(revision, given),
    seed: seedMethods(run),
    setup: (given) => run(setup, given),
    show: (given) => run(show, given),
    sql: (given) => run(sql, given),
    stamp: (given) => run(stamp, given),
    status: (given) => run(status, given),
    upgrade: (given) => run(upgrade, given),
    wait: (given) => run(wait, given),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** A database in memory ends with its connection, so that one connection serves all calls; any other is opened by each. */
async function openOnce(options: CreateRevOptions): Promise<Opened> {
  const context = await openLibraryContext(options)
  const inMemory = await openInMemory(context)
  return {
    context: inMemory ? { ...context, knex: inMemory.knex } : context,
    close: async () => inMemory?.close(),
  }
}
