import { beforeAll, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { type Cut, createProxy, type LineProxy } from '../proxy.ts'
import { type Random, randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { useField } from '../use-field.ts'

const FORM = either({ size: 24, cuts: 3, steps: 5 }, { size: 110, cuts: 30, steps: 4 })

describeEachDialect(
  'a connection that is cut at any moment',
  (db) => {
    const random = randomFrom(seed)
    const tally = createTally(db.title, 'cuts')
    let proxy: LineProxy
    beforeAll(async () => {
      if (db.address === undefined) throw new Error('there is no server')
      proxy = await createProxy(db.address)
      return proxy.stop
    })
    const field = useField(db, { tally, server: () => ({ host: '127.0.0.1', port: proxy.port }) })

    const attempt = async (args: readonly string[]): Promise<Attempt> => {
      const cut = randomCut(random)
      proxy.arm(cut)
      const run = await field.rev(args)
      return { ...run, disturbed: proxy.disarm() && run.code !== 0, told: describeCut(cut) }
    }
    test(`leaves nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async () => {
      const { size, cuts: limit } = FORM
      await disturbedHistory({ field, random, tally, size, ways: ['up', 'down'], limit, attempt })
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
