import { seedRun } from '../../commands/seed/run.ts'
import { formatSeedRun } from '../format/seeds.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'
import { limitsOf } from './run-options.ts'
import { seedSelection, seedWriteOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const project = await openProject(invocation, { requireKnexfile: true })
  const { context } = project
  const options = { ...seedSelection(invocation), ...seedWriteOptions(invocation.given), ...limitsOf(invocation.given) }
  if (invocation.given.flag('sql')) {
    const { writeSql } = await import('./write-sql.ts')
    const { seedSql } = await import('../../commands/seed/sql.ts')
    const { x = {}, reason } = options
    const asked = { direction: 'seed' as const, x, ...(reason === undefined ? {} : { reason }) }
    return writeSql(invocation, project, asked, (context, { write, name, sqlClient, guard, shadowUrl }) =>
      seedSql(context, {
        ...seedSelection(invocation),
        ...asked,
        ...limitsOf(invocation.given),
        write,
        ...(name === undefined ? {} : { name }),
        ...(sqlClient === undefined ? {} : { sqlClient }),
        ...(guard === undefined ? {} : { guard }),
        ...(shadowUrl === undefined ? {} : { shadowUrl }),
      }),
    )
  }
  const done = await seedRun(context, options)
  // What a seed gives back may be anything, a secret too, and is for programs.
  const result = { ...done, seeds: done.seeds.map(({ value: _, ...seed }) => seed) }
  return { result, text: formatSeedRun(result, invocation.terminal.outStyle), quietText: '' }
}
