import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Knex } from 'knex'
import { RevError } from '../errors/index.ts'
import { packageRoot } from '../platform.cts'
import { isKnownClient, KNOWN_CLIENTS } from './dialect.ts'
import { checkDriver, findPackage, resolveFrom } from './driver-check.ts'

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

/** The version of the Knex that `loadKnex` gives; undefined when its package does not tell. */
export function knexVersion(directory: string): string | undefined {
  const entry =
    resolveFrom(createRequire(join(directory, 'package.json')), 'knex') ??
    resolveFrom(createRequire(join(packageRoot, 'package.json')), 'knex')
  return entry === undefined ? undefined : findPackage(entry, 'knex')?.version
}

function toFunction(loaded: unknown): KnexFunction {
  const outer = loaded as { default?: unknown; knex?: unknown }
  const found = [loaded, outer.knex, outer.default].find((candidate) => typeof candidate === 'function')
  return found as KnexFunction
}

/** An instance, or Knex's own refusal as REV_DATABASE_CONFIG_REFUSED or REV_DATABASE_URL_UNREADABLE. */
export function createKnex(knexFunction: KnexFunction, config: Knex.Config): Knex {
  try {
    return knexFunction(config)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    const client = String(config.client)
    // Without the cause: it may hold the URL.
    if (isUrlError(cause)) throw new RevError('REV_DATABASE_URL_UNREADABLE', { client })
    throw new RevError('REV_DATABASE_CONFIG_REFUSED', { client, reason, known: KNOWN_CLIENTS }, { cause })
  }
}

/** Whether it is the error of somebody who tried to read a URL. */
export function isUrlError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'URIError' || 'input' in error)
}
