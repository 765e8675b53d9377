import { afterAll, beforeAll, describe, test } from 'vitest'
import { createDatabaseOn, type TestDatabase } from '../../support/databases.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { startMysql, startPostgres, type ThrowAwayServer } from '../../support/throw-away-servers.ts'
import { createField, type Field } from '../field.ts'
import { expectationOf } from '../history/expectation.ts'
import { planHistory, writeHistory } from '../history/plan-history.ts'
import { atMoment, describeMoment, type Moment, randomMoment } from '../kills/moment.ts'
import { type Attempt, disturbedPass } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'

const FORM = either({ size: 24, crashes: 1, steps: 6 }, { size: 110, crashes: 10, steps: 9 })

const KINDS = [
  { dialect: 'postgresql', title: 'PostgreSQL', start: startPostgres },
  { dialect: 'mysql', title: 'MariaDB/MySQL', start: startMysql },
] as const

describe.each(KINDS)('a $title server that is killed and started again', ({ dialect, title, start }) => {
  const random = randomFrom(seed)
  const tally = createTally(title, 'crashes')
  let server: ThrowAwayServer | undefined
  let missing = ''
  let db: TestDatabase
  let close = async (): Promise<void> => {}
  let field: Field
  beforeAll(async () => {
    server = await start({ durable: true }).catch((error: Error) => {
      if (!/is not installed/.test(error.message)) throw error
      missing = error.message
      return undefined
    })
    if (server === undefined) return
    const opened = await createDatabaseOn(dialect, server.address)
    db = opened.database
    close = opened.close
    field = await createField(db)
  })
  afterAll(async () => {
    if (server === undefined) return
    console.log(tally.report())
    await field.remove()
    await close()
    await server.stop()
  })

  test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async (context) => {
    const crashing = server ?? skipAloud(context, missing)
    const history = planHistory(dialect, random, { size: FORM.size })
    writeHistory(field.project, history)
    const expected = expectationOf(history)
    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      // The way in of the test itself is not to be hit.
      await close()
      return crashDuring(field, crashing, args, randomMoment(random, FORM.steps))
    }
    for (const way of ['up', 'down'] as const) {
      await disturbedPass({ field, expected, tally, way, limit: FORM.crashes, attempt })
    }
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
