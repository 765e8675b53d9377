import { resolve } from 'node:path'
import { type InitOptions, init } from '../../commands/init.ts'
import { formatInit } from '../format/results.ts'
import { textsGiven } from '../given.ts'
import type { Action, Invocation } from './action.ts'

export const run: Action = async (invocation) => {
  const { words, given, terminal } = invocation
  const [directory] = words
  const result = await init({
    ...textsGiven(given, 'template'),
    ...(directory === undefined ? {} : { directory }),
    cwd: resolve(terminal.cwd, given.text('cwd') ?? ''),
    scripts: wantedScripts(invocation),
  })
  return { result, text: formatInit(result, terminal.outStyle) }
}

/** Asks whoever can answer; anybody else reads in the result which scripts there could be. */
function wantedScripts({ given, terminal: { ask }, signal }: Invocation): NonNullable<InitOptions['scripts']> {
  if (given.flag('scripts')) return true
  if (!ask || given.flag('json') || given.flag('quiet')) return false
  return (missing) => ask(`Add the scripts ${missing.join(', ')} to package.json?`, signal)
}
