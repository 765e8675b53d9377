import type { CommandContext } from '../../commands/context.ts'
import type { RunOptions, RunReport } from '../../commands/run-plan.ts'
import type { LimitOptions } from '../../commands/wanted-limits.ts'
import { RevError } from '../../errors/index.ts'
import type { Direction } from '../../graph/plan-types.ts'
import { formatPlan, formatRun } from '../format/results.ts'
import type { Invocation, Outcome } from './action.ts'
import { openProject, type Project } from './open-project.ts'
import { assertNoRange, runOptions } from './run-options.ts'

/** What upgrade, downgrade and stamp have in common: a script, a list of what would run, or the run itself. */
export async function carryOut(
  invocation: Invocation,
  direction: Direction,
  run: (context: CommandContext, options: RunOptions & LimitOptions) => Promise<RunReport<Direction>>,
): Promise<Outcome> {
  const { given, terminal, words: target } = invocation
  if (!given.flag('sql')) assertNoRange(direction, target)
  if (given.flag('sql') && given.flag('purge')) {
    const reason = 'a script cannot know which rows there are'
    throw new RevError('REV_USAGE_CONFLICTING_OPTIONS', { command: direction, options: ['--sql', '--purge'], reason })
  }
  const options = runOptions(invocation)
  const asked = { direction, target, only: given.flag('only'), purge: given.flag('purge') }
  const project = await openProject(invocation, { requireKnexfile: true })
  if (given.flag('sql')) {
    const { writeSql } = await import('./write-sql.ts')
    const { purge: _, ...script } = asked
    return writeSql(invocation, await compilingLess(project), { ...script, ...options })
  }
  if (given.flag('plan')) {
    const { planAhead } = await import('../../commands/plan.ts')
    const { planned: result } = await planAhead(project.context, asked, invocation.before)
    return { result, text: formatPlan(result, terminal.outStyle, project.downRevisions) }
  }
  const result = await run(project.context, options)
  return { result, text: formatRun(result, terminal.outStyle), quietText: '' }
}

// Not before the files are read: that is little code which is called very often, and best compiled at once.
async function compilingLess({ context, ...project }: Project): Promise<Project> {
  const { compileLess } = await import('../compile-less.ts')
  const scripts = async () => {
    const read = await context.scripts()
    compileLess()
    return read
  }
  return { ...project, context: { ...context, scripts } }
}
