import { type SetupParts, setup } from '../../commands/setup.ts'
import { formatSetup } from '../format/life.ts'
import type { Action, Invocation } from './action.ts'
import { openProject } from './open-project.ts'
import { seedWriteOptions } from './seed-options.ts'

export const run: Action = async (invocation) => {
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = withoutValues(await setup(context, setupOptions(invocation)))
  return { result, text: formatSetup(result, invocation.terminal.outStyle), quietText: '' }
}

export function setupOptions({ given, words }: Invocation) {
  const target = words.length === 0 ? {} : { target: words }
  return { ...seedWriteOptions(given), ...target, seed: !given.flag('no-seed') }
}

/** What a seed gives back may be anything, a secret too, and is for programs. */
export function withoutValues<R extends SetupParts>({ seed, ...result }: R) {
  if (seed === undefined) return { ...result, seed }
  return { ...result, seed: { ...seed, seeds: seed.seeds.map(({ value: _, ...each }) => each) } }
}
