import { type CreateRevOptions, createRev, isRevError, type Rev, type RevError } from '../../src/index.ts'
import type { TestDatabase } from './databases.ts'
import { createTempProject, type RevisionText, type TempProject } from './temp-project.ts'

/** A project with these revisions, and a rev that runs them on the database. */
export function openRev(
  db: TestDatabase,
  revisions: readonly RevisionText[],
  options: CreateRevOptions = {},
): Rev & { readonly project: TempProject } {
  const project = createTempProject()
  for (const revision of revisions) project.revision(revision)
  const database = options.knex ? {} : { config: db.knexConfig() }
  return { ...createRev({ directory: project.path, ...database, ...options }), project }
}

/** A revision that creates a table named like itself, and drops it. */
export const creates = (
  revision: string,
  down: string | readonly string[] | null,
  more: Partial<RevisionText> = {},
): RevisionText => ({
  revision,
  down,
  upgrade: `await knex.schema.createTable('${revision}', (table) => { table.increments('id') })`,
  downgrade: `await knex.schema.dropTable('${revision}')`,
  ...more,
})

/** The RevError that the work ends with; anything else fails the test. */
export async function errorOf(work: Promise<unknown>): Promise<RevError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (isRevError(error)) return error
  throw new Error(`expected a RevError, got ${error instanceof Error ? error.stack : String(error)}`)
}

/** The tables that the revisions made, sorted. */
export const tablesOf = async (db: TestDatabase): Promise<string[]> =>
  (await db.tables()).filter((table) => !table.startsWith('rev_'))

/** The rows of the version table, sorted. */
export const rowsOf = async (db: TestDatabase): Promise<string[]> =>
  (await db.knex()('rev_version').pluck('version_num')).map(String).sort()
