import { ensureVersion } from '../../commands/ensure-version.ts'
import { formatEnsureVersion } from '../format/results.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const project = await openProject(invocation, { requireKnexfile: true })
  if (invocation.given.flag('sql')) {
    const { writeSql } = await import('./write-sql.ts')
    return writeSql(invocation, project, { direction: 'ensure-version' })
  }
  const result = await ensureVersion(project.context)
  return { result, text: formatEnsureVersion(result), quietText: '' }
}
