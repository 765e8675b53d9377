import { type StatusResult, status } from '../../commands/status.ts'
import { formatStatus } from '../format/status.ts'
import type { Action } from './action.ts'
import { lookOf } from './look.ts'
import { NO_REVISIONS } from './note-if-empty.ts'
import { openProject } from './open-project.ts'

export const run: Action = async (invocation) => {
  const { given, words: target } = invocation
  const { context } = await openProject(invocation, { requireKnexfile: true })
  const result = await status(context, { target, pending: given.flag('pending') })
  const exitCode = given.flag('exit-code') && !result.ok ? { exitCode: 3 as const } : {}
  return { result, text: formatStatus(result, lookOf(invocation)), ...noteOf(result), ...exitCode }
}

function noteOf({ exists, hasLog, hasFiles, database, counts }: StatusResult): { note?: string } {
  if (hasFiles && Object.values(counts).every((count) => count === 0)) return { note: NO_REVISIONS }
  if (!exists) return { note: `${database} has no version table yet: nothing was applied by rev` }
  if (!hasLog) return { note: `${database} has no event log that could be read, so when and how is not known` }
  return {}
}
