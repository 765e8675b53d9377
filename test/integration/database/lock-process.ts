// A process of its own that upgrades a database through a to c. Its argument is JSON, see `LockProcess`. It says how many
// steps it ran, or the code of the error; and "inside" in the middle of revision b, where it stays as long as told.
import { existsSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import type { Knex } from 'knex'
import { run } from '../../../src/database/run.ts'
import { isRevError } from '../../../src/errors/index.ts'
import type { RevOptions } from '../../../src/settings.ts'
import { open } from './open.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

export interface LockProcess {
  readonly knexConfig: Knex.Config
  readonly rev?: RevOptions
  /** Revision b waits until this file is there, and then makes the table `late`, or runs the statement. */
  readonly until?: string
  /** Revision b lets the server work on this. */
  readonly statement?: string
  /** How wrong the clock of this process is. */
  readonly clockOffMs?: number
}

const task: LockProcess = JSON.parse(process.argv[2] ?? '{}')
const { knexConfig, rev = {}, until, statement, clockOffMs = 0 } = task

if (clockOffMs !== 0) {
  const RealDate = Date
  globalThis.Date = class extends RealDate {
    constructor(...given: [] | [number]) {
      super(...((given.length === 0 ? [RealDate.now() + clockOffMs] : given) as [number]))
    }
    static override now(): number {
      return RealDate.now() + clockOffMs
    }
  } as DateConstructor
}

async function slow(knex: Knex): Promise<void> {
  console.log('inside')
  while (until !== undefined && !existsSync(until)) await wait(20)
  if (statement !== undefined) await knex.raw(statement)
  else await knex.schema.createTable('late', (table) => table.integer('id'))
}

const isSlow = until !== undefined || statement !== undefined
const revisions = threeTables().map((revision) =>
  isSlow && revision.revision === 'b' ? { ...revision, upgrade: slow } : revision,
)
const keepAlive = setInterval(() => {}, 1_000)
try {
  const { steps } = await open(
    { knexConfig: () => knexConfig },
    (database) => run(database, upgradeTo(scriptsOf(revisions))),
    { rev },
  )
  console.log(`steps ${steps.length}`)
} catch (error) {
  if (!isRevError(error)) throw error
  console.log(`failed ${error.code}`)
}
clearInterval(keepAlive)
