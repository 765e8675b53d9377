import { basename, dirname, join } from 'node:path'
import { type SqlOptions, type SqlResult, sql } from '../../commands/sql.ts'
import { RevError } from '../../errors/index.ts'
import { commandFor } from '../../offline/revision-words.ts'
import type { ScriptFile } from '../../offline/script-parts.ts'
import { isWrittenInPlace, listSqlFiles } from '../../script/write-sql-file.ts'
import { rowsText } from '../format/results.ts'
import { printableLine } from '../printable.ts'
import { count } from '../quantities.ts'
import type { Invocation, Outcome } from './action.ts'
import type { Project } from './open-project.ts'
import { outputOf } from './output.ts'

/** A script as JSON: the SQL itself, or where it was written to. */
type WrittenSql = Omit<SqlResult, 'files'> & ({ readonly script: string } | { readonly files: readonly string[] })

type ScriptWanted = Omit<SqlOptions, 'write' | 'split' | 'withRollback' | 'direction'> & {
  readonly direction: SqlResult['direction']
}
type RenderSql = (
  context: Project['context'],
  options: ScriptWanted & Pick<SqlOptions, 'write' | 'split' | 'withRollback'>,
) => Promise<SqlResult>

/** Writes a script to standard output, or scripts to files; rev gives nothing of it before all of it is known. */
export async function writeSql(
  invocation: Invocation,
  { context }: Project,
  options: ScriptWanted,
  render: RenderSql = sql as RenderSql,
): Promise<Outcome> {
  const { given } = invocation
  const output = outputOf(invocation)
  const asked = { ...options, ...scriptOptions(invocation) }
  if (typeof output === 'object') {
    if (given.flag('with-rollback') && !given.flag('split') && isWrittenInPlace(output.file)) {
      const expected = 'a file with --with-rollback: the way back has no place beside a pipe or a device'
      throw new RevError('REV_USAGE_INVALID_VALUE', { option: '--output', value: given.text('output') ?? '', expected })
    }
    const name = basename(output.file)
    return toFiles(invocation, output.file, options.target, (write) => render(context, { ...asked, name, write }))
  }
  for (const several of ['split', 'with-rollback'] as const)
    if (given.flag(several)) throw isOneText(invocation, several)
  const { terminal } = invocation
  const pieces: string[] = []
  const { files: _, ...written } = await render(context, {
    ...asked,
    async write(text) {
      if (given.flag('json')) return void pieces.push(text)
      terminal.out(text)
      await terminal.written()
    },
  })
  const result: WrittenSql = { ...written, script: pieces.join('') }
  return { result, text: '', ...noteOf(written, options.target) }
}

// Without --output both are refused before this.
function isOneText({ given }: Invocation, option: 'split' | 'with-rollback'): RevError {
  const expected = `a ${option === 'split' ? 'folder' : 'file'} with --${option}: standard output is one script`
  return new RevError('REV_USAGE_INVALID_VALUE', { option: '--output', value: given.text('output') ?? '', expected })
}

type Write = (text: string, file: ScriptFile) => Promise<void>

async function toFiles(
  { given, signal }: Invocation,
  output: string,
  target: ScriptWanted['target'],
  write: (write: Write) => Promise<SqlResult>,
): Promise<Outcome> {
  const split = given.flag('split')
  const folder = split ? output : dirname(output)
  const pathOf = ({ name }: ScriptFile): string => join(folder, name)
  const before = split ? listSqlFiles(output) : []
  const { openOutput } = await import('../../commands/open-output.ts')
  const files = openOutput(signal)
  try {
    const { files: names, ...written } = await write((text, file) => files.write(pathOf(file), text))
    // Whoever runs all scripts of the folder in order would run these, too.
    const others = before.filter((name) => !names.some((file) => file.name === name))
    if (others.length > 0) throw new RevError('REV_OFFLINE_FOLDER_NOT_EMPTY', { folder: output, files: others })
    files.keep()
    const paths = names.map(pathOf)
    const result: WrittenSql = { ...written, files: paths }
    const where =
      paths.length === 1
        ? ` ${printableLine(paths[0] ?? '')}`
        : paths.map((path) => `\n  ${printableLine(path)}`).join('')
    const what = written.direction === 'ensure-version' ? 'the script' : count(written.steps, 'step')
    const text = `wrote ${what} to${where}\n`
    return { result, text, quietText: '', ...noteOf(written, target) }
  } finally {
    files.drop()
  }
}

function noteOf(
  { stopsBefore, direction, steps, from }: Omit<SqlResult, 'files'>,
  target: ScriptWanted['target'] = [],
): { note?: string } {
  if (stopsBefore !== undefined) {
    const remedy = `run that one with ${commandFor(direction, stopsBefore)}`
    return { note: `the script ends before ${stopsBefore}, which reads rows: ${remedy}` }
  }
  const targets = [target].flat()
  if (steps > 0 || targets.length === 0) return {}
  const where = `"${targets.map(printableLine).join(' ')}"`
  return { note: `there is nothing to do for ${direction} ${where} from ${rowsText(from)}: the script changes nothing` }
}

const CLIENTS = ['psql', 'mysql', 'sqlite3', 'generic'] as const
const ON_DATA_READ = ['stop', 'comment'] as const

function scriptOptions({ given }: Invocation): Partial<SqlOptions> {
  const shadowUrl = given.text('shadow-url')
  const sqlClient = oneOf('--sql-client', given.text('sql-client'), CLIENTS)
  const onDataRead = oneOf('--on-data-read', given.text('on-data-read'), ON_DATA_READ)
  return {
    guard: !given.flag('no-guard'),
    allowNonEmpty: given.flag('allow-non-empty'),
    split: given.flag('split'),
    withRollback: given.flag('with-rollback'),
    ...(sqlClient === undefined ? {} : { sqlClient }),
    ...(onDataRead === undefined ? {} : { onDataRead }),
    ...(shadowUrl === undefined ? {} : { shadowUrl }),
  }
}

function oneOf<T extends string>(option: string, value: string | undefined, allowed: readonly T[]): T | undefined {
  if (value === undefined) return undefined
  const found = allowed.find((word) => word === value)
  if (found === undefined) {
    throw new RevError('REV_USAGE_INVALID_VALUE', { option, value, expected: `one of ${allowed.join(', ')}` })
  }
  return found
}
