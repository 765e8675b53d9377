import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { RevError } from '../errors/index.ts'
import type { PostWriteHook, RevSettings } from '../settings.ts'
import { reasonOf } from './reason.ts'

/** Stands for the new file in the arguments of a hook. */
export const FILE_TOKEN = 'REVISION_SCRIPT_FILENAME'

const LINES_KEPT = 20

/**
 * Runs the hooks of the settings on a new file, one after the other, without a shell. What they print is kept to
 * itself. The file stays when one fails; the others are then not run. Throws REV_FILE_HOOK_FAILED.
 */
export async function runPostWriteHooks(
  settings: Pick<RevSettings, 'postWriteHooks'>,
  file: string,
  directory: string,
): Promise<void> {
  for (const hook of settings.postWriteHooks) await runHook(hook, file, directory)
}

async function runHook(hook: PostWriteHook, file: string, directory: string): Promise<void> {
  const hasToken = hook.args.some((arg) => arg.includes(FILE_TOKEN))
  const args = hasToken ? hook.args.map((arg) => arg.replaceAll(FILE_TOKEN, file)) : [...hook.args, file]
  const { exitCode, reason, output, cause } = await run(findCommand(hook.command, directory), args, {
    cwd: hook.cwd ?? directory,
  })
  if (reason === undefined) return
  const details = { hook: hook.name, file, ...(exitCode === undefined ? {} : { exitCode }), reason, output }
  throw new RevError('REV_FILE_HOOK_FAILED', details, { cause })
}

/** The project's own program of that name, else the name as it is, for PATH. */
function findCommand(command: string, directory: string): string {
  if (/[/\\]/.test(command)) return command
  for (let folder = directory; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', '.bin', command)
    if (existsSync(candidate)) return candidate
    if (dirname(folder) === folder) return command
  }
}

interface Ending {
  readonly exitCode?: number
  /** Undefined when all went well. */
  readonly reason?: string
  readonly output: string
  readonly cause?: unknown
}

function run(command: string, args: readonly string[], { cwd }: { cwd: string }): Promise<Ending> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'], shell: false })
    const output = { out: '', err: '' }
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.out = tail(output.out + text)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.err = tail(output.err + text)
    })
    child.on('error', (cause) => resolve({ reason: `it could not be started: ${reasonOf(cause)}`, output: '', cause }))
    child.on('close', (code, signal) => {
      // Formatters report on either of the two.
      const said = (output.err.trim() || output.out.trim()).trimEnd()
      if (code === 0) resolve({ output: said })
      else if (code === null) resolve({ reason: `it was ended by ${signal}`, output: said })
      else resolve({ exitCode: code, reason: `it ended with exit code ${code}`, output: said })
    })
  })
}

function tail(text: string): string {
  return text.split('\n').slice(-LINES_KEPT).join('\n').slice(-8000)
}
