import { expect, test } from 'vitest'
import { type DialectName, describeEachDialect } from '../../support/databases.ts'
import { disturbedHistory } from '../lay-history.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { useField } from '../use-field.ts'
import { randomlyKilledAttempt } from './killed-attempt.ts'

const FORM = either(
  { histories: 1, passes: ['up', 'down'] as const, kills: 4, steps: 25, atLeast: 1 },
  { histories: 3, passes: ['up', 'down', 'up', 'down'] as const, kills: 18, steps: 4, atLeast: 200 },
)

/** The kills of one dialect, in a file of its own, so that those of the others run beside it. */
export function killSuite(dialect: DialectName): void {
  describeEachDialect(
    'a process that is killed at any moment',
    (db) => {
      const random = randomFrom(seed)
      const tally = createTally(db.title, 'kills')
      const field = useField(db, { tally })

      const numbers = Array.from({ length: FORM.histories }, (_, at) => at + 1)
      test.each(numbers)(`leaves nothing undone, twice or stuck (history %i, REV_FAULTS_SEED=${seed})`, async () => {
        const { passes: ways, kills: limit, steps } = FORM
        const attempt = (args: readonly string[]) => randomlyKilledAttempt(field, args, random, steps)
        await disturbedHistory({ field, random, tally, size: 110, ways, limit, attempt })
      })

      test('was hit as often as it has to be', () => {
        expect(tally.hits()).toBeGreaterThanOrEqual(FORM.atLeast)
      })
    },
    { only: [dialect] },
  )
}
