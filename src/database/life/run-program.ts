import { spawn } from 'node:child_process'
import { RevError } from '../../errors/index.ts'
import { systemCode } from '../../script/reason.ts'
import { interruption } from '../interruption.ts'

/** How a program ended, and what it wrote. */
export interface ProgramEnding {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined
  readonly output: string
  readonly complaint: string
}

/**
 * Runs a program to its end, without a shell; undefined when there is none of that name. `added` goes to its environment,
 * which nobody else can read. Throws REV_INTERRUPTED.
 */
export function runProgram(
  program: string,
  args: readonly string[],
  { added, signal }: { added: Readonly<Record<string, string>>; signal: AbortSignal },
): Promise<ProgramEnding | undefined> {
  return new Promise((resolve, reject) => {
    // biome-ignore lint/style/noProcessEnv: a program that is started has the environment that it would have anyway.
    const env = { ...process.env, ...added }
    const child = spawn(program, [...args], { env, signal, stdio: ['ignore', 'pipe', 'pipe'], shell: false })
    const output: Buffer[] = []
    let complaint = ''
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes))
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      complaint = (complaint + text).slice(-8_000)
    })
    child.on('error', (cause) => {
      if (signal.aborted) reject(interruption(signal))
      else if (systemCode(cause) === 'ENOENT') resolve(undefined)
      else
        reject(
          new RevError('REV_LIFE_DUMP_FAILED', { program, database: 'the database', reason: cause.message }, { cause }),
        )
    })
    child.on('close', (code) => {
      const text = Buffer.concat(output).toString('utf8')
      resolve({ exitCode: code ?? undefined, output: text, complaint: complaint.trim() })
    })
  })
}
