import { dbDump, dumpText } from '../../commands/db/dump.ts'
import { formatDbDump } from '../format/life.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { outputOf } from './output.ts'

export const run: Action = async (invocation) => {
  const { terminal } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const output = outputOf(invocation)
  if (output === 'standard output') {
    const { sql, ...known } = await dumpText(context)
    return { result: { command: 'db dump', file: undefined, changed: true, ...known, sql }, text: sql }
  }
  const result = await dbDump(context, output === undefined ? {} : { output: output.file })
  return { result, text: formatDbDump(result, terminal.outStyle), quietText: '' }
}
