import type { Knex } from 'knex'
import { type Database, type DatabaseContext, withDatabase } from '../../../src/database/database.ts'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import type { RevOptions } from '../../../src/settings.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { type RecordingReporter, recordingReporter } from '../../support/recording-reporter.ts'
import { repository } from '../../support/run-cli.ts'

/** What a test may want otherwise than a command would have it. */
export interface OpenOptions {
  readonly rev?: RevOptions
  readonly knexConfig?: Knex.Config
  readonly knex?: Knex
  readonly signal?: AbortSignal
  readonly recorded?: RecordingReporter
}

/** The context of a command on a database of the tests. */
export function contextOf(db: Pick<TestDatabase, 'knexConfig'>, options: OpenOptions = {}): DatabaseContext {
  return {
    knex: options.knex,
    knexConfig: options.knex ? undefined : (options.knexConfig ?? db.knexConfig()),
    settings: resolveSettings(options.rev, { directory: repository }),
    directory: repository,
    report: (options.recorded ?? recordingReporter()).report,
    signal: options.signal ?? new AbortController().signal,
  }
}

/** Opens the database for writing and closes it again. */
export function open<T>(
  db: Pick<TestDatabase, 'knexConfig'>,
  use: (database: Database) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  return withDatabase(contextOf(db, options), { readOnly: false }, use)
}
