import { describe, test } from 'vitest'
import { createDatabaseOn } from '../../support/databases.ts'
import { startMysql, startPostgres, type ThrowAwayServer } from '../../support/throw-away-servers.ts'
import type { Field } from '../field.ts'
import { atMoment, describeMoment, type Moment, randomMoment } from '../kills/moment.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { unlessMissing, useOwnField } from '../use-field.ts'

const FORM = either({ size: 24, crashes: 1, steps: 6 }, { size: 110, crashes: 10, steps: 9 })

const KINDS = [
  { dialect: 'postgresql', title: 'PostgreSQL', start: startPostgres },
  { dialect: 'mysql', title: 'MariaDB/MySQL', start: startMysql },
] as const

describe.each(KINDS)('a $title server that is killed and started again', ({ dialect, title, start }) => {
  const random = randomFrom(seed)
  const tally = createTally(title, 'crashes')
  const own = useOwnField(tally, async () => {
    const server = await unlessMissing(start({ durable: true }))
    if ('missing' in server) return server
    const { database: db, close } = await createDatabaseOn(dialect, server.address)
    return { db, close, server }
  })

  test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async (context) => {
    const { field, close, server } = own(context)
    const { size, crashes: limit, steps } = FORM
    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      // The way in of the test itself is not to be hit.
      await close()
      return crashDuring(field, server, args, randomMoment(random, steps))
    }
    await disturbedHistory({ field, random, tally, size, ways: ['up', 'down'], limit, attempt })
  })
})

/** Starts rev, kills the server at this moment, and starts that again once rev has ended. */
async function crashDuring(
  field: Field,
  server: ThrowAwayServer,
  args: readonly string[],
  moment: Moment,
): Promise<Attempt> {
  const running = field.start(args)
  let crashed: Promise<void> | undefined
  atMoment(running, moment, () => {
    crashed ??= server.crash()
  })
  const run = await running.done
  const hasCrashed = crashed !== undefined
  // Whatever comes now comes too late.
  crashed ??= Promise.resolve()
  await crashed
  if (hasCrashed) await server.restart()
  return { ...run, disturbed: hasCrashed && run.code !== 0, told: `server killed ${describeMoment(moment)}` }
}
