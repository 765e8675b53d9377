import { revision } from '../../commands/revision.ts'
import { RevError } from '../../errors/index.ts'
import type { Action } from './action.ts'
import { newRevisionOptions, writtenOutcome } from './new-revision.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { given, words } = invocation
  if (given.flag('autogenerate'))
    throw new RevError('REV_USAGE_NOT_AVAILABLE', {
      what: 'writing a revision from the difference to a model (--autogenerate)',
      instead: 'write an empty revision and fill in upgrade and downgrade: rev revision -m "what it changes"',
    })
  const [word] = words
  const message = given.text('message')
  if (word !== undefined && message !== undefined)
    throw new RevError('REV_USAGE_REPEATED_OPTION', { option: '--message', values: [message, word] })
  const head = given.list('head')
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await revision(context, {
    ...newRevisionOptions(invocation),
    ...(word === undefined ? {} : { message: word }),
    ...(head.length === 0 ? {} : { head }),
  })
  return writtenOutcome(invocation, result)
}
