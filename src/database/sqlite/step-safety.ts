import { RevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { reasonOf } from './dependents.ts'
import { mayOrphan, newViolations, readViolations, suspendForeignKeys, type Violation } from './foreign-keys.ts'
import { createTableRebuilds, forbidLegacyRename } from './table-rebuild.ts'

/** What keeps a step on SQLite from losing rows, triggers and views without a word. */
export interface StepSafety {
  surround(sql: string): ((send: () => Promise<unknown>) => Promise<unknown>) | undefined
  /** To be called before COMMIT. Throws REV_STEP_FOREIGN_KEYS and REV_STEP_SQLITE_REBUILD. */
  check(): Promise<void>
  /** To be called after the end of the transaction; `kept` when it was committed. */
  restore(kept: boolean): Promise<void>
}

/** For the other databases: nothing to do. */
const unneeded: StepSafety = { surround: () => undefined, check: async () => {}, restore: async () => {} }

const SHOWN = 10

// The check reads every table that has a foreign key: what one step left is what the next one finds.
const knownViolations = new WeakMap<PinnedConnection, readonly Violation[]>()

/**
 * Prepares the connection for one step, before its transaction begins. `foreignKeys`: `suspend` them here, know them
 * `suspended` by an outer transaction, or `leave` them alone, because they cannot be changed or it is not rev's to do.
 */
export async function prepareStep(
  connection: PinnedConnection,
  step: { readonly revision: string; readonly file: string | undefined },
  foreignKeys: 'suspend' | 'suspended' | 'leave',
): Promise<StepSafety> {
  if (connection.dialect.name !== 'sqlite') return unneeded
  const rebuilds = createTableRebuilds(connection, step)
  const allowLegacyRename = await forbidLegacyRename(connection)
  const suspended = foreignKeys === 'suspend' ? await suspendForeignKeys(connection) : undefined
  const before = foreignKeys === 'suspended' || suspended?.wereOn ? await readKnownViolations(connection) : undefined

  let found = before
  let doubtful = false

  return {
    surround(sql) {
      doubtful ||= mayOrphan(sql)
      return rebuilds.surround(sql)
    },
    async check() {
      await rebuilds.check()
      if (before === undefined || !doubtful) return
      const after = await readViolations(connection).catch((cause: unknown) => {
        const mismatch = reasonOf(cause)
        throw new RevError('REV_STEP_FOREIGN_KEYS', { ...step, violations: [], total: 0, mismatch }, { cause })
      })
      found = after
      const added = newViolations(before, after)
      if (added.length === 0) return
      throw new RevError('REV_STEP_FOREIGN_KEYS', { ...step, violations: added.slice(0, SHOWN), total: added.length })
    },
    async restore(kept) {
      if (kept && found !== undefined) knownViolations.set(connection, found)
      await suspended?.restore()
      await allowLegacyRename()
    },
  }
}

// A schema whose foreign keys do not fit their parents cannot be checked, before the step as little as after it.
async function readKnownViolations(connection: PinnedConnection): Promise<readonly Violation[] | undefined> {
  try {
    return knownViolations.get(connection) ?? (await readViolations(connection))
  } catch {
    return undefined
  }
}
