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

/** Throws REV_REQUIREMENT_HELD, and what reading the files of the other databases throws. */
export async function assertDowngradeMayRun(
  context: CommandContext,
  own: string,
  revisions: readonly string[],
): Promise<void> {
  const { read, look } = openOthers(context)
  const others = new Map<string, RevisionScripts>()
  for (const name of context.databaseNames) if (name !== own) others.set(name, await read(name))
  await assertNotHeld(own, new Set(revisions), others, look)
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
