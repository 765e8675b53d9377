import { isRevError, RevError } from '../errors/index.ts'
import { reasonOf } from '../script/reason.ts'
import { readArgv } from './argv.ts'
import { ask } from './ask.ts'
import { watchEarlyExit } from './early-exit.ts'
import { endProcess } from './end-process.ts'
import { explainError, toRevError } from './explain.ts'
import { errorJson } from './format/json.ts'
import { wantsLogLines } from './log-format.ts'
import { keepOutputForResults, watchOutput, writeOutput } from './own-output.ts'
import { runProgram } from './program.ts'
import type { LogLines, Remark } from './report-lines.ts'
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
  const terminal = await processTerminal(argv)
  const { logLines } = terminal
  ignoreLostWords()
  keepOutputForResults()
  const say = (remark: Remark): void => {
    if (logLines) logLines.remark(remark)
    else terminal.err(`${remark.event === 'note' ? 'note: ' : ''}${remark.message}\n`)
  }
  const controller = new AbortController()
  const abort = (reason: string): void => controller.abort(reason)
  const signals = watchSignals(
    abort,
    (message) => say({ level: 'warn', event: 'signal', message }),
    () => allowExit(),
  )
  let command: string | undefined
  const fail = (error: RevError, { isResultPrinted = false, exit = error.exit } = {}): void => {
    process.exitCode = signals.exitCode() ?? exit
    const options = { raiseerr: isTyped(argv, '--raiseerr') }
    if (logLines) logLines.error(error, options)
    else terminal.err(explainError(error, terminal.errStyle, options))
    if (!isResultPrinted && isTyped(argv, '--json')) terminal.out(errorJson(error, command))
  }
  const allowExit = watchEarlyExit(fail)
  const strays = watchStrays(abort, (error) => {
    allowExit()
    fail(error)
    process.exit()
  })
  let error: RevError | undefined
  let unwritten: RevError | undefined
  let isOver = false
  watchOutput((failure) => {
    unwritten = failure
    // A file or a device tells of it only after the work.
    if (isOver) fail(failure, { isResultPrinted: true })
    else abort('standard output that takes nothing more')
  })
  try {
    const read = await readArgv(argv)
    command = read.argv[0]?.startsWith('-') ? undefined : read.argv[0]
    if (read.native !== undefined && !isTyped(argv, '--quiet', '-q')) say(note(`in rev's own words: ${read.native}`))
    const { exitCode, failure } = await runProgram(read.argv, { terminal, signal: controller.signal })
    error = unwritten ?? strays.error()
    if (exitCode !== 0) process.exitCode = exitCode
    if (failure !== undefined) fail(failure, { isResultPrinted: true, exit: exitCode || failure.exit })
  } catch (thrown) {
    error = blame(toRevError(thrown), unwritten ?? strays.error())
  } finally {
    isOver = true
    signals.stop()
    strays.stop()
    allowExit()
  }
  if (error !== undefined) fail(error, { isResultPrinted: error === unwritten })
  const hungUp = controller.signal.reason === 'SIGHUP'
  endProcess({ wasStopped: controller.signal.aborted, hungUp, say: (message) => say(note(message)) })
}

/** Work that was stopped because of an error beside it is not to blame; work that failed by itself is. */
function blame(error: RevError, beside: RevError | undefined): RevError {
  return beside !== undefined && isRevError(error, 'REV_INTERRUPTED') ? beside : error
}

/** For errors of the command line itself, which happen before its options are known. */
function isTyped(argv: readonly string[], ...flags: string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? undefined : end).some((word) => flags.includes(word))
}

const note = (message: string): Remark => ({ level: 'info', event: 'note', message })

async function processTerminal(argv: readonly string[]): Promise<Terminal> {
  const { stdin, stdout, stderr, env } = process
  const logLines = wantsLogLines(argv) ? await openLogLines((line) => void stderr.write(line)) : undefined
  return {
    out: (text) => writeOutput(text),
    written: () => new Promise((resolve) => writeOutput('', () => resolve())),
    err: (text) => void stderr.write(text),
    logLines,
    outStyle: styleFor(stdout, env),
    errStyle: styleFor(stderr, env),
    columns: stdout.isTTY ? stdout.columns : undefined,
    isInteractive: stderr.isTTY ?? false,
    // A question is no line of a log.
    ask: stdin.isTTY && stderr.isTTY && !logLines ? ask : undefined,
    environment: env,
    get cwd() {
      return workingDirectory()
    },
  }
}

async function openLogLines(write: (line: string) => void): Promise<LogLines> {
  const { createLogLines } = await import('./log-lines.ts')
  return createLogLines(write)
}

/**
 * What standard error does not take is lost, and nothing else: whoever closes its pipe or terminal wants to hear no more,
 * and a full disk below a log must not end a run between two steps. The exit code tells how it went.
 */
function ignoreLostWords(): void {
  process.stderr.on('error', () => {})
}

// Asked for when it is needed, where what is thrown is told.
function workingDirectory(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new RevError('REV_PROCESS_NO_FOLDER', { reason: reasonOf(cause) }, { cause })
  }
}
