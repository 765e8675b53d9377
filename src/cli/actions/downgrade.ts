import { downgrade } from '../../commands/downgrade.ts'
import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const [target = ''] = invocation.words
  const asked = { target, only: invocation.given.flag('only') }
  return carryOut(invocation, 'downgrade', (context, options) => downgrade(context, { ...options, ...asked }))
}
