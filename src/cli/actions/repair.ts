import { REPAIR_ACTIONS, type RepairAction, repair } from '../../commands/repair.ts'
import { RevError } from '../../errors/index.ts'
import { formatRepair } from '../format/results.ts'
import type { Action, Invocation } from './action.ts'
import { openProject } from './open-project.ts'
import { runOptions } from './run-options.ts'

export const run: Action = async (invocation) => {
  const { given, terminal, words } = invocation
  const [revision = ''] = words
  const action = actionOf(invocation, revision)
  const unknown = given.text('unknown')
  if (unknown !== undefined && unknown !== 'done' && unknown !== 'not-done') {
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: '--unknown', value: unknown, expected: 'done or not-done' })
  }
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const { singleTransaction: _, ...options } = runOptions(invocation)
  const result = await repair(context, { ...options, revision, action, ...(unknown === undefined ? {} : { unknown }) })
  return { result, text: formatRepair(result, terminal.outStyle), quietText: '' }
}

function actionOf({ given }: Invocation, revision: string): RepairAction {
  const chosen = REPAIR_ACTIONS.filter((action) => given.flag(action))
  const [action] = chosen
  if (action !== undefined && chosen.length === 1) return action
  const options = REPAIR_ACTIONS.map((name) => `--${name}`)
  throw new RevError('REV_REPAIR_CHOOSE', { revision, options, given: chosen.map((name) => `--${name}`) })
}
