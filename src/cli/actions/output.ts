import { resolve } from 'node:path'
import type { Invocation } from './action.ts'

/** What `--output` asks for: standard output, or an absolute path; undefined when it was not given. */
export type Output = 'standard output' | { readonly file: string } | undefined

// Written to as files they would get what is said of the result, too, behind or over the SQL itself.
const STANDARD_OUTPUT = new Set(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])

/** `-` is standard output, as elsewhere; `./-` is a file of that name. */
export function outputOf({ given, terminal }: Invocation): Output {
  const output = given.text('output')
  if (output === undefined) return undefined
  const file = resolve(terminal.cwd, given.text('cwd') ?? '', output)
  return output === '-' || STANDARD_OUTPUT.has(file) ? 'standard output' : { file }
}
