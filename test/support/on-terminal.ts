import { spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { plainEnvironment, type RunOptions, type RunResult, revBin } from './run-cli.ts'

/** What is typed once the screen shows something new that matches, without the key that ends a line. */
export type Typed = readonly [shown: RegExp, keys: string]

export const ENTER = '\n'
export const CTRL_C = '\x03'
export const CTRL_D = '\x04'

/**
 * Runs `rev` on a terminal of its own, by `script` of util-linux, and types when it is asked. What a terminal shows is one
 * text, in `stdout`, with what was typed.
 */
export function revOnTerminal(
  args: readonly string[],
  options: Omit<RunOptions, 'input'>,
  typed: readonly Typed[] = [],
  between: () => Promise<unknown> = async () => {},
): Promise<RunResult> {
  const command = [process.execPath, revBin, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
  const child = spawn('script', ['-qefc', `exec ${command}`, '/dev/null'], {
    cwd: options.cwd,
    env: { ...plainEnvironment(options.env), SHELL: '/bin/sh', TERM: 'xterm' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let screen = ''
  let read = 0
  const left = [...typed]
  child.stdin.on('error', () => {})
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const [next] = left
    const found = next?.[0].exec(screen.slice(read))
    if (next === undefined || !found) return
    read += found.index + found[0].length
    left.shift()
    void between().then(() => child.stdin.write(next[1]))
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ stdout: screen.replaceAll('\r\n', '\n'), stderr: '', code: code ?? 1 }))
  })
}
