import type { Knex } from 'knex'
import type { DatabaseContext } from './database.ts'
import { dialectOf } from './dialect.ts'
import { isFile, openKnex } from './open-knex.ts'
import { createRedactor } from './redactor.ts'

/** A SQLite database that lives in memory, and so only as long as this instance. */
export interface InMemoryDatabase {
  readonly knex: Knex
  close(): Promise<void>
}

/** Opens the context's database if it is one in memory and rev's own to open; undefined otherwise. */
export async function openInMemory(context: DatabaseContext): Promise<InMemoryDatabase | undefined> {
  const { knexConfig: config, knex: given, directory, report } = context
  if (given || typeof config?.client !== 'string' || dialectOf(config.client).name !== 'sqlite') return undefined
  const { connection } = config
  const filename =
    typeof connection === 'string' ? connection : (connection as { filename?: string } | undefined)?.filename
  if (filename === undefined || isFile(filename)) return undefined
  const knex = await openKnex({ config, directory, redactor: createRedactor(), report, onSettings: () => {} })
  return { knex, close: () => knex.destroy() }
}
