import { resolve } from 'node:path'
import { init } from '../../commands/init.ts'
import { formatInit } from '../format/results.ts'
import { textsGiven } from '../given.ts'
import type { Action } from './action.ts'

export const run: Action = async ({ words: [directory], given, terminal }) => {
  const result = await init({
    ...textsGiven(given, 'template'),
    ...(directory === undefined ? {} : { directory }),
    cwd: resolve(terminal.cwd, given.text('cwd') ?? ''),
    scripts: given.flag('scripts'),
  })
  return { result, text: formatInit(result, terminal.outStyle) }
}
