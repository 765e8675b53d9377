import { downgrade } from '../../commands/downgrade.ts'
import { plan } from '../../commands/plan.ts'
import { formatPlan, formatRun } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { assertNoRange, runOptions } from './run-options.ts'

export const run: Action = async (invocation) => {
  const { given, terminal, words } = invocation
  const [target = ''] = words
  const only = given.flag('only')
  if (!given.flag('sql')) assertNoRange('downgrade', words)
  const options = runOptions(invocation)
  const project = await openProject(invocation, { requireKnexfile: true })
  if (given.flag('sql')) {
    const { writeSql } = await import('./write-sql.ts')
    return writeSql(invocation, project, { direction: 'downgrade', target, only, ...options })
  }
  if (given.flag('plan')) {
    const result = await plan(project.context, { direction: 'downgrade', target, only })
    return { result, text: formatPlan(result, terminal.outStyle, project.downRevisions) }
  }
  const result = await downgrade(project.context, { ...options, target, only })
  return { result, text: formatRun(result, terminal.outStyle), quietText: '' }
}
