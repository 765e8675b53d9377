import { resolve } from 'node:path'
import { RevError } from '../../errors/index.ts'
import type { Invocation } from './action.ts'

/**
 * What `--output` asks for: standard output, or an absolute path; undefined when it was not given. Throws
 * REV_USAGE_MISSING_VALUE for the empty text.
 */
export type Output = 'standard output' | { readonly file: string } | undefined

// Written to as files they would get what is said of the result, too, behind or over the SQL itself.
const STANDARD_OUTPUT = new Set(['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])

/** `-` is standard output, as elsewhere; `./-` is a file of that name. */
export function outputOf({ given, terminal }: Invocation): Output {
  const output = given.text('output')
  if (output === undefined) return undefined
  // `--output "$file"` of a variable that is not set; as a path it would be the folder.
  if (output === '') throw new RevError('REV_USAGE_MISSING_VALUE', { option: '--output', value: 'FILE' })
  const file = resolve(terminal.cwd, given.text('cwd') ?? '', output)
  return output === '-' || STANDARD_OUTPUT.has(file) ? 'standard output' : { file }
}
