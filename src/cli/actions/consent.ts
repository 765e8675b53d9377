import { textsGiven } from '../given.ts'
import { printableLine } from '../printable.ts'
import type { Invocation } from './action.ts'
import { timeOf } from './run-options.ts'

/** How somebody at a command line agrees that something is removed: asked where somebody sits who can answer. */
export function consentOptions<Q>({ given, terminal, signal }: Invocation, questionOf: (question: Q) => string) {
  const { ask } = terminal
  const agree = async (question: Q): Promise<boolean> => {
    if (given.flag('force')) return true
    return ask === undefined ? false : ask(printableLine(questionOf(question)), signal)
  }
  return { ...textsGiven(given, 'yes-i-mean'), agree }
}

/** How long a command waits for the lock of runs. */
export function lockOptions({ given }: Invocation): { lockTimeout?: number | string; wait: boolean } {
  const lockTimeout = given.text('lock-timeout')
  return { ...(lockTimeout === undefined ? {} : { lockTimeout: timeOf(lockTimeout) }), wait: given.flag('wait') }
}
