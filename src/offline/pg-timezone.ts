import { createRequire } from 'node:module'
import { join } from 'node:path'
import { resolveFrom } from '../database/driver-check.ts'

/**
 * In which time zone the driver `pg` tells a Date: `Z` where the project has said so on the driver itself, which has no
 * such setting for a connection (`pg.defaults.parseInputDatesAsUTC`); else `local`. The driver is not loaded for it: where
 * nobody has loaded it, nobody has said anything.
 */
export function pgTimezone(directory: string): 'Z' | 'local' {
  const project = createRequire(join(directory, 'package.json'))
  // As Knex looks for it, and as the knexfile does: mostly the same one.
  const knex = resolveFrom(project, 'knex')
  const owners = knex === undefined ? [project] : [project, createRequire(knex)]
  return owners.some(saysUtc) ? 'Z' : 'local'
}

function saysUtc(owner: NodeJS.Require): boolean {
  const entry = resolveFrom(owner, 'pg')
  // Not every `require` has one: test runners bring their own.
  const cache: NodeJS.Dict<NodeJS.Module> | undefined = owner.cache
  const loaded: unknown = entry === undefined ? undefined : cache?.[entry]?.exports
  const { defaults } = (loaded ?? {}) as { readonly defaults?: { readonly parseInputDatesAsUTC?: unknown } }
  return Boolean(defaults?.parseInputDatesAsUTC)
}
