import { expect, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { useField } from '../use-field.ts'
import { atMoment, describeMoment, randomMoment } from './moment.ts'

const FORM = either(
  { size: 24, signals: 2, steps: 6, passes: ['up'] as const },
  { size: 110, signals: 15, steps: 6, passes: ['up', 'down'] as const },
)
const CODES = { SIGINT: 130, SIGTERM: 143 } as const

describeEachDialect('a signal at any moment', (db) => {
  const random = randomFrom(seed)
  const tally = createTally(db.title, 'signals')
  const field = useField(db, { tally })

  const attempt = async (args: readonly string[]): Promise<Attempt> => {
    const moment = randomMoment(random, FORM.steps)
    const signal = random.pick(['SIGINT', 'SIGTERM'] as const)
    const running = field.start(args)
    let sent = false
    atMoment(running, moment, () => {
      sent = running.process.kill(signal)
    })
    const run = await running.done
    // One that was done by then, or had not yet begun to listen, ends as it would have.
    if (sent && run.code !== 0) expect(run.code, run.stderr).toBe(CODES[signal])
    return { ...run, disturbed: run.code !== 0, told: `${signal} ${describeMoment(moment)}` }
  }

  test(`ends rev in order and leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async () => {
    const { size, passes: ways, signals: limit } = FORM
    await disturbedHistory({ field, random, tally, size, ways, limit, attempt })
  })
})
