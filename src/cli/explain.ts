import { isRevError, RevError } from '../errors/index.ts'
import { hideUrlPasswords } from '../script/reason.ts'
import { printable } from './printable.ts'
import type { Style } from './style.ts'

/** What was thrown as one of rev's own errors; anything else is a defect of rev. */
export function toRevError(thrown: unknown): RevError {
  if (isRevError(thrown)) return thrown
  const what = thrown instanceof Error ? thrown.message : String(thrown)
  return new RevError('REV_INTERNAL', { what: hideUrlPasswords(what) }, { cause: thrown }) as RevError
}

/**
 * An error as lines for a terminal: code, message, hint. With `raiseerr`, and always for a defect of rev itself, the
 * stack and the causes follow.
 */
export function explainError(error: RevError, style: Style, options: { readonly raiseerr: boolean }): string {
  const lines = [`${style.red('error')} ${style.bold(error.code)}: ${safe(error.message)}`]
  if (options.raiseerr || error.code === 'REV_INTERNAL') lines.push(...traceOf(error).map(style.dim))
  if (error.hint !== undefined) lines.push(...indented(`hint: ${error.hint}`))
  return `${lines.join('\n')}\n`
}

function indented(text: string): string[] {
  return safe(text)
    .split('\n')
    .map((line) => `  ${line}`)
}

/** Whatever the layer below has cleaned already, no URL leaves with its password, and no control character as such. */
function safe(text: string): string {
  return printable(hideUrlPasswords(text))
}

/** Chains longer than this are made by accident, for example by an error that is its own cause. */
const MOST_CAUSES = 10

/** The stack of an error and those of its causes, a line each. */
export function traceOf(error: Error): string[] {
  return traces(error).map(safe)
}

function traces(error: Error): string[] {
  const lines = stackOf(error)
  const seen = new Set<unknown>([error])
  let cause = error.cause
  while (cause !== undefined && cause !== null && !seen.has(cause) && seen.size <= MOST_CAUSES) {
    seen.add(cause)
    lines.push(`  caused by ${nameOf(cause)}`, ...(cause instanceof Error ? stackOf(cause) : []))
    cause = cause instanceof Error ? cause.cause : undefined
  }
  return lines
}

function stackOf(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines.map((line) => `  ${line}`)
}

/** Knex puts the statement with its values in front of the driver's message, so only the driver's part is shown. */
function nameOf(cause: unknown): string {
  if (!(cause instanceof Error)) return typeof cause
  const code = 'code' in cause && typeof cause.code === 'string' ? ` ${cause.code}` : ''
  const isOfStatement = 'sqlMessage' in cause || 'severity' in cause || /^SQLITE_/.test(code.trim())
  const text = isOfStatement ? (cause.message.split(' - ').at(-1) ?? '') : cause.message
  return `${cause.name}${code}: ${text}`
}
