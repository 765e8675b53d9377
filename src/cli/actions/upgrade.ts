import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const { given, words: target } = invocation
  const asked = { target, only: given.flag('only'), allowNonEmpty: given.flag('allow-non-empty') }
  const onFailure = given.flag('rollback-on-failure') ? ({ onFailure: 'downgrade' } as const) : {}
  return carryOut(invocation, 'upgrade', async (context, options) => {
    const { upgrade } = await import('../../commands/upgrade.ts')
    return upgrade(context, { ...options, ...asked, ...onFailure })
  })
}
