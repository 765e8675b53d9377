import { beforeAll, beforeEach, expect, test } from 'vitest'
import { creates, rowsOf } from '../support/behaviour.ts'
import { describeEachDialect } from '../support/databases.ts'
import { type RunningProcess, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

const waits = `
  context.log('inside')
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, Number(context.x.ms))
    context.signal.addEventListener('abort', () => { clearTimeout(timer); resolve(undefined) })
  })`

describeEachDialect('the lock on the command line', (db) => {
  let project: TempProject
  beforeAll(() => {
    project = createTempProject({ lifetime: 'manual' })
    project.write('knexfile.json', JSON.stringify(db.knexConfig()))
    project.revision(creates('aaaa1111', null))
    project.revision({ revision: 'bbbb1111', down: 'aaaa1111', upgrade: waits })
    return project.remove
  })
  beforeEach(() => db.empty())
  const start = (...args: string[]): RunningProcess => startRev(args, { cwd: project.path })

  test('is shown by rev lock, free or held, also as JSON, and always with exit code 0', async () => {
    const before = await start('lock').done
    const run = start('upgrade', '-x', 'ms=60000')
    await run.saw(/inside/)
    const held = await start('lock').done
    const json = await start('lock', '--json').done
    run.process.kill('SIGINT')
    await run.done

    expect(before, before.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^the lock of .* is free\n$/),
    })
    expect(held, held.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^the lock of .* is held\n/) })
    expect(held.stdout).toContain(`, process ${run.process.pid}, since `)
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ rev: 1, command: 'lock', held: true, gone: null, unknown: null },
      run: { processId: run.process.pid, direction: 'upgrade', outcome: 'unfinished' },
      holder: db.dialect === 'sqlite' ? null : { connection: expect.any(Number), text: expect.any(String) },
    })
  })

  test('is waited for with --wait, whatever the time limit would be', async () => {
    const run = start('upgrade', '-x', 'ms=4000')
    await run.saw(/inside/)
    const next = await start('upgrade', '-x', 'ms=0', '--wait').done

    expect((await run.done).code).toBe(0)
    expect(next, next.stderr).toMatchObject({ code: 0 })
    expect(next.stderr).toContain('waiting for the lock')
    const both = await start('upgrade', '--wait', '--lock-timeout', '1s').done
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('REV_USAGE_CONFLICTING_OPTIONS') })
  })

  test('is not needed by rev wait, which ends with 0 when the database is there', async () => {
    const run = start('upgrade', '-x', 'ms=4000')
    await run.saw(/inside/)
    const follower = await start('wait', '--for', 'bbbb', '--timeout', '30s').done

    expect((await run.done).code).toBe(0)
    expect(follower, follower.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('is at bbbb1111') })
    expect(follower.stderr.match(/waiting until/g)).toHaveLength(1)
    expect(follower.stderr).toContain(`process ${run.process.pid}`)
    expect(await rowsOf(db)).toEqual(['bbbb1111'])
  })

  test('rev wait ends with 3 when its time is over', async () => {
    const { code, stdout, stderr } = await start('wait', '--timeout', '300').done

    expect([code, stdout], stderr).toEqual([3, ''])
    expect(stderr).toContain('REV_CHECK_WAIT_OVER')
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('rev wait ends at once when it gets %s, with %i', async (signal, code) => {
    const waiting = start('wait')
    await waiting.saw(/waiting until/)

    waiting.process.kill(signal)

    const ended = await waiting.done
    expect(ended, ended.stderr).toMatchObject({ code, stdout: '' })
  })
})
