import { createRequire } from 'node:module'
import { onTestFinished } from 'vitest'
import type { Reporter } from '../../../src/index.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { gate } from './slow-run.ts'

// It comes without types.
const Sqlite = createRequire(import.meta.url)('better-sqlite3') as new (
  file: string,
) => { exec(sql: string): void; close(): void }

/** What the second session has done. */
export type Holding = 'reading' | 'rows' | 'writing'

/** A second session that is in the way, until it is let go; with the test at the latest. */
export interface HeldTable {
  /** Hands on what it hears. On SQLite, whose lock would also stop rev's own statements, it holds from the step, or the seed, on. */
  readonly reporter: Reporter
  release(): Promise<void>
}

/**
 * Lets a second session hold locks on a table, in a transaction that stays open: it has read the table, locked its rows,
 * or written; on SQLite, which has one lock for everything, it is about to write.
 */
export async function holdTable(
  db: TestDatabase,
  table: string,
  { holding = 'reading', reporter = () => {} }: { holding?: Holding; reporter?: Reporter } = {},
): Promise<HeldTable> {
  const held = db.dialect === 'sqlite' ? holdFile(db.name, reporter) : await holdOnServer(db, table, holding, reporter)
  onTestFinished(() => held.release())
  return held
}

async function holdOnServer(db: TestDatabase, table: string, holding: Holding, reporter: Reporter): Promise<HeldTable> {
  const holds = gate()
  const letGo = gate()
  const done = db.knex().transaction(async (trx) => {
    if (holding === 'writing') await trx(table).insert({ id: 4711 })
    else await (holding === 'rows' ? trx(table).select().forUpdate() : trx(table).select())
    holds.open()
    await letGo.opened
  })
  await Promise.race([holds.opened, done])
  return {
    reporter,
    async release() {
      letGo.open()
      await done
    },
  }
}

// Drivers of SQLite answer at once, so that it is held before the step begins.
function holdFile(file: string, reporter: Reporter): HeldTable {
  const session = new Sqlite(file)
  let wasHeld = false
  return {
    reporter(event) {
      const begins = event.type === 'step:start' || event.type === 'seed:start'
      if (begins && !wasHeld) session.exec('begin immediate')
      if (begins) wasHeld = true
      reporter(event)
    },
    async release() {
      session.close()
    },
  }
}

/** The body of an upgrade that changes the schema of a table. */
export const alters = (table: string, column = 'more'): string =>
  `await knex.raw('alter table ${table} add column ${column} integer')`
