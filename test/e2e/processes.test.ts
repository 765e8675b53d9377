import { beforeAll, beforeEach, expect, test } from 'vitest'
import { creates, rowsOf, tablesOf } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { type RunningProcess, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const steps = Array.from({ length: 6 }, (_, index) => `step${index}`)
const line = steps.map((step, index) => creates(step, steps[index - 1] ?? null))

// Says that it has begun, and would go on for a minute; the database does nothing meanwhile.
const endless = `
  await knex.schema.createTable('unfinished', (table) => { table.increments('id') })
  context.log('inside the endless step')
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, 60_000)
    context.signal.addEventListener('abort', () => { clearTimeout(timer); resolve(undefined) })
  })
  await knex('unfinished').insert({ id: 1 })`

// The server works for a minute on one statement.
const slowStatement = {
  postgresql: `context.log('inside the endless step')\nawait knex.raw('select pg_sleep(60)')`,
  mysql: `context.log('inside the endless step')\nawait knex.raw('select sleep(60)')`,
  sqlite: endless,
}

describeEachDialect('processes of rev', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    project.write('knexfile.json', JSON.stringify(db.knexConfig()))
    return project.remove
  })
  beforeEach(() => db.empty())

  const start = (...args: string[]): RunningProcess => startRev(args, { cwd: project.path })
  const only = (revisions: typeof line): void => {
    project.clear('versions')
    for (const revision of revisions) project.revision(revision)
  }

  test('five at once: one does the work, each succeeds, every step is done once', async () => {
    only(line)

    const runs = await Promise.all(Array.from({ length: 5 }, () => start('upgrade', 'head', '--json').done))

    expect(
      runs.map((run) => run.code),
      runs.map((run) => run.stderr).join('\n'),
    ).toEqual([0, 0, 0, 0, 0])
    const done = runs.flatMap((run) => JSON.parse(run.stdout).steps.map((step: { revision: string }) => step.revision))
    expect(done).toEqual(steps)
    expect(await tablesOf(db)).toEqual(steps)
    expect(await rowsOf(db)).toEqual(steps.slice(-1))
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`one that gets ${signal} rolls its step back, ends with ${code} and leaves no lock`, async () => {
      only([creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: endless }])
      const run = start('upgrade', 'head')
      await run.saw(/inside the endless step/)

      run.process.kill(signal)
      const { code: seen, stderr } = await run.done

      expect(seen, stderr).toBe(code)
      expect(await rowsOf(db)).toEqual(['aaa'])
      expect(await tablesOf(db)).toEqual(db.dialect === 'mysql' ? ['aaa', 'unfinished'] : ['aaa'])
      if (db.dialect === 'mysql') {
        // What is there of the second step is committed: nothing passes over it before somebody has said what it is.
        const refused = await start('downgrade', 'base', '--lock-timeout', '1').done
        expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('REV_JOURNAL_UNFINISHED') })
        await db.knex().schema.dropTable('unfinished')
        const repaired = await start('repair', 'bbb', '--reverted', '--reason', 'dropped', '--lock-timeout', '1').done
        expect(repaired, repaired.stderr).toMatchObject({ code: 0 })
      }
      expect((await start('downgrade', 'base', '--lock-timeout', '1').done).code).toBe(0)
    })
  }

  test('one that gets SIGINT while the server works cancels the statement', async () => {
    only([{ revision: 'aaa', upgrade: slowStatement[db.dialect] }])
    const run = start('upgrade', 'head')
    await run.saw(/inside the endless step/)

    run.process.kill('SIGINT')
    const { code, stderr } = await run.done

    expect(code, stderr).toBe(130)
    expect(await rowsOf(db)).toEqual([])
  })

  test('one that is killed leaves neither a lock nor half a step', async () => {
    only([creates('aaa', null), { revision: 'bbb', down: 'aaa', upgrade: endless }])
    const run = start('upgrade', 'head')
    await run.saw(/inside the endless step/)

    run.process.kill('SIGKILL')
    await run.done
    only([creates('aaa', null), creates('bbb', 'aaa')])
    const next = await start('upgrade', 'head', '--lock-timeout', '10s').done

    expect(next, next.stderr).toMatchObject({ code: 0 })
    expect(await rowsOf(db)).toEqual(['bbb'])
  })
})
