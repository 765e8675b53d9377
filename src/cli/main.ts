import { isRevError, type RevError } from '../errors/index.ts'
import { readArgv } from './argv.ts'
import { ask } from './ask.ts'
import { watchEarlyExit } from './early-exit.ts'
import { endProcess } from './end-process.ts'
import { explainError, toRevError } from './explain.ts'
import { errorJson } from './format/json.ts'
import { keepOutputForResults, writeOutput } from './own-output.ts'
import { runProgram } from './program.ts'
import { watchSignals } from './signals.ts'
import { watchStrays } from './strays.ts'
import { styleFor } from './style.ts'
import type { Terminal } from './terminal.ts'

/**
 * The whole command line: reads what was typed after the program's name, runs it, prints, and sets `process.exitCode`.
 * Never rejects. The process then ends by itself, everything written out and everything opened closed; it is ended only
 * by a second signal, for work that cannot be stopped, and when the project's own code holds it open.
 */
export async function main(argv: readonly string[]): Promise<void> {
  const terminal = processTerminal()
  ignoreClosedPipes()
  keepOutputForResults()
  const controller = new AbortController()
  const abort = (reason: string): void => controller.abort(reason)
  const signals = watchSignals(
    abort,
    (text) => terminal.err(text),
    () => allowExit(),
  )
  let command: string | undefined
  const say = (error: RevError): void => {
    process.exitCode = signals.exitCode() ?? error.exit
    terminal.err(explainError(error, terminal.errStyle, { raiseerr: isTyped(argv, '--raiseerr') }))
    if (isTyped(argv, '--json')) terminal.out(errorJson(error, command))
  }
  const allowExit = watchEarlyExit(say)
  const strays = watchStrays(abort, (error) => {
    allowExit()
    say(error)
    process.exit()
  })
  let error: RevError | undefined
  try {
    const read = await readArgv(argv)
    command = read.argv[0]?.startsWith('-') ? undefined : read.argv[0]
    if (read.native !== undefined && !isTyped(argv, '--quiet', '-q'))
      terminal.err(`note: in rev's own words: ${read.native}\n`)
    await runProgram(read.argv, { terminal, signal: controller.signal })
    error = strays.error()
  } catch (thrown) {
    error = blame(toRevError(thrown), strays.error())
  } finally {
    signals.stop()
    strays.stop()
    allowExit()
  }
  if (error !== undefined) say(error)
  endProcess({ wasStopped: controller.signal.aborted, say: (text) => terminal.err(text) })
}

/** Work that was stopped because of a stray error is not to blame; work that failed by itself is. */
function blame(error: RevError, stray: RevError | undefined): RevError {
  return stray !== undefined && isRevError(error, 'REV_INTERRUPTED') ? stray : error
}

/** For errors of the command line itself, which happen before its options are known. */
function isTyped(argv: readonly string[], ...flags: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).some((word) => flags.includes(word))
}

function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process
  return {
    out: (text) => writeOutput(text),
    written: () => new Promise((resolve) => writeOutput('', () => resolve())),
    err: (text) => void stderr.write(text),
    outStyle: styleFor(stdout, env),
    errStyle: styleFor(stderr, env),
    isInteractive: stderr.isTTY ?? false,
    ask: stdin.isTTY && stderr.isTTY ? ask : undefined,
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
