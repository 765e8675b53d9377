import type { Part, WantedRun } from '../../commands/databases/parts.ts'
import { type DatabaseOutcome, databasesFailed, runOnDatabases } from '../../commands/databases/run-on-databases.ts'
import { listDatabases, openContext } from '../../commands/open-context.ts'
import { isRevError, RevError } from '../../errors/index.ts'
import type { CommandName } from '../command-table.ts'
import { explainError } from '../explain.ts'
import { formatDatabases } from '../format/databases.ts'
import type { Given } from '../given.ts'
import { printableLine } from '../printable.ts'
import { createReporter } from '../reporter.ts'
import type { Action, Invocation, Outcome } from './action.ts'
import { projectOptions } from './open-project.ts'

/** Carries one command out on several databases, each as if it had been named alone. */
export async function runOnEach(command: CommandName, action: Action, invocation: Invocation): Promise<Outcome> {
  const { given, terminal, signal } = invocation
  assertFit(command, invocation)
  const project = projectOptions(invocation)
  const names = given.flag('all-databases') ? await listDatabases(project) : unique(given.list('database'))
  const wanted = wantedOf(command, invocation)
  const reporting = { quiet: given.flag('quiet'), verbose: given.flag('verbose'), downRevisions: () => [] }
  const told = await runOnDatabases<Outcome, CommandName>(command, {
    names,
    continueOnError: given.flag('continue-on-error'),
    open: (database) => openContext({ ...project, database, signal, requireKnexfile: wanted !== undefined }),
    wanted,
    report: terminal.logLines?.reporter(reporting) ?? createReporter(terminal, reporting),
    signal,
    run: async (part) => skipUnseeded(() => action(partOf(part, invocation)), command),
    heard: (outcome) => tellFailure(outcome, invocation),
  })
  const databases = told.databases.map((each) => ({ ...each, result: each.result?.result, error: errorOf(each) }))
  const isNo = told.databases.some(({ error, result }) => (error?.exit ?? result?.exitCode) === 3)
  const isBroken = told.databases.some(({ error }) => error !== undefined && error.exit !== 3)
  return {
    result: { ...told, databases } as Outcome['result'],
    text: formatDatabases(told.databases, terminal.outStyle),
    quietText: formatDatabases(told.databases, terminal.outStyle, { quiet: true }),
    ...(isNo && !isBroken ? { exitCode: 3 as const } : {}),
    ...(told.ok ? {} : { failure: databasesFailed(told) }),
  }
}

/** The same command on one database, or on a part of its way. */
function partOf({ database, before, narrowed }: Part, invocation: Invocation): Invocation {
  const whole = { ...invocation, database, ...(before && { before }) }
  if (narrowed === undefined) return whole
  const { given } = invocation
  const { target, only, isLast } = narrowed
  const flag: Given['flag'] = (name) => {
    if (name === 'only') return only
    // The seeds of a setup come when all revisions are there.
    return (name === 'no-seed' && !isLast) || given.flag(name)
  }
  return { ...whole, words: target, given: { ...given, flag } }
}

/** Of several databases it is enough that one has seeds. */
async function skipUnseeded(work: () => Promise<Outcome>, command: CommandName): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    if (!isRevError(error, 'REV_SEED_LOCATION_MISSING')) throw error
    const note = `there is no folder of seeds at ${error.details.directories.join(', ')}`
    return { result: { command }, text: '', note }
  }
}

/** What of a command is for one database alone. Throws REV_USAGE_CONFLICTING_OPTIONS. */
function assertFit(command: CommandName, { given }: Invocation): void {
  const several = given.flag('all-databases') ? '--all-databases' : 'several --database'
  const reasons = {
    sql: 'a script is for one database: write one for each',
    output: 'they would be written over each other',
    connection: 'it is the connection of one database',
    client: 'it is the client of one database',
  }
  for (const [name, reason] of Object.entries(reasons) as [keyof typeof reasons, string][]) {
    const isGiven = name === 'sql' ? given.flag(name) : given.text(name) !== undefined
    if (isGiven)
      throw new RevError('REV_USAGE_CONFLICTING_OPTIONS', { command, options: [`--${name}`, several], reason })
  }
}

function wantedOf(command: CommandName, { given, words }: Invocation): WantedRun | undefined {
  if (command === 'setup') return { direction: 'setup', target: words }
  if (command !== 'upgrade' && command !== 'downgrade') return undefined
  const target = command === 'upgrade' ? words : (words[0] ?? '')
  return { direction: command, target, only: given.flag('only') }
}

function tellFailure({ database, error }: DatabaseOutcome<Outcome>, { terminal, given }: Invocation): void {
  if (error === undefined) return
  const options = { raiseerr: given.flag('raiseerr') }
  if (terminal.logLines) terminal.logLines.error(error, { ...options, database })
  else terminal.err(`${printableLine(database)}: ${explainError(error, terminal.errStyle, options)}`)
}

function errorOf({ error }: DatabaseOutcome<Outcome>) {
  if (error === undefined) return undefined
  const { code, message, hint, details, exit } = error
  return { code, message, hint, details, exit }
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)]
}
