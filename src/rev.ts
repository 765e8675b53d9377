import { type BranchesResult, branches } from './commands/branches.ts'
import { type CheckOptions, type CheckResult, check } from './commands/check.ts'
import type { CommandContext } from './commands/context.ts'
import { type CurrentOptions, type CurrentResult, current } from './commands/current.ts'
import { type DowngradeOptions, type DowngradeResult, downgrade } from './commands/downgrade.ts'
import { type EnsureVersionResult, ensureVersion } from './commands/ensure-version.ts'
import { type HeadsOptions, type HeadsResult, heads } from './commands/heads.ts'
import { type HistoryOptions, type HistoryResult, history } from './commands/history.ts'
import { type CreateRevOptions, openLibraryContext, readAgain } from './commands/library-context.ts'
import { type ListTemplatesResult, listTemplates } from './commands/list-templates.ts'
import { type MergeOptions, type MergeResult, merge } from './commands/merge.ts'
import { type PlanOptions, type PlanResult, plan } from './commands/plan.ts'
import { type RevisionOptions, type RevisionResult, revision } from './commands/revision.ts'
import { type ShowOptions, type ShowResult, show } from './commands/show.ts'
import { type SqlOptions, type SqlResult, sql } from './commands/sql.ts'
import { type StampOptions, type StampResult, stamp } from './commands/stamp.ts'
import { type UpgradeOptions, type UpgradeResult, upgrade } from './commands/upgrade.ts'
import { type InMemoryDatabase, openInMemory } from './database/in-memory.ts'

interface WithSignal {
  /** Ends this call alone. */
  readonly signal?: AbortSignal
}

/** The commands of rev as methods. They give data, throw RevError only, and print nothing. */
export interface Rev {
  branches(options?: WithSignal): Promise<BranchesResult>
  check(options?: CheckOptions & WithSignal): Promise<CheckResult>
  current(options?: CurrentOptions & WithSignal): Promise<CurrentResult>
  downgrade(options: DowngradeOptions & WithSignal): Promise<DowngradeResult>
  ensureVersion(options?: WithSignal): Promise<EnsureVersionResult>
  heads(options?: HeadsOptions & WithSignal): Promise<HeadsResult>
  history(options?: HistoryOptions & WithSignal): Promise<HistoryResult>
  listTemplates(options?: WithSignal): Promise<ListTemplatesResult>
  merge(options: MergeOptions & WithSignal): Promise<MergeResult>
  plan(options: PlanOptions & WithSignal): Promise<PlanResult>
  revision(options?: RevisionOptions & WithSignal): Promise<RevisionResult>
  show(options: ShowOptions & WithSignal): Promise<ShowResult>
  sql(options: SqlOptions & WithSignal): Promise<SqlResult>
  stamp(options: StampOptions & WithSignal): Promise<StampResult>
  upgrade(options?: UpgradeOptions & WithSignal): Promise<UpgradeResult>
  /** Closes what rev itself opened; may be called more than once. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Opens nothing yet: the project is read at the first call, and each call connects and disconnects by itself. */
export function createRev(options: CreateRevOptions = {}): Rev {
  let opening: Promise<CommandContext> | undefined
  // A database in memory ends with its connection, so that one connection serves all calls.
  let inMemory: InMemoryDatabase | undefined

  const open = async (): Promise<CommandContext> => {
    const context = await openLibraryContext(options)
    inMemory = await openInMemory(context)
    return inMemory ? { ...context, knex: inMemory.knex } : context
  }
  const run = async <O extends WithSignal | undefined, R>(
    command: (context: CommandContext, options: O) => Promise<R>,
    given: O,
  ): Promise<R> => {
    opening ??= open()
    const context = await opening
    return command(
      { ...context, ...readAgain(context, options), ...(given?.signal && { signal: given.signal }) },
      given,
    )
  }
  const close = async (): Promise<void> => {
    const opened = inMemory
    inMemory = undefined
    opening = undefined
    await opened?.close()
  }
  return {
    branches: (given) => run(branches, given),
    check: (given) => run(check, given),
    current: (given) => run(current, given),
    downgrade: (given) => run(downgrade, given),
    ensureVersion: (given) => run(ensureVersion, given),
    heads: (given) => run(heads, given),
    history: (given) => run(history, given),
    listTemplates: (given) => run(listTemplates, given),
    merge: (given) => run(merge, given),
    plan: (given) => run(plan, given),
    revision: (given) => run(revision, given),
    show: (given) => run(show, given),
    sql: (given) => run(sql, given),
    stamp: (given) => run(stamp, given),
    upgrade: (given) => run(upgrade, given),
    close,
    [Symbol.asyncDispose]: close,
  }
}
