import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository, absolute. */
export const repository = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '')

/** The built command, as `npx rev` would start it. */
export const revBin = `${repository}/bin/rev.js`

export interface RunOptions {
  readonly cwd: string
  /** Added to a small environment: nothing of the caller's own REV_, NODE_ or database variables comes through. */
  readonly env?: Readonly<Record<string, string>>
  /** Written to standard input, which is then closed. Default: nothing. */
  readonly input?: string
}

export interface RunResult {
  readonly stdout: string
  readonly stderr: string
  /** The exit code; 128 and the number of the signal when one ended the process, as a shell says it. */
  readonly code: number
}

/** A process that may still be running. */
export interface RunningProcess {
  readonly process: ChildProcess
  /** What ended: never rejects because of an exit code. */
  readonly done: Promise<RunResult>
  /** Resolves once standard output and standard error together match; rejects when the process ends without. */
  saw(pattern: RegExp): Promise<void>
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }

/** The environment that every process of the tests starts with. */
export function plainEnvironment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = { NO_COLOR: '1', LANG: 'C.UTF-8', TZ: 'UTC' }
  for (const name of ['PATH', 'HOME', 'TMPDIR', 'SystemRoot']) {
    const value = process.env[name]
    if (value !== undefined) kept[name] = value
  }
  return { ...kept, ...extra }
}

/** Starts any program and collects what it writes. */
export function start(command: string, args: readonly string[], options: RunOptions): RunningProcess {
  const child = spawn(command, args, { cwd: options.cwd, env: plainEnvironment(options.env) })
  let stdout = ''
  let stderr = ''
  const waiting = new Set<() => void>()
  const hear = (keep: (text: string) => void) => (text: string) => {
    keep(text)
    for (const look of waiting) look()
  }
  child.stdout.setEncoding('utf8').on(
    'data',
    hear((text) => {
      stdout += text
    }),
  )
  child.stderr.setEncoding('utf8').on(
    'data',
    hear((text) => {
      stderr += text
    }),
  )
  // A program that ends without reading its input must not take the test with it.
  child.stdin.on('error', () => {})
  child.stdin.end(options.input ?? '')

  const done = new Promise<RunResult>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      resolve({ stdout, stderr, code: code ?? 128 + (SIGNAL_NUMBERS[signal ?? ''] ?? 0) })
    })
  })

  const saw = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = () => {
        if (!pattern.test(stdout + stderr)) return
        waiting.delete(look)
        resolve()
      }
      waiting.add(look)
      look()
      done.then(() => reject(new Error(`ended before ${pattern}:\n${stdout}${stderr}`)), reject)
    })

  return { process: child, done, saw }
}

/** Runs any program to its end. */
export const run = (command: string, args: readonly string[], options: RunOptions): Promise<RunResult> =>
  start(command, args, options).done

/** Starts `rev` without waiting for its end. */
export const startRev = (args: readonly string[], options: RunOptions): RunningProcess =>
  start(process.execPath, [revBin, ...args], options)

/** Runs `rev` to its end. */
export const runRev = (args: readonly string[], options: RunOptions): Promise<RunResult> => startRev(args, options).done
