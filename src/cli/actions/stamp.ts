import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const asked = { targets: invocation.words, purge: invocation.given.flag('purge') }
  return carryOut(invocation, 'stamp', async (context, options) => {
    const { stamp } = await import('../../commands/stamp.ts')
    return stamp(context, { ...options, ...asked })
  })
}
