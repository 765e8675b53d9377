import { edit } from '../../commands/edit.ts'
import { openEditor } from '../../script/editor.ts'
import type { Action } from './action.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const [revision = ''] = invocation.words
  const { context } = await openProject(invocation, { requireKnexfile: false })
  const result = await edit(context, { revision })
  await openEditor(result.files, { environment: invocation.terminal.environment, cwd: context.directory })
  return { result, text: result.files.map((file) => `${file}\n`).join(''), quietText: '' }
}
