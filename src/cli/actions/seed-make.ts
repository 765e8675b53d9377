import { seedMake } from '../../commands/seed/make.ts'
import { RevError } from '../../errors/index.ts'
import { findEditor, openEditor } from '../../script/editor.ts'
import { textsGiven } from '../given.ts'
import { printableLine } from '../printable.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { given, terminal, words } = invocation
  const [name = ''] = words
  const edits = given.flag('edit')
  if (edits && findEditor(terminal.environment) === undefined)
    throw new RevError('REV_CONFIG_NO_EDITOR', { file: 'the new seed' })
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await seedMake(context, { name, ...textsGiven(given, 'template') })
  if (edits) await openEditor([result.file], { environment: terminal.environment, cwd: terminal.cwd })
  return { result, text: `${printableLine(result.file)}\n`, note: printableLine(`new seed ${result.seed}`) }
}
