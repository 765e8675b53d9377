import { type DropQuestion, dbDrop } from '../../commands/db/drop.ts'
import { formatDbDrop } from '../format/life.ts'
import type { Action } from './action.ts'
import { consentOptions, lockOptions } from './consent.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await dbDrop(context, {
    ...consentOptions<DropQuestion>(invocation, ({ database }) => `drop ${database} with everything in it?`),
    ...lockOptions(invocation),
    force: invocation.given.flag('force'),
  })
  return { result, text: formatDbDrop(result, invocation.terminal.outStyle), quietText: '' }
}
