import { type ResetQuestion, reset } from '../../commands/reset.ts'
import { formatReset } from '../format/life.ts'
import type { Action } from './action.ts'
import { consentOptions } from './consent.ts'
import { openProject } from './open-project.ts'
import { setupOptions, withoutValues } from './setup.ts'

export const run: Action = async (invocation) => {
  const { given, terminal } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = withoutValues(
    await reset(context, {
      ...setupOptions(invocation),
      ...consentOptions<ResetQuestion>(invocation, questionOf),
      dropDatabase: given.flag('drop-database'),
      force: given.flag('force'),
    }),
  )
  return { result, text: formatReset(result, terminal.outStyle), quietText: '' }
}

function questionOf({ database, objects }: ResetQuestion): string {
  return objects === undefined
    ? `drop ${database} with everything in it, and set it up again?`
    : `drop all this from ${database}, and set it up again?`
}
