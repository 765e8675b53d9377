import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { withDatabase } from '../../database/database.ts'
import { dumpSchema } from '../../database/life/dump-schema.ts'
import { assertThere } from '../../database/life/reach.ts'
import { openSqlFiles } from '../../script/write-sql-file.ts'
import type { CommandContext } from '../context.ts'

export interface DbDumpOptions {
  /** The file; a relative one starts at the project's folder. Default `schema.sql`; of several databases `schema.NAME.sql`. */
  readonly output?: string
}

export interface DbDumpResult {
  readonly command: 'db dump'
  readonly database: string
  /** Absolute. */
  readonly file: string
  /** False when the file said the same already, and was left as it is. */
  readonly changed: boolean
  /** The version rows, which the file names in its first lines. */
  readonly rows: readonly string[]
  /** What wrote the schema down: `pg_dump` or the like; undefined for rev itself. */
  readonly program: string | undefined
}

/**
 * Writes the schema down as SQL that changes only when the schema does, without rows and without rev's own tables. Throws
 * REV_LIFE_NO_CLIENT, REV_LIFE_CLIENT_UNFIT, REV_LIFE_DUMP_FAILED and REV_FILE_WRITE_FAILED; the file is then as it was.
 */
export function dbDump(context: CommandContext, options: DbDumpOptions = {}): Promise<DbDumpResult> {
  const file = resolve(context.directory, options.output ?? defaultName(context))
  return withDatabase(context, { readOnly: true }, async (database) => {
    assertThere(database)
    const { rows } = await database.readRows()
    const { sql, program } = await dumpSchema(database, context.settings.schemas)
    const sorted = [...rows].sort()
    const head = [
      '-- The schema of the database, written by rev db dump. Do not edit.',
      `-- ${database.tables.version.name}: ${sorted.join(', ') || 'base'}`,
    ]
    const text = `${head.join('\n')}\n\n${sql.trim()}\n`
    const changed = !existsSync(file) || readFileSync(file, 'utf8') !== text
    if (changed) replace(file, text)
    return { command: 'db dump', database: database.description.text, file, changed, rows: sorted, program }
  })
}

function defaultName({ databaseName, databaseNames }: CommandContext): string {
  return databaseNames.length > 1 ? `schema.${databaseName}.sql` : 'schema.sql'
}

function replace(file: string, text: string): void {
  const files = openSqlFiles()
  try {
    files.write(file, text)
    files.keep()
  } finally {
    files.drop()
  }
}
