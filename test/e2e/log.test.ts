import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

function project(): TempProject {
  const config = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }
  const created = createTempProject({ files: { 'knexfile.json': JSON.stringify(config) } })
  created.revision(creates('aaaa1111', null, { message: 'first' }))
  created.revision(creates('bbbb1111', 'aaaa1111', { message: 'second' }))
  return created
}

const failing = (): TempProject => {
  const created = project()
  const upgrade = `await knex('aaaa1111').insert({ id: 4711 }); await knex('aaaa1111').insert({ id: 4711 })`
  created.revision({ revision: 'cccc1111', down: 'bbbb1111', message: 'third', upgrade })
  return created
}

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line))

describe('rev log', () => {
  it('says that nothing was recorded, and makes no file', async () => {
    const { rev, path } = project()

    const { stdout, stderr, code } = await rev(['log'])

    expect([code, stdout]).toEqual([0, ''])
    expect(stderr).toContain('nothing was recorded yet')
    expect(existsSync(`${path}/dev.sqlite3`)).toBe(false)
    expect(await rev(['log', '-q'])).toEqual({ code: 0, stdout: '', stderr: expect.any(String) })
  })

  it('shows each run with its revisions, the newest first', async () => {
    const { rev } = failing()
    await rev(['upgrade', 'aaaa', '--reason', 'ticket 42'])
    await rev(['upgrade'])

    const { stdout, stderr, code } = await rev(['log'])

    expect([code, stderr]).toEqual([0, ''])
    const run =
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC {2}upgrade (\w+) {2}(\w+ -> \w+) {2}\d.* by \S+@\S+ {2}(".*" {2})?run [\da-f]{8}$/
    const shown = stdout.split('\n').map((line) => run.exec(line)?.slice(1).join(' ') ?? line.replace(/\d+ ms/, 'N ms'))
    expect(shown).toEqual([
      'failed aaaa1111 -> bbbb1111 ',
      '  done    bbbb1111  second  N ms, 1 statement',
      '  failed  cccc1111  third  N ms, statement 2 failed',
      '    UNIQUE constraint failed: aaaa1111.id',
      'done base -> aaaa1111 "ticket 42"  ',
      '  done  aaaa1111  first  N ms, 1 statement',
      '',
    ])
  })

  it('takes a revision, a run, times and a number', async () => {
    const { rev } = project()
    await rev(['upgrade', 'aaaa'])
    await rev(['upgrade'])
    const [newest, oldest] = JSON.parse((await rev(['log', '--json'])).stdout).runs

    const found = async (...words: string[]): Promise<string[]> =>
      JSON.parse((await rev(['log', ...words, '--json'])).stdout).runs.map(({ runId }: { runId: string }) => runId)
    expect(await found('aaaa')).toEqual([oldest.runId])
    expect(await found('--run', newest.runId.slice(0, 8))).toEqual([newest.runId])
    expect(await found('-n1')).toEqual([newest.runId])
    expect(await found('-n', '0', '--since', oldest.startedAt)).toEqual([newest.runId, oldest.runId])
    expect(await found('--until', oldest.startedAt)).toEqual([oldest.runId])
    expect((await rev(['log', '-n', '1'])).stderr).toContain('-n 0')
    expect((await rev(['log', '--since', '2999-01-01'])).stderr).toContain('fits "2999-01-01"')
  })

  it.each([
    ['--since', 'soon'],
    ['--until', '2026-02-30'],
    ['--limit', '-1'],
    ['-n', 'many'],
    ['--run', 'x'],
  ])('refuses %s %s', async (option, value) => {
    const { code, stderr } = await project().rev(['log', option, value])

    expect(code).toBe(2)
    expect(stderr).toMatch(/^error REV_USAGE_INVALID_VALUE/m)
  })
})

describe('--reason', () => {
  it('is refused where nothing would keep it', async () => {
    const { rev } = project()

    const planned = await rev(['upgrade', '--plan', '--reason', 'why'])
    expect(planned.code).toBe(2)
    expect(planned.stderr).toContain('event log')
    expect((await rev(['upgrade', '--reason', ''])).stderr).toContain('REV_USAGE_INVALID_VALUE')
  })

  it('goes into a script, too, and nowhere into one without', async () => {
    const { rev } = project()

    expect((await rev(['upgrade', '--sql', '--reason', "it's time"])).stdout).toContain("'it''s time'")
    expect((await rev(['upgrade', '--sql'])).stdout).not.toMatch(/INSERT INTO[^;]*\breason\b/)
  })
})

describe('--log-format json', () => {
  it('makes every line of progress an object, and leaves results as they are', async () => {
    const { rev } = project()

    const { stdout, stderr, code } = await rev(['upgrade', '--log-format', 'json'])

    expect(code).toBe(0)
    expect(stdout).toMatch(/^upgrade: 2 steps done, .* is now at bbbb1111\n$/)
    const lines = linesOf(stderr)
    expect(lines.map(({ event }) => event)).toEqual([
      'notice',
      'run:start',
      ...['step:start', 'step:done'],
      ...['step:start', 'step:done'],
      'run:done',
    ])
    const [{ runId }] = JSON.parse((await rev(['log', '--json'])).stdout).runs
    expect(new Set(lines.slice(1).map(({ run }) => run))).toEqual(new Set([runId]))
  })

  it('tells an error with its place, and never the values of a statement', async () => {
    const { rev } = failing()

    const { stderr, code } = await rev(['upgrade', '-v', '--log-format=json'])

    const lines = linesOf(stderr)
    expect(code).toBe(1)
    expect(lines.filter(({ event }) => event === 'statement').at(-1)).toMatchObject({ statement: 2, values: 1 })
    expect(lines.at(-1)).toMatchObject({
      level: 'error',
      event: 'error',
      code: 'REV_STEP_FAILED',
      revision: 'cccc1111',
      statement: 2,
      message: expect.stringContaining('UNIQUE'),
      exit: 1,
    })
    expect(stderr).not.toContain('4711')
    const quiet = linesOf((await rev(['upgrade', '-q', '--log-format=json'])).stderr)
    expect(quiet).toMatchObject([{ event: 'error', code: 'REV_STEP_FAILED', run: expect.any(String) }])
  })

  it('holds for what is wrong with the command line, and for notes', async () => {
    const { rev } = project()

    expect(linesOf((await rev(['upgrad', '--log-format', 'json'])).stderr)).toMatchObject([
      { event: 'error', code: 'REV_USAGE_UNKNOWN_COMMAND', exit: 2 },
    ])
    expect(linesOf((await rev(['migrate:status', '--log-format', 'json'])).stderr)[0]).toMatchObject({
      event: 'note',
      message: expect.stringContaining('rev status'),
    })
    const wrong = await rev(['heads', '--log-format', 'xml'])
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('one of text, json') })
  })

  it('shows no password', async () => {
    const { rev } = project()
    const connection = 'postgres://me:hunter2@127.0.0.1:1/shop'

    const { stderr, code } = await rev(['current', '--client', 'pg', '--connection', connection, '--log-format=json'])

    expect(code).toBe(1)
    expect(linesOf(stderr)).toMatchObject([{ code: 'REV_DATABASE_CONNECT_FAILED' }])
    expect(stderr).not.toContain('hunter2')
  })
})
