import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { createDatabaseOn, createSqliteAt, type TestDatabase } from '../../support/databases.ts'
import { startPostgres } from '../../support/throw-away-servers.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, isFull, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { ONLY_IN_FULL, useOwnField } from '../use-field.ts'
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
  let disk: SmallDisk
  const own = useOwnField(tally, async () => {
    if (isOnlyInFull && !isFull) return ONLY_IN_FULL
    const mounted = mountSmallDisk(megabytes)
    if ('missing' in mounted) return mounted
    disk = mounted
    const { remove } = disk
    if (dialect === 'sqlite') {
      const { database: db, close } = createSqliteAt(join(disk.path, 'test.sqlite3'))
      return { db, close, remove, server: undefined }
    }
    vi.stubEnv('TMPDIR', disk.path)
    const server = await startPostgres({ options: ['max_wal_size=48MB'] }).finally(() => vi.unstubAllEnvs())
    const { database: db, close } = await createDatabaseOn(dialect, server.address)
    return { db, close, remove, server }
  })

  test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async (context) => {
    const { field, db, close, server } = own(context)
    const { size, limit } = FORM
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
    await disturbedHistory({ field, random, tally, size, ways: ['up', 'down'], limit, attempt, recover })
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
