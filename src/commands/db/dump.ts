import { resolve } from 'node:path'
import { withDatabase } from '../../database/database.ts'
import { dumpSchema } from '../../database/life/dump-schema.ts'
import { assertThere } from '../../database/life/reach.ts'
import { fileSays } from '../../script/file-says.ts'
import type { CommandContext } from '../context.ts'
import { openOutput } from '../open-output.ts'

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

/** A schema written down, and what it was written from. */
export interface DbDumpText extends Pick<DbDumpResult, 'database' | 'rows' | 'program'> {
  readonly sql: string
}

/**
 * Writes the schema down as SQL that changes only when the schema does, without rows and without rev's own tables. Throws
 * REV_LIFE_NO_CLIENT, REV_LIFE_CLIENT_UNFIT, REV_LIFE_DUMP_FAILED and REV_FILE_WRITE_FAILED; the file is then as it was.
 * What is no file, a pipe say, gets the text whatever it was, and REV_INTERRUPTED or REV_TERMINATED ends the wait for its reader.
 */
export async function dbDump(context: CommandContext, options: DbDumpOptions = {}): Promise<DbDumpResult> {
  const file = resolve(context.directory, options.output ?? defaultName(context))
  const { sql, ...known } = await dumpText(context)
  const changed = !fileSays(file, sql)
  if (changed) await replace(file, sql, context.signal)
  return { command: 'db dump', file, changed, ...known }
}

/** The text that `dbDump` writes, without writing it. Throws the same but for files. */
export function dumpText(context: CommandContext): Promise<DbDumpText> {
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
    return { database: database.description.text, rows: sorted, program, sql: text }
  })
}

function defaultName({ databaseName, databaseNames }: CommandContext): string {
  return databaseNames.length > 1 ? `schema.${databaseName}.sql` : 'schema.sql'
}

async function replace(file: string, text: string, signal: AbortSignal): Promise<void> {
  const files = openOutput(signal)
  try {
    await files.write(file, text)
    files.keep()
  } finally {
    files.drop()
  }
}
