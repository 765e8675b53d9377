import { pathToFileURL } from 'node:url'
import type { Knex } from 'knex'
import createKnex from 'knex'
import { dialectOf } from '../../../src/database/dialect.ts'
import { StepFailure } from '../../../src/database/handle/step-failure.ts'
import { type StatementReport, type StepFacts, withHandle } from '../../../src/database/handle/with-handle.ts'
import { pin } from '../../../src/database/pin.ts'
import type { PinnedConnection } from '../../../src/database/pinned-connection.ts'
import { createRedactor } from '../../../src/database/redactor.ts'
import { isRevError, type RevError } from '../../../src/errors/index.ts'
import { nativeImport } from '../../../src/platform.cts'
import type { TestDatabase } from '../../support/databases.ts'
import { folderWith } from '../../support/folder-with.ts'

// biome-ignore lint/suspicious/noExplicitAny: revisions are written in plain JavaScript, too
export type Work = (knex: any) => unknown

export interface Ran<T = unknown> {
  readonly value: T | undefined
  readonly error: unknown
  readonly statements: readonly StatementReport[]
  readonly facts: StepFacts | undefined
}

export interface RunOptions {
  readonly transaction?: boolean
  readonly file?: string
  readonly signal?: AbortSignal
  readonly inside?: (connection: PinnedConnection) => Promise<unknown>
  /** Merged into the configuration of the instance. */
  readonly config?: Partial<Knex.Config>
  /** Before the handle is made, on the same connection. */
  readonly prepare?: (connection: PinnedConnection, knex: Knex) => Promise<unknown>
  /** After the handle is done, on the same connection. */
  readonly after?: (connection: PinnedConnection, knex: Knex) => Promise<unknown>
}

/** Runs one function as a revision "a1" on a connection of its own; `inside` writes a row into `applied` when there is such a table. */
export async function runHandle(db: TestDatabase, work: Work, options: RunOptions = {}): Promise<Ran> {
  const knex = createKnex({ ...db.knexConfig(), ...options.config })
  const client = knex.client as Knex.Client
  const raw = await client.acquireConnection()
  try {
    const connection = pin({
      dialect: dialectOf(String(db.knexConfig().client)),
      client,
      raw,
      joined: false,
      redactor: createRedactor(),
      database: db.name,
    })
    await options.prepare?.(connection, knex)
    const ran = await runOn(connection, work, options)
    await options.after?.(connection, knex)
    return ran
  } finally {
    await client.releaseConnection(raw)
    await knex.destroy()
  }
}

/** The same on a connection that the test holds. */
export async function runOn(connection: PinnedConnection, work: Work, options: RunOptions = {}): Promise<Ran> {
  const statements: StatementReport[] = []
  let facts: StepFacts | undefined
  let value: unknown
  let error: unknown
  try {
    value = await withHandle(
      connection,
      {
        transaction: options.transaction ?? true,
        revision: 'a1',
        file: options.file,
        signal: options.signal ?? new AbortController().signal,
        onStatement: (statement) => statements.push(statement),
        onFacts: (found) => {
          facts = found
        },
      },
      work,
      async () => options.inside?.(connection) ?? connection.query("insert into applied (revision) values ('a1')"),
    )
  } catch (thrown) {
    error = thrown
  }
  return { value, error, statements, facts }
}

/** The RevError with this code, or a failure of the test that shows what there was instead. */
export function revError<C extends RevError['code']>(ran: Ran, code: C): RevError<C> {
  if (!isRevError(ran.error, code)) throw ran.error ?? new Error(`no error, but ${code} was expected`)
  return ran.error
}

export function stepFailure(ran: Ran): StepFailure['facts'] {
  if (!(ran.error instanceof StepFailure)) throw ran.error ?? new Error('no error, but a StepFailure was expected')
  return ran.error.facts
}

/** A revision file on disk, loaded by Node itself; `line` finds the line of a text in it. */
export async function revisionFile(
  source: string,
): Promise<{ file: string; upgrade: Work; line(text: string): number }> {
  const file = `${folderWith({ 'a1_revision.mjs': source })}/a1_revision.mjs`
  const { upgrade } = (await nativeImport(pathToFileURL(file).href)) as { upgrade: Work }
  return { file, upgrade, line: (text) => source.slice(0, source.indexOf(text)).split('\n').length }
}
