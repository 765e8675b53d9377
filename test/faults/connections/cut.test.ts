import { afterAll, beforeAll, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { createField, type Field } from '../field.ts'
import { expectationOf } from '../history/expectation.ts'
import { planHistory, writeHistory } from '../history/plan-history.ts'
import { type Attempt, disturbedPass } from '../pass.ts'
import { type Cut, createProxy, type LineProxy } from '../proxy.ts'
import { type Random, randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'

const FORM = either({ size: 24, cuts: 3, steps: 5 }, { size: 110, cuts: 30, steps: 4 })

describeEachDialect(
  'a connection that is cut at any moment',
  (db) => {
    const random = randomFrom(seed)
    const tally = createTally(db.title, 'cuts')
    let proxy: LineProxy
    let field: Field
    beforeAll(async () => {
      if (db.address === undefined) throw new Error('there is no server')
      proxy = await createProxy(db.address)
      field = await createField(db, { host: '127.0.0.1', port: proxy.port })
    })
    afterAll(async () => {
      console.log(tally.report())
      await field.remove()
      await proxy.stop()
    })

    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      const cut = randomCut(random)
      proxy.arm(cut)
      const run = await field.rev(args)
      return { ...run, disturbed: proxy.disarm() && run.code !== 0, told: describeCut(cut) }
    }
    test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async () => {
      await db.empty()
      const history = planHistory(db.dialect, random, { size: FORM.size })
      writeHistory(field.project, history)
      const expected = expectationOf(history)
      for (const way of ['up', 'down'] as const) {
        await disturbedPass({ field, expected, tally, way, limit: FORM.cuts, attempt })
      }
    })
  },
  { only: ['postgresql', 'mysql'] },
)

/** Every second one at a commit: there nobody can know how it ended. */
function randomCut(random: Random): Cut {
  const side = random.pick(['before', 'after'] as const)
  if (random.chance(50)) return { word: /COMMIT/, nth: random.integer(1, FORM.steps), side }
  return { nth: random.integer(1, FORM.steps * 25), side }
}

const describeCut = ({ word, nth, side }: Cut): string =>
  `cut ${side} ${word === undefined ? 'what was sent' : 'COMMIT'} no. ${nth}`
