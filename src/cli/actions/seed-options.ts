import type { SeedSelectionOptions, SeedWriteOptions } from '../../commands/seed/seed-selection.ts'
import type { SeedCleanOptions } from '../../commands/seed/undo.ts'
import { type Given, textsGiven } from '../given.ts'
import { printableLine } from '../printable.ts'
import type { Invocation } from './action.ts'
import { limitsOf, timeOf, xOf } from './run-options.ts'

/** Which seeds a command line means. */
export function seedSelection({ given, words }: Invocation): SeedSelectionOptions {
  return { names: words, scenarios: given.list('scenario'), only: given.flag('only'), force: given.flag('force') }
}

/** What the commands on seeds that write have in common on the command line. */
export function seedWriteOptions(given: Given): SeedWriteOptions {
  const lockTimeout = given.text('lock-timeout')
  return {
    ...textsGiven(given, 'reason'),
    ...(lockTimeout === undefined ? {} : { lockTimeout: timeOf(lockTimeout) }),
    wait: given.flag('wait'),
    x: xOf(given),
  }
}

/** The same for those that remove rows: they ask where somebody sits who can answer. */
export function seedCleanOptions({ given, terminal, signal }: Invocation): SeedCleanOptions {
  const { ask } = terminal
  return {
    ...seedWriteOptions(given),
    ...limitsOf(given),
    ...textsGiven(given, 'yes-i-mean'),
    agree: async ({ database, seeds }) => {
      if (given.flag('force')) return true
      if (ask === undefined) return false
      const names = seeds.map(printableLine).join(', ')
      return ask(`remove the rows of ${names} from ${printableLine(database)}?`, signal)
    },
  }
}
