import { setTimeout as pause } from 'node:timers/promises'
import type { RunningProcess } from '../../support/run-cli.ts'
import type { Field } from '../field.ts'
import type { Attempt } from '../pass.ts'
import type { Random } from '../random.ts'
import { atMoment, describeMoment, type Moment, randomMoment } from './moment.ts'

const KILLED = 137
const LOOK_EVERY_MS = 3

/** Starts rev and kills it at this moment, if it still runs then. */
export async function killedAttempt(field: Field, args: readonly string[], moment: Moment): Promise<Attempt> {
  const running = field.start(args)
  atMoment(running, moment, () => running.process.kill('SIGKILL'))
  return outcomeOf(running, describeMoment(moment))
}

/** Starts rev and kills it anywhere in its next steps; every third time while the server is at a statement that commits by itself. */
export function randomlyKilledAttempt(
  field: Field,
  args: readonly string[],
  random: Random,
  steps: number,
): Promise<Attempt> {
  const moment = randomMoment(random, steps)
  const nth = random.integer(1, 3)
  const isUnderWay = field.db.dialect !== 'sqlite' && random.chance(33)
  if (!isUnderWay) return killedAttempt(field, args, moment)
  // Where no such statement comes in the next steps, the kill comes behind them.
  return killedUnderWay(field, args, nth, { ...moment, event: 'step:done', nth: steps * 2 })
}

async function killedUnderWay(field: Field, args: readonly string[], nth: number, latest: Moment): Promise<Attempt> {
  const { delayMs } = latest
  const running = field.start(args)
  atMoment(running, latest, () => running.process.kill('SIGKILL'))
  const watching = (async () => {
    const seen = new Set<string>()
    while (running.process.exitCode === null && running.process.signalCode === null) {
      for (const statement of await statementsUnderWay(field)) seen.add(statement)
      if (seen.size >= nth) {
        await pause(delayMs)
        running.process.kill('SIGKILL')
        return
      }
      await pause(LOOK_EVERY_MS)
    }
  })()
  const attempt = await outcomeOf(
    running,
    `${delayMs} ms after statement no. ${nth} that commits by itself was under way`,
  )
  await watching
  return attempt
}

/** Those that the journal has as sent; none while there is no journal. */
const statementsUnderWay = ({ db }: Field): Promise<string[]> =>
  db
    .knex()('rev_step')
    .where({ state: 'running' })
    .select('revision', 'number')
    .then(
      (rows) => rows.map(({ revision, number }) => `${revision} ${number}`),
      () => [],
    )

async function outcomeOf(running: RunningProcess, told: string): Promise<Attempt> {
  const { code, stdout, stderr } = await running.done
  const disturbed = code === KILLED
  // What it printed before it was killed may be half of something.
  return { disturbed, code, stdout: disturbed ? '' : stdout, stderr, told: `killed ${told}` }
}
