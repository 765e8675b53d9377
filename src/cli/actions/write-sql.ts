import { resolve } from 'node:path'
import { type SqlOptions, type SqlResult, sql } from '../../commands/sql.ts'
import { writeSqlFile } from '../../script/write-sql-file.ts'
import { printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import type { Invocation, Outcome } from './action.ts'
import type { Project } from './open-project.ts'

/** A script as JSON: the SQL itself, or where it was written to. */
type WrittenSql = SqlResult & ({ readonly script: string } | { readonly file: string })

/**
 * Makes the script as a whole before any of it is printed: half a script, piped into a database client, would leave the
 * database half way.
 */
export async function writeSql(
  { given, terminal }: Invocation,
  { context }: Project,
  options: Omit<SqlOptions, 'write'>,
): Promise<Outcome> {
  let script = ''
  const written = await sql(context, {
    ...options,
    write: (text) => {
      script += text
    },
  })
  const output = given.text('output')
  if (output === undefined) {
    const result: WrittenSql = { ...written, script }
    return { result, text: script }
  }
  const file = resolve(terminal.cwd, given.text('cwd') ?? '', output)
  writeSqlFile(file, script)
  const result: WrittenSql = { ...written, file }
  return { result, text: `wrote ${count(written.steps, 'step')} to ${printableLine(file)}\n`, quietText: '' }
}
