import { type CheckOptions, type CheckResult, check } from './commands/check.ts'
import type { CommandContext } from './commands/context.ts'
import { type CurrentOptions, type CurrentResult, current } from './commands/current.ts'
import type { Part, WantedRun } from './commands/databases/parts.ts'
import {
  type DatabasesOptions as CommonOptions,
  type DatabasesResult,
  databasesFailed,
  runOnDatabases,
} from './commands/databases/run-on-databases.ts'
import { type DowngradeOptions, type DowngradeResult, downgrade } from './commands/downgrade.ts'
import { type CreateRevOptions, listLibraryDatabases, openLibraryContext } from './commands/library-context.ts'
import { type SetupOptions, type SetupResult, setup } from './commands/setup.ts'
import { type StatusOptions, type StatusResult, status } from './commands/status.ts'
import { type UpgradeOptions, type UpgradeResult, upgrade } from './commands/upgrade.ts'
import { silentReporter } from './events.ts'
import type { MethodOptions } from './method-options.ts'

/** Which databases, and what happens after one has failed. */
export interface DatabasesOptions extends CommonOptions, MethodOptions {
  /** Their names in the knexfile. Default: all. */
  readonly databases?: readonly string[]
}

/**
 * Commands that go through several databases, one after the other. Each plans all of them before the first is changed, and
 * throws REV_DATABASES_FAILED when not every one is done; its details say which are, its cause is the first error.
 */
export interface DatabasesMethods {
  /** Checks the revision files of each. */
  check(options?: CheckOptions & DatabasesOptions): Promise<DatabasesResult<CheckResult, 'check'>>
  /** Where each of them stands. */
  current(options?: CurrentOptions & DatabasesOptions): Promise<DatabasesResult<CurrentResult, 'current'>>
  /** Goes down to the target in each; first where others are required. */
  downgrade(options: DowngradeOptions & DatabasesOptions): Promise<DatabasesResult<DowngradeResult, 'downgrade'>>
  /** The names, in the order of the knexfile. Throws REV_CONFIG_NO_DATABASES when it does not say which belong together. */
  names(): Promise<readonly string[]>
  /** Creates, upgrades and seeds each. */
  setup(options?: SetupOptions & DatabasesOptions): Promise<DatabasesResult<SetupResult, 'setup'>>
  /** How each revision stands to each. */
  status(options?: StatusOptions & DatabasesOptions): Promise<DatabasesResult<StatusResult, 'status'>>
  /** Goes up to the target in each; first where something is required. Default `head`. */
  upgrade(options?: UpgradeOptions & DatabasesOptions): Promise<DatabasesResult<UpgradeResult, 'upgrade'>>
}

type Command<O, R> = (context: CommandContext, options: O) => Promise<R>

/** The methods of an instance that was made with these options; each opens what it needs by itself. */
export function databasesMethods(options: CreateRevOptions): DatabasesMethods {
  const names = async (): Promise<readonly string[]> => listLibraryDatabases(options)
  // What is said of revisions and seeds cannot be meant for all of them.
  const { revisions: _, seeds: __, ...shared } = options
  const run = async <O, R, C extends string>(
    command: C,
    work: Command<O, R>,
    given: (O & DatabasesOptions) | undefined,
    wanted?: WantedRun,
  ): Promise<DatabasesResult<R, C>> => {
    const { databases, continueOnError, signal, ...own } = (given ?? {}) as O & DatabasesOptions
    const signals = [options.signal, signal].filter((each) => each !== undefined)
    const whole = AbortSignal.any(signals)
    const open = (database: string, reporter = options.reporter): Promise<CommandContext> =>
      openLibraryContext({ ...shared, ...(reporter && { reporter }), signal: whole, database })
    const result = await runOnDatabases<R, C>(command, {
      names: databases ?? (await names()),
      ...(continueOnError === undefined ? {} : { continueOnError }),
      open: (database) => open(database, silentReporter),
      wanted,
      report: options.reporter ?? silentReporter,
      signal: whole,
      run: async ({ database, narrowed }) => work(await open(database), { ...own, ...narrow(command, narrowed) } as O),
    })
    if (!result.ok) throw databasesFailed(result)
    return result
  }
  return {
    check: (given) => run('check', check, given),
    current: (given) => run('current', current, given),
    downgrade: (given) => run('downgrade', downgrade, given, { direction: 'downgrade', ...aimOf(given) }),
    names,
    setup: (given) => run('setup', setup, given, { direction: 'setup', ...aimOf(given) }),
    status: (given) => run('status', status, given),
    upgrade: (given) => run('upgrade', upgrade, given, { direction: 'upgrade', ...aimOf(given) }),
  }
}

/** The options of a part of the way; the seeds of a setup come when all revisions are there. */
function narrow(command: string, narrowed: Part['narrowed']): object {
  if (narrowed === undefined) return {}
  const { target, only, isLast } = narrowed
  if (command === 'setup') return { target, ...(isLast ? {} : { seed: false }) }
  return { target: command === 'downgrade' ? target[0] : target, only }
}

function aimOf({ target, only }: Pick<WantedRun, 'target' | 'only'> = {}): Pick<WantedRun, 'target' | 'only'> {
  return { ...(target === undefined ? {} : { target }), ...(only === undefined ? {} : { only }) }
}
