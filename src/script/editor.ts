import { spawn } from 'node:child_process'
import { RevError } from '../errors/index.ts'
import { reasonOf } from './reason.ts'
import { splitCommand } from './split-command.ts'

export interface EditorOptions {
  /** The variables; `EDITOR` is looked at first, then `VISUAL`, as in Alembic. */
  readonly environment: NodeJS.ProcessEnv
  readonly cwd: string
}

/** The editor's program and its own arguments, such as `code --wait`; undefined when none is set. */
export function findEditor(environment: NodeJS.ProcessEnv): readonly [string, ...string[]] | undefined {
  for (const text of [environment.EDITOR, environment.VISUAL]) {
    const [command, ...args] = splitCommand(text ?? '') ?? []
    if (command) return [command, ...args]
  }
  return undefined
}

/**
 * Opens files in the user's editor, on the terminal of this process, and waits for its end. No shell is started.
 * Throws REV_CONFIG_NO_EDITOR or REV_FILE_EDITOR_FAILED.
 */
export async function openEditor(files: readonly string[], { environment, cwd }: EditorOptions): Promise<void> {
  const editor = findEditor(environment)
  const file = files.join(', ')
  if (editor === undefined) throw new RevError('REV_CONFIG_NO_EDITOR', { file })
  const [command, ...args] = editor
  const child = spawn(command, [...args, ...files], { cwd, stdio: 'inherit', shell: false })
  const ending = await new Promise<{ reason?: string; cause?: unknown }>((resolve) => {
    child.on('error', (cause) => resolve({ reason: `it could not be started: ${reasonOf(cause)}`, cause }))
    child.on('close', (code, signal) => {
      if (code === 0) resolve({})
      else resolve({ reason: code === null ? `it was ended by ${signal}` : `it ended with exit code ${code}` })
    })
  })
  const { reason, cause } = ending
  if (reason !== undefined) throw new RevError('REV_FILE_EDITOR_FAILED', { editor: command, file, reason }, { cause })
}
