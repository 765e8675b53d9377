import { RevError } from '../errors/index.ts'
import { reasonOf, systemCode } from '../script/reason.ts'

const { stdout, stderr } = process
const write = stdout.write.bind(stdout) as (text: string, written?: () => void) => boolean

/**
 * Keeps standard output for results, from now on: what a knexfile, a revision or a package prints there, by
 * `console.log` say, goes to standard error. A script for a database or a JSON object would not survive it.
 */
export function keepOutputForResults(): void {
  stdout.write = stderr.write.bind(stderr)
}

/** Writes to the real standard output; `written` is called when the text was handed over. */
export function writeOutput(text: string, written?: () => void): void {
  write(text, written)
}

/** Whether nobody is there any more to whom a stream writes: its pipe or its terminal is closed. */
function isGone(error: Error, { isTTY }: { readonly isTTY?: boolean }): boolean {
  const code = systemCode(error)
  return code === 'EPIPE' || (code === 'EIO' && isTTY === true)
}

/**
 * Tells once, as REV_FILE_WRITE_FAILED, when standard output does not take what it is given, such as on a full disk.
 * `rev history | head` closes the pipe before everything is written; that is no error of anybody. Nor is a closed terminal.
 */
export function watchOutput(tell: (error: RevError) => void): void {
  let isTold = false
  stdout.on('error', (cause) => {
    if (isTold || isGone(cause, stdout)) return
    isTold = true
    const details = { file: 'standard output', reason: reasonOf(cause) }
    tell(new RevError('REV_FILE_WRITE_FAILED', details, { cause }) as RevError)
  })
}
