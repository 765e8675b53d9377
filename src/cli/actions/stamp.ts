import { plan } from '../../commands/plan.ts'
import { stamp } from '../../commands/stamp.ts'
import { formatPlan, formatRun } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { assertNoRange, runOptions } from './run-options.ts'

export const run: Action = async (invocation) => {
  const { given, terminal, words: targets } = invocation
  const purge = given.flag('purge')
  if (!given.flag('sql')) assertNoRange('stamp', targets)
  const options = runOptions(invocation)
  const project = await openProject(invocation, { requireKnexfile: true })
  if (given.flag('sql')) {
    const { writeSql } = await import('./write-sql.ts')
    return writeSql(invocation, project, { direction: 'stamp', target: targets, purge, ...options })
  }
  if (given.flag('plan')) {
    const result = await plan(project.context, { direction: 'stamp', target: targets, purge })
    return { result, text: formatPlan(result, terminal.outStyle, project.downRevisions) }
  }
  const result = await stamp(project.context, { ...options, targets, purge })
  return { result, text: formatRun(result, terminal.outStyle), quietText: '' }
}
