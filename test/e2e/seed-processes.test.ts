import { beforeAll, beforeEach, expect, test } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { type RunningProcess, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

describeEachDialect('processes that seed', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    project.write('knexfile.json', JSON.stringify(db.knexConfig()))
    project.revision(creates('things', null))
    return project.remove
  })
  beforeEach(async () => {
    await db.empty()
    project.clear('seeds')
    expect(await startRev(['upgrade', 'head'], { cwd: project.path }).done).toMatchObject({ code: 0 })
  })

  const start = (...args: string[]): RunningProcess => startRev(args, { cwd: project.path })
  const seed = (name: string, body: string, more = ''): void => {
    const run = `export async function run(knex, context) {\n${body}\n}\n`
    project.write(
      `seeds/${name}.mjs`,
      `export const seed = '${name}'\nexport const depends_on = 'things'\n${more}${run}`,
    )
  }
  const ids = async (): Promise<number[]> => (await db.knex()('things').orderBy('id').pluck('id')).map(Number)
  const untilTold = `context.log('inside the endless seed')
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, 60_000)
      context.signal.addEventListener('abort', () => { clearTimeout(timer); resolve() })
    })`

  test('four at once: one does the work, each succeeds, every seed runs once', async () => {
    for (const id of [1, 2, 3]) seed(`s${id}`, `await knex('things').insert({ id: ${id} })`)

    const runs = await Promise.all(Array.from({ length: 4 }, () => start('seed', 'run', '--json').done))

    expect(
      runs.map((run) => run.code),
      runs.map((run) => run.stderr).join('\n'),
    ).toEqual([0, 0, 0, 0])
    expect(runs.map(({ stdout }) => JSON.parse(stdout).seeds.length).sort()).toEqual([0, 0, 0, 3])
    expect(await ids()).toEqual([1, 2, 3])
  })

  test('a signal undoes the seed that is under way, keeps those before, and says what was done', async () => {
    seed('a', `await knex('things').insert({ id: 1 })`)
    seed('b', `await knex('things').insert({ id: 2 })\n${untilTold}\nawait knex('things').insert({ id: 3 })`)
    seed('c', `await knex('things').insert({ id: 4 })`)
    const running = start('seed', 'run', '--json')
    await running.saw(/inside the endless seed/)

    running.process.kill('SIGINT')
    const { code, stdout } = await running.done

    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({
      command: 'seed run',
      error: {
        code: 'REV_INTERRUPTED',
        details: { outcome: { done: ['a'], failed: 'b', notRun: ['c'], rolledBack: true } },
      },
    })
    expect(await ids()).toEqual([1])
    expect(await db.knex()('rev_seed').pluck('seed')).toEqual(['a'])
  })

  test('one that is killed leaves nothing of its seed, and the next run goes on', async () => {
    seed('a', `await knex('things').insert({ id: 1 })`)
    seed('b', `await knex('things').insert({ id: 2 })\n${untilTold}`)
    const running = start('seed', 'run')
    await running.saw(/inside the endless seed/)

    running.process.kill('SIGKILL')
    await running.done
    seed('b', `await knex('things').insert({ id: 2 })`)
    const next = await start('seed', 'run', '--json').done

    expect(next.code, next.stderr).toBe(0)
    expect(JSON.parse(next.stdout).seeds).toMatchObject([{ seed: 'b', why: 'new' }])
    expect(await ids()).toEqual([1, 2])
    const { runs } = JSON.parse((await start('log', '--json').done).stdout)
    expect(
      runs.map(({ outcome, direction }: { outcome: string; direction: string }) => `${direction} ${outcome}`),
    ).toEqual(['seed done', 'seed interrupted', 'upgrade done'])
  })

  test('batches that were committed stay when the process is killed, and are not done again', async () => {
    const body = (stop: string): string => `
      await context.inBatches(Array.from({ length: 30 }, (_, at) => at + 1), 10, async (items, trx) => {
        await trx('things').insert(items.map((id) => ({ id })))
        if (items.includes(15)) { ${stop} }
      })`
    // The same file both times: an edited seed begins anew.
    seed('a', body(`if (context.x.stop) { ${untilTold} }`), 'export const transaction = false\n')
    const running = start('seed', 'run', '-x', 'stop=yes')
    await running.saw(/inside the endless seed/)
    running.process.kill('SIGKILL')
    await running.done
    expect(await ids()).toHaveLength(10)

    const next = await start('seed', 'run', '--json').done

    expect(next.code, next.stderr).toBe(0)
    expect(JSON.parse(next.stdout).seeds).toMatchObject([{ seed: 'a', why: 'unfinished', rows: 20 }])
    expect(await ids()).toHaveLength(30)
  })
})
