import { isRevError, RevError } from '../../errors/index.ts'
import type { RevisionScripts } from '../../script/revision-script.ts'
import type { CommandContext } from '../context.ts'
import { assertKnown, assertMet, assertNotHeld, demandsOf, type Look, type ReadScripts } from './requirements.ts'
import { lookAt } from './sight.ts'

/** Throws REV_REQUIREMENT_UNKNOWN and REV_REQUIREMENT_UNMET, and what reading the other databases throws. */
export async function assertUpgradeMayRun(
  context: CommandContext,
  scripts: RevisionScripts,
  revisions: readonly string[],
): Promise<void> {
  const demands = demandsOf(scripts, revisions)
  const others = openOthers(context)
  await assertKnown(context, demands, others.read)
  await assertMet(demands, others.look)
}

/** Throws REV_REQUIREMENT_HELD and REV_REQUIREMENT_UNREADABLE, and what looking at the other databases throws. */
export async function assertDowngradeMayRun(
  context: CommandContext,
  own: string,
  revisions: readonly string[],
): Promise<void> {
  const { read, look } = openOthers(context)
  const others = new Map<string, RevisionScripts>()
  for (const name of context.databaseNames) if (name !== own) others.set(name, await readHolder(name, read))
  await assertNotHeld(own, new Set(revisions), others, look)
}

/**
 * The files of a database that may require what a downgrade takes away. What cannot be read cannot be asked, and who goes
 * down in one database has to be told why another matters: REV_REQUIREMENT_UNREADABLE.
 */
export async function readHolder(database: string, read: ReadScripts): Promise<RevisionScripts> {
  try {
    return await read(database)
  } catch (cause) {
    if (!isRevError(cause)) throw cause
    throw new RevError('REV_REQUIREMENT_UNREADABLE', { database, reason: cause.message }, { cause })
  }
}

/** The other databases of a project; each is opened, read and looked at once, when it is asked for. */
export function openOthers(context: CommandContext): { readonly read: ReadScripts; readonly look: Look } {
  const open = once((name) => context.openDatabase(name))
  return {
    read: async (name) => (await open(name)).scripts(),
    look: once(async (name) => lookAt(await open(name))),
  }
}

function once<T>(make: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const made = new Map<string, Promise<T>>()
  return (name) => {
    const known = made.get(name) ?? make(name)
    made.set(name, known)
    return known
  }
}
