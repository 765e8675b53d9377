import { resolve } from 'node:path'
import { dbDump } from '../../commands/db/dump.ts'
import { formatDbDump } from '../format/life.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { given, terminal } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const output = given.text('output')
  const file = output === undefined ? {} : { output: resolve(terminal.cwd, given.text('cwd') ?? '', output) }
  const result = await dbDump(context, file)
  return { result, text: formatDbDump(result, terminal.outStyle), quietText: '' }
}
