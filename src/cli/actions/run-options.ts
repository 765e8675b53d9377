import type { RunOptions } from '../../commands/run-plan.ts'
import type { LimitOptions } from '../../commands/wanted-limits.ts'
import { RevError } from '../../errors/index.ts'
import { type Given, textsGiven } from '../given.ts'
import type { Invocation } from './action.ts'

/** What the commands that write have in common on the command line. */
export function runOptions({ given }: Invocation): RunOptions & LimitOptions {
  const lockTimeout = given.text('lock-timeout')
  return {
    ...textsGiven(given, 'tag', 'reason'),
    ...(lockTimeout === undefined ? {} : { lockTimeout: timeOf(lockTimeout) }),
    ...limitsOf(given),
    wait: given.flag('wait'),
    x: xOf(given),
    singleTransaction: given.flag('single-transaction'),
  }
}

/** The time limits for what a run carries out. */
export function limitsOf(given: Given): LimitOptions {
  const tableLockTimeout = given.text('table-lock-timeout')
  const statementTimeout = given.text('statement-timeout')
  return {
    ...(tableLockTimeout === undefined ? {} : { tableLockTimeout: timeOf(tableLockTimeout) }),
    ...(statementTimeout === undefined ? {} : { statementTimeout: timeOf(statementTimeout) }),
  }
}

/** A length of time as typed; a bare number means milliseconds. */
export function timeOf(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

/** The `-x key=value` arguments; a key alone has the empty text, of a repeated key the last one stands. */
export function xOf(given: Given): Readonly<Record<string, string>> {
  const pairs = given.list('x').map((text) => {
    const at = text.indexOf('=')
    const [key, value] = at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
    if (key === '')
      throw new RevError('REV_USAGE_INVALID_VALUE', {
        option: '-x',
        value: text,
        expected: 'KEY=VALUE, such as batch=500',
      })
    return [key, value] as const
  })
  return Object.fromEntries(pairs)
}

/** Refuses `START:TARGET` where the database says where to start. Throws REV_USAGE_RANGE_NOT_ALLOWED. */
export function assertNoRange(command: string, words: readonly string[]): void {
  const range = words.find((word) => word.includes(':'))
  if (range === undefined) return
  const target = range.slice(range.lastIndexOf(':') + 1) || 'head'
  throw new RevError('REV_USAGE_RANGE_NOT_ALLOWED', { command, range, target })
}
