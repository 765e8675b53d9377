import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDatabaseOn, createSqliteAt, type TestDatabase } from '../../support/databases.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { startPostgres, type ThrowAwayServer } from '../../support/throw-away-servers.ts'
import { createField, type Field } from '../field.ts'
import { expectationOf } from '../history/expectation.ts'
import { planHistory, writeHistory } from '../history/plan-history.ts'
import { type Attempt, disturbedPass } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, isFull, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { mountSmallDisk, type SmallDisk } from './small-disk.ts'

const FORM = either({ size: 24, limit: 3 }, { size: 110, limit: 15 })
const KILOBYTE = 1024

/**
 * How large the disk has to be, and how much of it is left at most, so that most runs do not come to their end. All of
 * PostgreSQL lies on it, its log, too.
 */
const KINDS = [
  { dialect: 'sqlite', title: 'SQLite', megabytes: 16, mostLeft: 300, isOnlyInFull: false },
  { dialect: 'postgresql', title: 'PostgreSQL', megabytes: 300, mostLeft: 6000, isOnlyInFull: true },
] as const

describe.each(KINDS)('a disk that is full ($dialect)', ({ dialect, title, megabytes, mostLeft, isOnlyInFull }) => {
  const random = randomFrom(seed)
  const tally = createTally(title, 'full disks')
  let missing: string | undefined
  let disk: SmallDisk
  let server: ThrowAwayServer | undefined
  let db: TestDatabase
  let close = async (): Promise<void> => {}
  let field: Field
  beforeAll(async () => {
    if (isOnlyInFull && !isFull) {
      missing = 'a server of its own is started for this in the full form only'
      return
    }
    const mounted = mountSmallDisk(megabytes)
    if ('missing' in mounted) {
      missing = mounted.missing
      return
    }
    disk = mounted
    if (dialect === 'postgresql') {
      vi.stubEnv('TMPDIR', disk.path)
      server = await startPostgres({ options: ['max_wal_size=48MB'] }).finally(() => vi.unstubAllEnvs())
    }
    const opened =
      dialect !== 'sqlite' && server !== undefined
        ? await createDatabaseOn(dialect, server.address)
        : createSqliteAt(join(disk.path, 'test.sqlite3'))
    db = opened.database
    close = opened.close
    field = await createField(db)
  })
  afterAll(async () => {
    if (missing !== undefined) return
    console.log(tally.report())
    try {
      await field?.remove()
      await close()
    } finally {
      await server?.stop()
      disk.remove()
    }
  })

  test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async (context) => {
    if (missing !== undefined) skipAloud(context, missing)
    const history = planHistory(dialect, random, { size: FORM.size })
    writeHistory(field.project, history)
    const expected = expectationOf(history)
    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      // The first revision fits into this nowhere.
      const kilobytes = tally.hits() === 0 ? 100 : random.integer(0, mostLeft)
      await close()
      disk.leave(kilobytes * KILOBYTE)
      const run = await field.rev(args)
      disk.clear()
      return { ...run, disturbed: run.code !== 0, told: `with ${kilobytes} kB left on the disk` }
    }
    const recover = async (): Promise<void> => {
      if (server !== undefined && !(await answers(db))) {
        // What cannot write its log may give up altogether.
        await close()
        await server.crash()
        await server.restart()
      }
    }
    for (const way of ['up', 'down'] as const) {
      await disturbedPass({ field, expected, tally, way, limit: FORM.limit, attempt, recover })
    }
    expect(tally.hits()).toBeGreaterThan(0)
  })
})

const answers = (db: TestDatabase): Promise<boolean> =>
  db
    .knex()
    .raw('select 1')
    .then(
      () => true,
      () => false,
    )
