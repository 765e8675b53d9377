import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import { isKnownClient } from './dialect.ts'
import { checkDriver, resolveFrom } from './driver-check.ts'

/** Knex itself: the function that makes instances. */
export type KnexFunction = (config: Knex.Config) => Knex

/**
 * Knex as the project has it, so that knexfile, revisions and rev share one copy; rev's own where the project has none.
 * Checks that the driver of `client` can be loaded. Throws REV_DATABASE_DRIVER_MISSING and REV_DATABASE_DRIVER_UNFIT.
 */
export async function loadKnex(directory: string, client: unknown): Promise<KnexFunction> {
  const project = createRequire(join(directory, 'package.json'))
  const entry = resolveFrom(project, 'knex')
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
