import { beforeEach, expect, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { expectSound } from '../expect-sound.ts'
import { layHistory } from '../lay-history.ts'
import { randomFrom } from '../random.ts'
import { either, onlyShort, seed } from '../settings.ts'
import { useField } from '../use-field.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000
// Read before anything of rev: every clock that its code can read goes wrong by so much.
const SKEW = `
const skew = Number(process.env.SKEW_MS)
const RealDate = Date
globalThis.Date = class extends RealDate {
  constructor(...args) { super(...(args.length === 0 ? [RealDate.now() + skew] : args)) }
  static now() { return RealDate.now() + skew }
}
`

describeEachDialect(
  'machines whose clocks differ',
  (db) => {
    const field = useField(db)
    beforeEach(() => field.project.write('skew.mjs', SKEW))

    const locks =
      db.dialect === 'sqlite' ? (['session'] as const) : either(['lease'] as const, ['session', 'lease'] as const)
    test.each(locks)(
      `do the work once, and log it by the clock of the database (lock: %s, REV_FAULTS_SEED=${seed})`,
      async (lock) => {
        field.project.write('knexfile.json', JSON.stringify({ ...field.config, rev: { lock, leaseTime: '5s' } }))
        const expected = layHistory(field, randomFrom(seed), 24)
        const began = Date.now()
        const machines = [
          { SKEW_MS: String(-DAY_MS), TZ: 'Pacific/Kiritimati' },
          { SKEW_MS: String(DAY_MS), TZ: 'America/St_Johns' },
          { SKEW_MS: String(400 * DAY_MS), TZ: 'Asia/Kathmandu' },
        ]
        const skewed = { NODE_OPTIONS: `--import=${field.project.path}/skew.mjs` }

        const runs = await Promise.all(
          machines.map((machine) => field.rev(['upgrade', 'head', '--wait', '--json'], { ...machine, ...skewed })),
        )

        for (const { code, stderr } of runs) expect(code, stderr).toBe(0)
        const done = runs.map(({ stdout }) => JSON.parse(stdout).steps.length)
        expect(done.sort((one, other) => one - other)).toEqual([0, 0, expected.history.revisions.length])
        expected.upgradeAll()
        await expectSound(field, expected)
        const log = JSON.parse((await field.rev(['log', '--json'])).stdout)
        for (const { startedAt, finishedAt } of log.runs) {
          for (const moment of [startedAt, finishedAt]) {
            expect(Date.parse(moment)).toBeGreaterThan(began - MINUTE_MS)
            expect(Date.parse(moment)).toBeLessThan(Date.now() + MINUTE_MS)
          }
        }
      },
    )
  },
  onlyShort('postgresql'),
)
