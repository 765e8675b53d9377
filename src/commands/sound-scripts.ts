import { isRevError } from '../errors/index.ts'
import type { RevisionScripts } from '../script/revision-script.ts'
import type { CommandContext } from './context.ts'

/** The scripts, or, where the files cannot be read, a notice and none: for commands that go on without them. */
export async function soundScripts(context: CommandContext): Promise<RevisionScripts | undefined> {
  try {
    return await context.scripts()
  } catch (error) {
    if (!isRevError(error)) throw error
    const message = 'the revision files cannot be read, so rows and log were looked at without them; see: rev check'
    context.report({ type: 'notice', code: 'REV_NOTICE_WITHOUT_FILES', message })
    return undefined
  }
}
