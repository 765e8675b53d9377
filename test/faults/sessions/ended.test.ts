import { test } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { RunningProcess } from '../../support/run-cli.ts'
import { atMoment, describeMoment, randomMoment } from '../kills/moment.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { useField } from '../use-field.ts'

const FORM = either(
  { size: 24, times: 3, steps: 6, passes: ['up'] as const },
  { size: 110, times: 20, steps: 5, passes: ['up', 'down'] as const },
)

/** What an administrator, or a limit of the server, does to a session. */
const ENDINGS = ['cancels the statement', 'ends the session', 'limits the time of statements'] as const

describeEachDialect(
  'an administrator who',
  (db) => {
    const random = randomFrom(seed)
    const tally = createTally(db.title, 'interventions')
    const field = useField(db, { tally })

    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      const ending = random.pick(ENDINGS)
      const moment = randomMoment(random, FORM.steps)
      const limitMs = ending === 'limits the time of statements' ? random.integer(3, 60) : 0
      await limitStatements(db, field.user, limitMs)
      const running = field.start(args)
      let intervening: Promise<void> | undefined
      if (limitMs === 0) {
        atMoment(running, moment, () => {
          intervening = untilHit(running, () => intervene(db, field.user, ending === 'ends the session'))
        })
      }
      const run = await running.done
      await intervening
      await limitStatements(db, field.user, 0)
      const told = limitMs === 0 ? describeMoment(moment) : `to ${limitMs} ms`
      return { ...run, disturbed: run.code !== 0, told: `an administrator ${ending} ${told}` }
    }

    test(`ends sessions and statements leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async () => {
      const { size, passes: ways, times: limit } = FORM
      await disturbedHistory({ field, random, tally, size, ways, limit, attempt })
    })
  },
  { only: ['postgresql', 'mysql'] },
)

/** Again and again, because there may be nothing to hit at one moment. */
async function untilHit(running: RunningProcess, strike: () => Promise<void>): Promise<void> {
  while (running.process.exitCode === null && running.process.signalCode === null) await strike()
}

/** 0 takes the limit away. */
async function limitStatements(db: TestDatabase, user: string, ms: number): Promise<void> {
  if (db.dialect === 'postgresql') await db.knex().raw(`alter role ${user} set statement_timeout = ${ms}`)
  else await db.knex().raw(`alter user '${user}'@'%' with max_statement_time ${ms / 1000}`)
}

async function intervene(db: TestDatabase, user: string, whole: boolean): Promise<void> {
  if (db.dialect === 'postgresql') {
    const what = whole ? 'pg_terminate_backend' : 'pg_cancel_backend'
    await db.knex().raw(`select ${what}(pid) from pg_stat_activity where usename = ?`, [user])
    return
  }
  const sessions = await db.knex()('information_schema.processlist').where({ user }).pluck('id')
  for (const id of sessions) {
    // It may have ended by itself meanwhile.
    await db
      .knex()
      .raw(`kill ${whole ? 'connection' : 'query'} ${Number(id)}`)
      .catch(() => undefined)
  }
}
