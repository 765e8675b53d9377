import { readArgv } from './argv.ts'
import { explainError, toRevError } from './explain.ts'
import { runProgram } from './program.ts'
import { listenForSignals } from './signals.ts'
import { styleFor } from './style.ts'
import type { Terminal } from './terminal.ts'

/**
 * The whole command line: reads what was typed after the program's name, runs it, prints, and sets `process.exitCode`.
 * Never rejects and never ends the process, so that output is written out and everything opened is closed; only a second
 * signal ends it at once.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal()
  ignoreClosedPipes()
  const interruption = listenForSignals((text) => terminal.err(text))
  let command: string | undefined
  try {
    const read = await readArgv(argv)
    command = read.argv[0]?.startsWith('-') ? undefined : read.argv[0]
    if (read.native !== undefined && !read.argv.includes('--quiet'))
      terminal.err(`note: in rev's own words: ${read.native}\n`)
    await runProgram(read.argv, { terminal, signal: interruption.signal })
  } catch (thrown) {
    const error = toRevError(thrown)
    process.exitCode = interruption.exitCode() ?? error.exit
    terminal.err(explainError(error, terminal.errStyle, { raiseerr: isTyped(argv, '--raiseerr') }))
    if (isTyped(argv, '--json')) {
      const { errorJson } = await import('./format/json.ts')
      terminal.out(errorJson(error, command))
    }
  } finally {
    interruption.stop()
  }
}

/** For errors of the command line itself, which happen before its options are known. */
function isTyped(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).includes(flag)
}

function processTerminal(): Terminal {
  const { stdout, stderr, env } = process
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outStyle: styleFor(stdout, env),
    errStyle: styleFor(stderr, env),
    isInteractive: stderr.isTTY ?? false,
    environment: env,
    cwd: process.cwd(),
  }
}

/** `rev history | head` closes the pipe before everything is written; that is no error of anybody. */
function ignoreClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
}
