import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RevError } from '../errors/index.ts'
import { dialectOf } from './dialect.ts'

// better-sqlite3 13 needs Node 22; on Node 20 loading it ends the process without an error that could be caught.
const SQLITE_NEEDS_NODE_22 = 13
// Before 13 it was built on a header of Node that, as of Node 24.19, takes a hook back when a statement is collected, and
// ends the process when that happens between two turns. The hook's name in the binary tells how it was compiled.
const FATAL_HOOK = 'RemoveEnvironmentCleanupHook'

/**
 * Proves that the driver of a client is there and fits this Node, without loading it: what is unfit would end the process
 * with no error to catch, in the middle of a run. Knex loads the driver from its own folder, so this looks `from` there.
 * Throws REV_DATABASE_DRIVER_MISSING and REV_DATABASE_DRIVER_UNFIT.
 */
export function checkDriver(client: string, from: string): void {
  const driver = dialectOf(client).driver
  if (driver === undefined) return
  const entry = resolveFrom(createRequire(from), driver === 'mariadb' ? 'mariadb/callback' : driver)
  if (entry === undefined) {
    throw new RevError('REV_DATABASE_DRIVER_MISSING', { package: driver, install: installCommand(driver) })
  }
  if (driver !== 'better-sqlite3') return
  const found = findPackage(entry, driver)
  if (found === undefined || isFit(found)) return
  const { version } = found
  const install = installCommand(driver)
  throw new RevError('REV_DATABASE_DRIVER_UNFIT', { package: driver, version, node: process.versions.node, install })
}

/** The command that installs a driver which works on this Node. */
export function installCommand(driver: string, major: number = nodeMajor()): string {
  if (driver !== 'better-sqlite3') return `npm install ${driver}`
  return `npm install better-sqlite3@${major < 22 ? 12 : 13}`
}

/** The file that a name stands for; undefined when there is none. */
export function resolveFrom(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

function isFit({ folder, version }: { folder: string; version: string }): boolean {
  const major = Number.parseInt(version, 10)
  if (major >= SQLITE_NEEDS_NODE_22) return nodeMajor() >= 22
  if (nodeMajor() < 24) return true
  const binary = join(folder, 'build', 'Release', 'better_sqlite3.node')
  return !existsSync(binary) || !readFileSync(binary).includes(FATAL_HOOK)
}

function nodeMajor(): number {
  return Number.parseInt(process.versions.node, 10)
}

/** The folder and version of the package that a file belongs to. */
export function findPackage(entry: string, name: string): { folder: string; version: string } | undefined {
  for (let folder = dirname(entry); dirname(folder) !== folder; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
    if (found.name === name && found.version !== undefined) return { folder, version: found.version }
  }
  return undefined
}
