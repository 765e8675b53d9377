import { type Reached, reach } from '../../database/life/reach.ts'
import type { CommandContext } from '../context.ts'

export interface DbPingResult extends Reached {
  readonly command: 'db ping'
  /** How long connecting and one question took. */
  readonly ms: number
}

/** Connects and asks for the version. Throws REV_DATABASE_CONNECT_FAILED. */
export async function dbPing(context: CommandContext): Promise<DbPingResult> {
  const started = performance.now()
  const reached = await reach(context)
  return { command: 'db ping', ...reached, ms: Math.round(performance.now() - started) }
}
