import { upgrade } from '../../commands/upgrade.ts'
import type { Action } from './action.ts'
import { carryOut } from './carry-out.ts'

export const run: Action = (invocation) => {
  const { given, words: target } = invocation
  const asked = { target, only: given.flag('only'), allowNonEmpty: given.flag('allow-non-empty') }
  const onFailure = given.flag('rollback-on-failure') ? ({ onFailure: 'downgrade' } as const) : {}
  return carryOut(invocation, 'upgrade', (context, options) => upgrade(context, { ...options, ...asked, ...onFailure }))
}
