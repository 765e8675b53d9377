import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { revBin, start, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** A project whose only revision does something, says so, and then waits. */
function project(waiting: string, before = ''): TempProject {
  const created = createTempProject({
    files: {
      'knexfile.js':
        "export default { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }\n",
    },
  })
  created.revision({
    revision: 'aaa1',
    extension: 'js',
    upgrade: `await knex.schema.createTable('t', (t) => { t.increments(); t.text('x') })\n${before}\ncontext.log('working')\n${waiting}`,
  })
  return created
}

const UNTIL_TOLD = `await new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, 60_000)
  context.signal.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('told to stop')) })
})`
const DEAF = 'await new Promise((resolve) => setTimeout(resolve, 60_000))'

it('a revision that leaves something open does not hold the process', async () => {
  const created = project('setInterval(() => {}, 1_000)')
  const { code, stdout, stderr } = await created.rev(['upgrade', 'head'])

  expect(code).toBe(0)
  expect(stdout).toContain('is now at aaa1')
  expect(stderr).toMatch(/^note: .* left something open \(Timeout\)/m)
})

describe('an error that nothing waits for', () => {
  it.each([
    ['a promise', "Promise.reject(new Error('forgotten'))"],
    ['a callback', "setTimeout(() => { throw new Error('forgotten') })"],
    ['a query', "knex.raw('select forgotten').then(() => {})"],
  ])('in %s stops the run, undoes the step and ends with 1', async (_place, code) => {
    const created = project(`${code}\nawait new Promise((resolve) => setTimeout(resolve, 30_000))`)
    const result = await created.rev(['upgrade', 'head', '--json'])

    expect(result.code).toBe(1)
    expect(JSON.parse(result.stdout)).toMatchObject({
      command: 'upgrade',
      error: { code: 'REV_PROCESS_ESCAPED_ERROR' },
    })
    expect(result.stderr).toMatch(/^error REV_PROCESS_ESCAPED_ERROR: .*forgotten/m)
    expect((await created.rev(['current', '--json'])).stdout).toContain('"rows": []')
  })

  it('hides no error of the work itself', async () => {
    const created = project(`Promise.reject(new Error('forgotten'))\nthrow new Error('the real one')`)
    expect((await created.rev(['upgrade', 'head'])).stderr).toContain('the real one')
  })
})

it('work that nothing can wake ends with 1 and says so', async () => {
  const created = createTempProject({ files: { 'knexfile.js': 'export default new Promise(() => {})\n' } })
  const { code, stderr } = await created.rev(['upgrade', 'head'])

  expect(code).toBe(1)
  expect(stderr).toMatch(/^error REV_PROCESS_NEVER_SETTLED/m)
})

describe('a revision that ends the process', () => {
  it.each(['process.exit()', 'process.exit(0)', 'process.exit(7)'])('with %s does not pass for done', async (exit) => {
    const created = project(exit)
    const { code, stdout, stderr } = await created.rev(['upgrade', 'head', '--json'])

    expect(code).toBe(1)
    expect(stderr).toMatch(/^error REV_PROCESS_EXITED/m)
    expect(JSON.parse(stdout)).toMatchObject({ command: 'upgrade', error: { code: 'REV_PROCESS_EXITED' } })
    expect((await created.rev(['current', '--json'])).stdout).toContain('"rows": []')
  })
})

describe('a signal', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s stops the work, undoes the step and ends with %d', async (signal, code) => {
    const created = project(UNTIL_TOLD)
    const running = startRev(['upgrade', 'head'], { cwd: created.path })
    await running.saw(/working/)
    running.process.kill(signal)
    const result = await running.done

    expect(result.code).toBe(code)
    expect(result.stderr).toContain(`${signal}: stopping`)
    expect(result.stdout).toBe('')
    expect((await created.rev(['current', '--json'])).stdout).toContain('"rows": []')
  })

  it('does not wait for a revision that does not listen', async () => {
    const created = project(DEAF)
    const running = startRev(['upgrade', 'head'], { cwd: created.path })
    await running.saw(/working/)
    running.process.kill('SIGINT')
    const { code, stderr } = await running.done

    expect(code).toBe(130)
    expect(stderr).toMatch(/^error REV_INTERRUPTED/m)
    expect((await created.rev(['current', '--json'])).stdout).toContain('"rows": []')
  })

  it('that comes twice at the same moment, as npm and timeout hand it on, still ends in order', async () => {
    const running = startRev(['upgrade', 'head'], { cwd: project(DEAF).path })
    await running.saw(/working/)
    running.process.kill('SIGINT')
    await running.saw(/SIGINT: stopping/)
    running.process.kill('SIGINT')
    const { code, stderr } = await running.done

    expect(code).toBe(130)
    expect(stderr).toMatch(/^error REV_INTERRUPTED/m)
  })

  it('given again and again ends the process', async () => {
    const running = startRev(['upgrade', 'head'], { cwd: project(DEAF).path })
    await running.saw(/working/)
    running.process.kill('SIGINT')
    await running.saw(/SIGINT: stopping/)
    const again = setInterval(() => running.process.kill('SIGINT'), 50)
    expect((await running.done).code).toBe(130)
    clearInterval(again)
  })
})

it('a script whose revision writes without end is stopped by a signal, and leaves no file', async () => {
  const created = project("for (;;) await knex('t').insert({ x: 'x' })")
  const folder = join(created.path, 'temporary')
  mkdirSync(folder)
  const running = startRev(['upgrade', 'head', '--sql', '--output', 'out.sql'], {
    cwd: created.path,
    env: { TMPDIR: folder },
  })
  await running.saw(/working/)
  running.process.kill('SIGTERM')
  const deaf = setTimeout(() => running.process.kill('SIGKILL'), 10_000)
  const { code, stderr } = await running.done
  clearTimeout(deaf)

  expect(code).toBe(143)
  expect(stderr).toMatch(/^error REV_TERMINATED/m)
  expect(readdirSync(folder)).toEqual([])
  expect(readdirSync(created.path)).not.toContain('out.sql')
})

describe('what a script was put together in is gone', () => {
  // More than is kept in memory.
  const LONG = "for (let n = 0; n < 6; n += 1) await knex('t').insert({ id: n, x: 'x'.repeat(1e6) })"

  /** What is left of the folder for temporary files when `rev` has ended. */
  async function leftBy(body: string, signal?: NodeJS.Signals): Promise<readonly string[]> {
    const created = project(body, LONG)
    const folder = join(created.path, 'temporary')
    mkdirSync(folder)
    const running = startRev(['upgrade', 'head', '--sql'], { cwd: created.path, env: { TMPDIR: folder } })
    await running.saw(/working/)
    const own = () => readdirSync(folder).filter((name) => name.startsWith('rev-sql-'))
    if (signal !== undefined) {
      expect(own()).toHaveLength(1)
      running.process.kill(signal)
    }
    expect((await running.done).code).not.toBe(0)
    return own()
  }

  it.each(['SIGHUP', 'SIGINT', 'SIGTERM'] as const)('after %s', async (signal) => {
    expect(await leftBy(DEAF, signal)).toEqual([])
  })

  it.each([
    ['an error that nothing waits for', `Promise.reject(new Error('forgotten'))\n${DEAF}`],
    ['work that never ends', 'await new Promise(() => {})'],
    ['the end of the process', 'process.exit(3)'],
  ])('after %s', async (_, body) => {
    expect(await leftBy(body)).toEqual([])
  })
})

it('without a folder for temporary files only a long script cannot be put together', async () => {
  const env = { TMPDIR: '/nowhere/to/be/found' }
  const short = await project('').rev(['upgrade', '--sql', 'head'], { env })
  expect(short).toMatchObject({ code: 0, stderr: '  aaa1: working\n' })

  const created = project('', "await knex('t').insert({ id: 1, x: 'x'.repeat(6e6) })")
  const { code, stdout, stderr } = await created.rev(['upgrade', '--sql', 'head'], { env })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^error REV_FILE_WRITE_FAILED: \/nowhere\/to\/be\/found could not be written: .*TMPDIR/m)
})

it('a terminal that is closed stops the work in order', async () => {
  const created = project(DEAF)
  const command = `exec '${process.execPath}' '${revBin}' upgrade head`
  const terminal = start('script', ['-qfc', command, '/dev/null'], { cwd: created.path })
  await terminal.saw(/working/)
  terminal.process.kill('SIGKILL')
  await terminal.done

  // It gives the lock back, and no table is left of the step.
  const next = await created.rev(['current', '--json'])
  expect(next.stdout).toContain('"rows": []')
  const log = async () => (await created.rev(['log', '--json'])).stdout
  await expect.poll(log, { timeout: 10_000 }).toContain('ended by SIGHUP')
})
