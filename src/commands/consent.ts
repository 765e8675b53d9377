import type { DatabaseDescription } from '../database/describe-connection.ts'
import type { RevSettings } from '../settings.ts'

/** How somebody agrees that something is removed from a database. */
export interface ConsentOptions<Q> {
  /** In a protected environment: the name of the database (on SQLite its file), as a word that this is meant. */
  readonly yesIMean?: string
  /** Asked before anything is done, except in a protected environment; false stops it. Default: yes. */
  agree?(question: Q): boolean | Promise<boolean>
}

/** The name of a database, as it has to be typed. */
export function nameOf({ filename, database, text }: DatabaseDescription): string {
  return filename ?? database ?? text
}

/** Whether somebody agreed; in a protected environment only the name of the database counts. */
export async function isAgreed<Q>(
  settings: Pick<RevSettings, 'protected'>,
  description: DatabaseDescription,
  { yesIMean, agree }: ConsentOptions<Q>,
  question: Q,
): Promise<boolean> {
  const isMeant = yesIMean !== undefined && (yesIMean === nameOf(description) || yesIMean === description.text)
  if (settings.protected || isMeant || agree === undefined) return isMeant || !settings.protected
  return agree(question)
}
