import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type SqlOptions, sql } from '../../commands/sql.ts'
import { RevError } from '../../errors/index.ts'
import { reasonOf } from '../../script/reason.ts'
import { count } from '../quantities.ts'
import type { Invocation, Outcome } from './action.ts'
import type { Project } from './open-project.ts'

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
  const result = await sql(context, {
    ...options,
    write: (text) => {
      script += text
    },
  })
  const output = given.text('output')
  if (output === undefined) return { result: { ...result, script } as Outcome['result'], text: script }
  const file = resolve(terminal.cwd, given.text('cwd') ?? '', output)
  try {
    writeFileSync(file, script)
  } catch (error) {
    throw new RevError('REV_FILE_WRITE_FAILED', { file, reason: reasonOf(error) }, { cause: error })
  }
  const text = `wrote ${count(result.steps, 'step')} to ${file}\n`
  return { result: { ...result, file } as Outcome['result'], text, quietText: '' }
}
