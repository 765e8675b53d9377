import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import { dialectOf, isKnownClient } from './dialect.ts'

/** Knex itself: the function that makes instances. */
export type KnexFunction = (config: Knex.Config) => Knex

// better-sqlite3 13 needs Node 22; on Node 20 loading it ends the process without an error that could be caught.
const SQLITE_NEEDS_NODE_22 = 13

/**
 * Knex as the project has it, so that knexfile, revisions and rev share one copy; rev's own where the project has none.
 * Checks that the driver of `client` can be loaded. Throws REV_DATABASE_DRIVER_MISSING and REV_DATABASE_DRIVER_UNFIT.
 */
export async function loadKnex(directory: string, client: unknown): Promise<KnexFunction> {
  const project = createRequire(join(directory, 'package.json'))
  const entry = resolve(project, 'knex')
  if (typeof client === 'string' && isKnownClient(client)) checkDriver(client, entry ?? join(directory, 'package.json'))
  if (entry !== undefined) return toFunction(project(entry))
  try {
    return toFunction(await import('knex'))
  } catch (cause) {
    throw new RevError('REV_DATABASE_DRIVER_MISSING', { package: 'knex', install: 'npm install knex@3' }, { cause })
  }
}

function toFunction(loaded: unknown): KnexFunction {
  const outer = loaded as { default?: unknown; knex?: unknown }
  const found = [loaded, outer.knex, outer.default].find((candidate) => typeof candidate === 'function')
  return found as KnexFunction
}

// Knex loads the driver from its own folder, so this looks there, and only then in the project.
function checkDriver(client: string, from: string): void {
  const driver = dialectOf(client).driver
  if (driver === undefined) return
  const fromKnex = createRequire(from)
  const entry = resolve(fromKnex, driver === 'mariadb' ? 'mariadb/callback' : driver)
  if (entry === undefined) {
    throw new RevError('REV_DATABASE_DRIVER_MISSING', { package: driver, install: installCommand(driver) })
  }
  if (driver !== 'better-sqlite3') return
  const version = packageVersion(entry, driver)
  if (version !== undefined && nodeMajor() < 22 && Number.parseInt(version, 10) >= SQLITE_NEEDS_NODE_22) {
    throw new RevError('REV_DATABASE_DRIVER_UNFIT', {
      package: driver,
      version,
      node: process.versions.node,
      install: installCommand(driver),
    })
  }
}

/** The command that installs a driver which works on this Node. */
export function installCommand(driver: string, major = nodeMajor()): string {
  return driver === 'better-sqlite3' && major < 22 ? 'npm install better-sqlite3@12' : `npm install ${driver}`
}

function nodeMajor(): number {
  return Number.parseInt(process.versions.node, 10)
}

function resolve(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined
  }
}

function packageVersion(entry: string, name: string): string | undefined {
  for (let folder = dirname(entry); dirname(folder) !== folder; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (!existsSync(file)) continue
    const found = JSON.parse(readFileSync(file, 'utf8')) as { name?: string; version?: string }
    if (found.name === name) return found.version
  }
  return undefined
}
