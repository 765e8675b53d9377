import { catalogue, type RevErrorCode, type RevErrorDetails } from './catalogue.ts'
import type { ErrorEntry, ExitCode } from './define.ts'

// A registered symbol, because a process may load two copies: Jest makes one for each file of tests.
const BRAND = Symbol.for('knex-rev.RevError')

/**
 * The one error class of rev. Test `code`, never the wording of `message`; `details` is typed by the code, `hint` says
 * what to do next, and `cause` keeps the error that led here.
 */
export class RevError<C extends RevErrorCode = RevErrorCode> extends Error {
  override readonly name = 'RevError'
  readonly code: C
  readonly details: RevErrorDetails[C]
  /** What to type or edit next, when there is something. */
  readonly hint: string | undefined
  /** The exit code that the command line ends with for this error. */
  readonly exit: ExitCode

  constructor(code: C, details: RevErrorDetails[C], options?: { cause?: unknown }) {
    const definition = catalogue[code] as unknown as ErrorEntry<RevErrorDetails[C]>
    super(closed(definition.message(details)), options)
    this.code = code
    this.details = details
    this.hint = definition.hint?.(details)
    this.exit = definition.exit
    Object.defineProperty(this, BRAND, { value: true })
  }
}

// A message that ends with the words of others, a driver's or Node's, is a sentence all the same.
function closed(message: string): string {
  return message.includes('\n') || /[.!?:]$/.test(message) ? message : `${message}.`
}

/** Whether `error` is rev's own, of whichever copy; with a code, whether it is that one. */
export function isRevError<C extends RevErrorCode>(error: unknown, code?: C): error is RevError<C> {
  if (typeof error !== 'object' || error === null || !(BRAND in error)) return false
  return code === undefined || (error as unknown as RevError).code === code
}
