import { stamp } from '../../commands/stamp.ts'
import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const asked = { targets: invocation.words, purge: invocation.given.flag('purge') }
  return carryOut(invocation, 'stamp', (context, options) => stamp(context, { ...options, ...asked }))
}
