import { RevError } from '../../errors/index.ts'
import { type Database, type DatabaseContext, withDatabase } from '../database.ts'
import { readServerVersion, type ServerVersion, withoutSchema } from './server.ts'

/** A database that answered. */
export interface Reached extends ServerVersion {
  readonly database: string
}

/** Connects and asks for the version. Throws REV_DATABASE_CONNECT_FAILED, also for a SQLite file that is not there. */
export function reach(context: DatabaseContext): Promise<Reached> {
  const { report } = context
  const quiet: DatabaseContext = {
    ...withoutSchema(context),
    report: (event) => {
      if (event.type !== 'notice' || event.code !== 'REV_NOTICE_NO_FILE') report(event)
    },
  }
  return withDatabase(quiet, { readOnly: true }, async (database) => {
    assertThere(database)
    return { database: database.description.text, ...(await readServerVersion(database.connection)) }
  })
}

/** Refuses a SQLite file that is not there. Throws REV_DATABASE_CONNECT_FAILED. */
export function assertThere({ connection, description: { client, filename } }: Database): void {
  if (connection.raw !== undefined) return
  const reason = 'there is no such file'
  const cause = Object.assign(new Error(reason), { code: 'ENOENT' })
  const details = {
    client,
    ...(filename === undefined ? {} : { filename }),
    reason,
    remedy: 'to create it: rev db create',
  }
  throw new RevError('REV_DATABASE_CONNECT_FAILED', details, { cause })
}
