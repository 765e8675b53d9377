import { type LogOptions, type LogResult, log } from '../../commands/log.ts'
import { RevError } from '../../errors/index.ts'
import { formatLog } from '../format/log.ts'
import { textsGiven } from '../given.ts'
import { printableLine } from '../printable.ts'
import type { Action, Invocation } from './action.ts'
import { lookOf } from './look.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const options = logOptions(invocation)
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await log(context, options)
  return { result, text: formatLog(result, lookOf(invocation)), ...noteOf(result, options) }
}

function logOptions({ words: [revision], given }: Invocation): LogOptions {
  const limit = given.text('limit')
  if (limit !== undefined && !/^\d{1,15}$/.test(limit)) {
    const expected = 'a number of runs, or 0 for all'
    throw new RevError('REV_USAGE_INVALID_VALUE', { option: '--limit', value: limit, expected })
  }
  return {
    ...(revision === undefined ? {} : { revision }),
    ...textsGiven(given, 'run', 'since', 'until'),
    ...(limit === undefined ? {} : { limit: Number(limit) }),
  }
}

function noteOf(result: LogResult, { limit: _, ...filter }: LogOptions): { note?: string } {
  const { exists, runs, more, table, database } = result
  if (!exists) return { note: `nothing was recorded yet: no table ${table} can be seen in ${database}` }
  if (more) return { note: 'there are older runs: -n 0 lists all' }
  if (runs.length > 0) return {}
  if (Object.keys(filter).length === 0) return { note: `nothing was recorded yet: ${table} of ${database} is empty` }
  const words = Object.values(filter).map((value) => `"${printableLine(String(value))}"`)
  return { note: `no run in ${table} of ${database} fits ${words.join(', ')}` }
}
