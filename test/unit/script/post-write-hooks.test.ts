import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runPostWriteHooks } from '../../../src/script/post-write-hooks.ts'
import { resolveSettings } from '../../../src/script/settings-from-options.ts'
import type { RevOptions } from '../../../src/settings.ts'
import { failureOf, folderWith, writeFiles } from '../../support/folder-with.ts'

/** Writes down how it was called, and ends as it is told. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync } = require('node:fs')
appendFileSync(process.env.LOG ?? __filename + '.log', JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }) + '\\n')
if (process.argv.includes('--fail')) {
  console.log('on stdout')
  for (let i = 0; i < 100; i++) console.error('line ' + i)
  process.exit(7)
}
`

function projectWith(hooks: NonNullable<RevOptions['postWriteHooks']>) {
  const directory = folderWith({ 'web/x': '', 'versions/a 1.ts': 'x' })
  const program = join(directory, 'node_modules', '.bin', 'tidy')
  writeFiles(directory, { 'node_modules/.bin/tidy': PROGRAM })
  chmodSync(program, 0o755)
  const file = join(directory, 'versions', 'a 1.ts')
  const settings = resolveSettings({ postWriteHooks: hooks }, { directory })
  const calls = () =>
    existsSync(`${program}.log`)
      ? readFileSync(`${program}.log`, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { args: string[]; cwd: string })
      : []
  return { directory, file, calls, program, run: () => runPostWriteHooks(settings, file, directory) }
}

describe('post-write hooks', () => {
  it("run the project's own program, with the file as the last argument", async () => {
    const { run, calls, file, directory } = projectWith(['tidy --write'])

    await run()

    expect(calls()).toEqual([{ args: ['--write', file], cwd: directory }])
  })

  it('put the file where the token stands, and run where they are told to', async () => {
    const args = ['--file=REVISION_SCRIPT_FILENAME', '--end']
    const { run, calls, file, directory } = projectWith([{ command: 'tidy', args, cwd: 'web' }])

    await run()

    expect(calls()).toEqual([{ args: [`--file=${file}`, '--end'], cwd: join(directory, 'web') }])
  })

  it('run one after the other and stop at the first that fails, keeping the file', async () => {
    const { run, calls, file } = projectWith([
      'tidy 1',
      { name: 'second', command: 'tidy', args: ['--fail'] },
      'tidy 3',
    ])

    const failure = await failureOf(run)

    expect(failure).toMatchObject({
      code: 'REV_FILE_HOOK_FAILED',
      exit: 1,
      details: { hook: 'second', file, exitCode: 7, output: expect.stringMatching(/line 99$/) },
    })
    expect((failure.details as { output: string }).output.split('\n').length).toBeLessThanOrEqual(20)
    expect(calls().map(({ args }) => args[0])).toEqual(['1', '--fail'])
    expect(existsSync(file)).toBe(true)
  })

  it('start no shell', async () => {
    const { run, calls, file, directory } = projectWith(['tidy ; touch hacked && $(touch hacked) `touch hacked`'])

    await run()

    expect(calls()[0]?.args).toEqual([';', 'touch', 'hacked', '&&', '$(touch', 'hacked)', '`touch', 'hacked`', file])
    expect(existsSync(join(directory, 'hacked'))).toBe(false)
  })

  it('find programs on PATH, and say so when there is none', async () => {
    const { run, directory } = projectWith([
      { command: 'node', args: ['-e', 'require("fs").writeFileSync("seen", "")', '--'] },
    ])
    await run()
    expect(existsSync(join(directory, 'seen'))).toBe(true)

    const missing = await failureOf(projectWith(['no-such-program-anywhere']).run)

    expect(missing).toMatchObject({
      code: 'REV_FILE_HOOK_FAILED',
      details: { hook: 'no-such-program-anywhere', reason: expect.stringContaining('ENOENT') },
    })
    expect(missing.details).not.toHaveProperty('exitCode')
  })

  it('may read what they need without waiting for a terminal', async () => {
    const { run } = projectWith([{ command: 'node', args: ['-e', 'process.stdin.resume()', '--'] }])

    await expect(run()).resolves.toBeUndefined()
  })

  it('may write more than a pipe holds', async () => {
    const noise = 'process.stdout.write("x".repeat(5e6)); process.stderr.write("y".repeat(5e6))'
    const { run } = projectWith([{ command: 'node', args: ['-e', noise, '--'] }])

    await expect(run()).resolves.toBeUndefined()
  })
})

describe('without hooks', () => {
  it('nothing happens', async () => {
    const { run, program } = projectWith([])
    writeFileSync(`${program}.log`, '')

    await run()

    expect(readFileSync(`${program}.log`, 'utf8')).toBe('')
  })
})
