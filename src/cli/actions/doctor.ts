import { doctor } from '../../commands/doctor.ts'
import { RevError } from '../../errors/index.ts'
import { formatDoctor } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await doctor(context)
  const { database, table, findings } = result
  if (!result.healthy) throw new RevError('REV_CHECK_DATABASE_DAMAGED', { database, table, findings })
  return { result, text: formatDoctor(result, invocation.terminal.outStyle), quietText: '' }
}
