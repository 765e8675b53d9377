import type { DbCreateResult } from '../../commands/db/create.ts'
import type { DbDropResult } from '../../commands/db/drop.ts'
import type { DbDumpResult } from '../../commands/db/dump.ts'
import type { DbPingResult } from '../../commands/db/ping.ts'
import type { DbWaitResult } from '../../commands/db/wait.ts'
import type { ResetResult } from '../../commands/reset.ts'
import type { SeedLeft } from '../../commands/seed/run.ts'
import type { NoSeeds, SetupParts } from '../../commands/setup.ts'
import { printableLine } from '../printable.ts'
import { count, duration } from '../quantities.ts'
import type { Style } from '../style.ts'
import { formatSeedRun } from './seeds.ts'

const serverText = ({ server, version }: { server: string | undefined; version: string | undefined }): string =>
  printableLine([server, version].filter((part) => part !== undefined).join(' '))

export function formatDbPing(result: DbPingResult, style: Style): string {
  const { database, ms } = result
  return `${printableLine(database)} ${style.green('answers')}: ${serverText(result)}, ${duration(ms)}\n`
}

export function formatDbWait(result: DbWaitResult, style: Style): string {
  const { exists, database, waitedMs } = result
  const place = printableLine(database)
  if (exists) return `${place} ${style.green('answers')}: ${serverText(result)} (waited ${duration(waitedMs)})\n`
  const state = `${style.yellow('is not there yet')} (waited ${duration(waitedMs)})`
  return `${place} ${state}; to create it: rev db create\n`
}

export function formatDbCreate({ database, created }: Pick<DbCreateResult, 'database' | 'created'>, style: Style) {
  const place = printableLine(database)
  return created ? `${style.bold('created')} ${place}\n` : `${place} is there already\n`
}

export function formatDbDrop({ database, dropped }: DbDropResult, style: Style): string {
  const place = printableLine(database)
  return dropped ? `${style.bold('dropped')} ${place}\n` : `nothing to drop: ${place} is not there\n`
}

type SetupText = Omit<SetupParts, 'seed'> & {
  readonly seed:
    | { readonly seeds: readonly { readonly rows: number }[]; readonly left: readonly SeedLeft[] }
    | undefined
}

/** What each part of a setup did, one line or more for each. */
export function formatSetup({ database, created, upgrade, seed, noSeeds }: SetupText, style: Style): string {
  const { steps, rows } = upgrade
  const place = rows.length === 0 ? 'base' : rows.map(printableLine).join(', ')
  const upgraded =
    steps.length === 0
      ? `nothing to do for upgrade: the database is at ${place}\n`
      : `upgrade: ${style.bold(`${count(steps.length, 'step')} done`)}, the database is at ${place}\n`
  const seeded = seed === undefined ? noSeedsText(noSeeds, style) : formatSeedRun({ database, ...seed }, style)
  return formatDbCreate({ database, created }, style) + upgraded + seeded
}

function noSeedsText(why: NoSeeds | undefined, style: Style): string {
  if (why === 'protected') {
    return `${style.yellow('no seeds')}: the environment is protected, where they have to be named: rev seed run NAME\n`
  }
  return why === 'no-folder' ? 'no seeds: there is no folder of seeds\n' : ''
}

export function formatDbDump({ database, file, changed }: DbDumpResult, style: Style): string {
  const [place, path] = [printableLine(database), printableLine(file)]
  return changed ? `${style.bold('wrote')} the schema of ${place} to ${path}\n` : `${path} is as it was\n`
}

/** What was dropped, and what each part of the setup after it did. */
export function formatReset(
  result: SetupText & Pick<ResetResult, 'dropped' | 'droppedDatabase'>,
  style: Style,
): string {
  const { database, dropped, droppedDatabase } = result
  const place = printableLine(database)
  const setup = formatSetup(result, style)
  if (droppedDatabase) return formatDbDrop({ command: 'db drop', database, dropped: true }, style) + setup
  const what = dropped.length === 0 ? 'nothing to drop' : style.bold(`dropped ${count(dropped.length, 'object')}`)
  return `${what} in ${place}\n${setup}`
}
