import type { EventEntry } from '../../database/event-log.ts'
import type { Database } from '../../database/open-database.ts'
import { hasKeptKeys, removeKeptRows } from './kept-keys.ts'
import { runSeed, type SeedOfRun, type SeedWork } from './run-seed.ts'
import type { LoadedSeed } from './seed-run.ts'
import { forgetSeed, writeSeedRecord } from './seed-table.ts'

/** Runs a seed and records it. */
export function doSeed(place: SeedOfRun, ending: EventEntry | undefined): Promise<SeedWork> {
  const { run, loaded } = place
  const { database, runId } = run
  const { record, checksum, module } = loaded
  const { seed } = loaded.seed
  // What was written without its key before is still there.
  const unkeptBefore = record?.rowsUnkept ?? 0
  const goesOn = record?.state === 'unfinished' && record.checksum === checksum
  const rowsBefore = goesOn ? (record.rowsWritten ?? 0) : 0
  const unkept = (rows: number, helperRows: number): number => unkeptBefore + Math.max(0, rows - helperRows)
  return runSeed(place, {
    work: (knex, context) => module.run(knex, context),
    positions: goesOn ? record.positions : [],
    savePositions: module.transaction
      ? undefined
      : async (positions, rows, helperRows) => {
          await run.lock.proveOwned()
          const rowsWritten = rowsBefore + rows
          const rowsUnkept = unkept(rows, helperRows)
          await writeSeedRecord(database, {
            seed,
            state: 'unfinished',
            checksum,
            runId,
            positions,
            rowsWritten,
            rowsUnkept,
          })
        },
    record: async ({ statements, rows, ms, helperRows }) => {
      await writeSeedRecord(database, {
        seed,
        state: 'done',
        checksum,
        runId,
        milliseconds: ms,
        statements,
        rowsWritten: rowsBefore + rows,
        rowsUnkept: unkept(rows, helperRows),
      })
      await writeEvents(place, { statements, ms }, ending)
    },
  })
}

/** Takes a seed back, by its own function or by the keys of its rows, and forgets it. */
export function undoSeed(place: SeedOfRun, ending: EventEntry | undefined): Promise<SeedWork> {
  const { run, loaded } = place
  const { database } = run
  const { undo } = loaded.module
  const { seed } = loaded.seed
  return runSeed(place, {
    work: (knex, context) => (undo === undefined ? removeKeptRows(database, seed, knex) : undo(knex, context)),
    positions: [],
    savePositions: undefined,
    record: async ({ statements, ms }) => {
      await forgetSeed(database, seed)
      await writeEvents(place, { statements, ms }, ending)
    },
  })
}

/** Why a seed cannot be taken back; undefined when it can. */
export async function noUndoReason(database: Database, loaded: LoadedSeed): Promise<string | undefined> {
  const { record, module } = loaded
  if (module.undo !== undefined) return undefined
  if (record?.state === 'stamped')
    return 'it was stamped, so that nothing is known of its rows, and it has no undo function'
  if (record?.state === 'scripted')
    return 'a script ran it, so that nothing is known of its rows, and it has no undo function'
  const unkept = record?.rowsUnkept ?? 0
  if (unkept > 0) {
    return `it wrote ${unkept} ${unkept === 1 ? 'row' : 'rows'} by statements of its own, and it has no undo function`
  }
  if (await hasKeptKeys(database, loaded.seed.seed)) return undefined
  return (record?.rowsWritten ?? 0) === 0
    ? undefined
    : 'it changed rows that were there before, and it has no undo function'
}

async function writeEvents(
  { run, loaded }: SeedOfRun,
  done: { readonly statements: number; readonly ms: number },
  ending: EventEntry | undefined,
): Promise<void> {
  await run.log.write({
    what: run.what === 'run' ? 'seed' : 'seed undo',
    revision: loaded.seed.seed,
    outcome: 'done',
    rowsBefore: run.rows,
    rowsAfter: run.rows,
    checksum: loaded.checksum,
    statements: done.statements,
    milliseconds: done.ms,
  })
  if (ending) await run.log.write(ending)
}
