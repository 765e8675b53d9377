import { afterAll, beforeEach, expect, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { expectSound } from '../expect-sound.ts'
import type { Expectation } from '../history/expectation.ts'
import { killedAttempt } from '../kills/killed-attempt.ts'
import { randomMoment } from '../kills/moment.ts'
import { layHistory } from '../lay-history.ts'
import { LOUD } from '../log-events.ts'
import { randomFrom } from '../random.ts'
import { either, seed } from '../settings.ts'
import { useField } from '../use-field.ts'

const FORM = either({ size: 24, crowds: [], killed: [4] }, { size: 110, crowds: [2, 5, 20], killed: [2, 5, 20] })

describeEachDialect('processes that start at once', (db) => {
  const random = randomFrom(seed)
  const field = useField(db)
  let expected: Expectation
  beforeEach(() => {
    expected = layHistory(field, random, FORM.size)
  })
  const figures: string[] = []
  afterAll(() => console.log(figures.map((line) => `| ${db.title} | ${line} |`).join('\n')))

  const upgrade = ['upgrade', 'head', '--wait', '--json']
  const upgradedBy = (stdout: string): string[] =>
    JSON.parse(stdout).steps.map(({ revision }: { revision: string }) => revision)
  const all = () => expected.history.revisions.map(({ id }) => id)

  test.each(FORM.crowds)('do the work once and all succeed (%i of them)', async (count) => {
    const began = Date.now()

    const runs = await Promise.all(Array.from({ length: count }, () => field.rev(upgrade)))

    for (const { code, stderr } of runs) expect(code, stderr).toBe(0)
    const done = runs.map(({ stdout }) => upgradedBy(stdout))
    expect(done.flat().sort()).toEqual(all())
    expect(done.filter((steps) => steps.length > 0)).toHaveLength(1)
    expected.upgradeAll()
    await expectSound(field, expected)
    figures.push(`${count} at once | none killed | all succeeded | ${Math.round((Date.now() - began) / 1000)} s`)
  })

  test.each(FORM.killed)(
    `do the work once when some are killed (%i of them, REV_FAULTS_SEED=${seed})`,
    async (count) => {
      const began = Date.now()
      let killed = 0
      // Whoever is killed is started again, as an orchestrator does, and left alone then.
      const life = async (): Promise<string[]> => {
        const moment = randomMoment(random, 8)
        const run = await killedAttempt(field, [...upgrade, ...LOUD], moment)
        if (run.disturbed) killed++
        const last = run.disturbed ? await field.rev(upgrade) : run
        expect(last.code, last.stderr).toBe(0)
        return upgradedBy(last.stdout)
      }

      const done = await Promise.all(Array.from({ length: count }, life))

      expect(new Set(done.flat()).size).toBe(done.flat().length)
      expected.upgradeAll()
      await expectSound(field, expected)
      figures.push(
        `${count} at once | ${killed} killed | all others succeeded | ${Math.round((Date.now() - began) / 1000)} s`,
      )
    },
  )
})
