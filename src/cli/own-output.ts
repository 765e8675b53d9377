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
