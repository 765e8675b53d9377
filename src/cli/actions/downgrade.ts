import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const [target = ''] = invocation.words
  const asked = { target, only: invocation.given.flag('only') }
  return carryOut(invocation, 'downgrade', async (context, options) => {
    const { downgrade } = await import('../../commands/downgrade.ts')
    return downgrade(context, { ...options, ...asked })
  })
}
