import { afterAll, beforeAll, beforeEach, type TestContext } from 'vitest'
import type { TestDatabase } from '../support/databases.ts'
import { skipAloud } from '../support/skip-aloud.ts'
import type { ThrowAwayServer } from '../support/throw-away-servers.ts'
import { createField, type Field } from './field.ts'
import type { Tally } from './tally.ts'

export interface UseFieldOptions {
  /** Another way to the same database, once the hooks before have made it. */
  readonly server?: () => { readonly host: string; readonly port: number }
  /** Shown when the suite has ended. */
  readonly tally?: Tally
}

/**
 * The field of a suite: made before its tests, without revisions and on an empty database before each, removed behind the
 * last. To be used within tests only.
 */
export function useField(db: TestDatabase, { server, tally }: UseFieldOptions = {}): Field {
  let made: Field | undefined
  const field = (): Field => {
    if (made === undefined) throw new Error('the field is there within tests only')
    return made
  }
  beforeAll(async () => {
    made = await createField(db, server?.())
  })
  beforeEach(async () => {
    await db.empty()
    field().project.clear('versions')
  })
  afterAll(async () => {
    if (tally !== undefined) console.log(tally.report())
    await made?.remove()
  })
  return {
    db,
    get project() {
      return field().project
    },
    get user() {
      return field().user
    },
    get config() {
      return field().config
    },
    start: (args, env) => field().start(args, env),
    rev: (args, env) => field().rev(args, env),
    settle: () => field().settle(),
    rows: () => field().rows(),
    leftovers: () => field().leftovers(),
    remove: () => field().remove(),
  }
}

/** Why something that a suite needs for itself is not to be had here. */
export interface Missing {
  readonly missing: string
}

export const ONLY_IN_FULL: Missing = { missing: 'a server of its own is started for this in the full form only' }

/** What a suite has for itself, because it damages it. */
export interface OwnPlace<S extends ThrowAwayServer | undefined = ThrowAwayServer | undefined> {
  readonly db: TestDatabase
  /** Closes the test's own way in; it is opened again when it is used. */
  close(): Promise<void>
  readonly server: S
  /** What is to be taken away at the end beside the server. */
  remove?(): void
}

/** A field on a database of the suite's own; a test that asks for it is left out where that cannot be had. */
export function useOwnField<S extends ThrowAwayServer | undefined>(
  tally: Tally,
  open: () => Promise<OwnPlace<S> | Missing>,
): (context: TestContext) => OwnPlace<S> & { readonly field: Field } {
  let opened: OwnPlace<S> | Missing = { missing: 'it was not opened' }
  let field: Field | undefined
  beforeAll(async () => {
    opened = await open()
    if (!('missing' in opened)) field = await createField(opened.db)
  })
  afterAll(async () => {
    if ('missing' in opened) return
    console.log(tally.report())
    try {
      await field?.remove()
      await opened.close()
    } finally {
      await opened.server?.stop()
      opened.remove?.()
    }
  })
  return (context) => {
    if ('missing' in opened) return skipAloud(context, opened.missing)
    if (field === undefined) throw new Error('there is no field')
    return { ...opened, field }
  }
}

/** A server that is being started; only that its programs are not installed makes it missing. */
export function unlessMissing(starting: Promise<ThrowAwayServer>): Promise<ThrowAwayServer | Missing> {
  return starting.catch((error: Error) => {
    if (/is not installed/.test(error.message)) return { missing: error.message }
    throw error
  })
}
