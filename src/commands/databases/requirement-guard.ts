import type { RunOptions } from '../../database/run-result.ts'
import type { Direction } from '../../graph/plan-types.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'

/**
 * What a run asks before its first step: whether the other databases of the project are where its revisions require them
 * to be, and whether they can do without what a downgrade takes away. A stamp runs nothing, and asks nothing.
 */
export function guardOf(
  context: CommandContext,
  direction: Direction,
  scripts: RevisionScripts,
): Pick<RunOptions, 'assertMayRun'> {
  if (direction === 'upgrade') {
    return {
      async assertMayRun(revisions) {
        if (!revisions.some((id) => scripts.get(id).requires.length > 0)) return
        const { assertUpgradeMayRun } = await import('./may-run.ts')
        await assertUpgradeMayRun(context, scripts, revisions)
      },
    }
  }
  const { databaseName, databaseNames } = context
  if (direction !== 'downgrade' || databaseName === undefined || databaseNames.length < 2) return {}
  return {
    async assertMayRun(revisions) {
      const { assertDowngradeMayRun } = await import('./may-run.ts')
      await assertDowngradeMayRun(context, databaseName, revisions)
    },
  }
}
