import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, lstatSync, openSync, readdirSync, readlinkSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type RunningProcess, repository, revBin, run, start } from '../support/run-cli.ts'
import { skipAloud } from '../support/skip-aloud.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** A project whose database is there, with a table. */
async function project(columns = 1): Promise<TempProject> {
  const config = { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }
  const created = createTempProject({ files: { 'knexfile.json': JSON.stringify(config) } })
  const names = JSON.stringify(Array.from({ length: columns }, (_, at) => `${'long_'.repeat(20)}${at}`))
  created.revision({
    ...{ revision: 'aaa', extension: 'js', downgrade: `await knex.schema.dropTable('apples')` },
    upgrade: `await knex.schema.createTable('apples', (table) => { for (const name of ${names}) table.integer(name) })`,
  })
  const upgraded = await created.rev(['upgrade', 'head'])
  expect(upgraded.code, upgraded.stderr).toBe(0)
  return created
}

/** `rev` that is ended with the test, whatever it waits for. */
function starting(at: TempProject, args: readonly string[]): RunningProcess {
  const running = start(process.execPath, [revBin, ...args], { cwd: at.path })
  onTestFinished(() => void running.process.kill('SIGKILL'))
  return running
}

function pipe(at: TempProject): string {
  const path = join(at.path, 'pipe')
  execFileSync('mkfifo', [path])
  return path
}

/** Somebody who holds the pipe open for reading, and reads nothing. */
function idleReader(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  onTestFinished(() => closeSync(descriptor))
}

const shell = (at: TempProject, script: string) =>
  run('bash', ['-c', script.replaceAll('rev ', `'${process.execPath}' '${repository}/bin/rev.js' `)], { cwd: at.path })

const commands: [name: string, args: string[], begins: string][] = [
  ['rev db dump', ['db', 'dump'], '-- The schema of the database'],
  ['rev upgrade --sql', ['upgrade', '--sql', 'head'], '-- upgrade base -> aaa'],
]

describe.each(commands)('the output of %s', (_name, args, begins) => {
  const typed = args.join(' ')

  it('goes through a pipe to its reader, the same as to a file, and is never read', async () => {
    const at = await project()
    const path = pipe(at)
    await at.rev([...args, '--output', 'a/pipe'])
    const text = at.read('a/pipe')

    for (const _ of ['first', 'second']) {
      const reader = start('cat', [path], { cwd: at.path })
      onTestFinished(() => void reader.process.kill('SIGKILL'))
      // The shell's way, too, does not wait for the reader to have opened it.
      await sleep(300)
      const ended = await starting(at, [...args, '--output', path]).done
      expect(ended.code, ended.stderr).toBe(0)
      expect(ended.stdout).toContain(path)
      expect((await reader.done).stdout).toBe(text)
    }
    expect(text).toMatch(begins)
    expect(lstatSync(path).isFIFO()).toBe(true)
  })

  it('refuses a pipe that nobody reads from, at once', async () => {
    const at = await project()
    const path = pipe(at)
    const ended = await starting(at, [...args, '--output', path, '--json']).done

    expect(ended.code).toBe(1)
    expect(JSON.parse(ended.stdout).error).toMatchObject({
      code: 'REV_FILE_WRITE_FAILED',
      details: { file: path, reason: expect.stringContaining('nobody reads') },
    })
    expect(lstatSync(path).isFIFO()).toBe(true)
  })

  it('waits for a reader that is slow, until a signal comes', async () => {
    const at = await project(1_900)
    const path = pipe(at)
    idleReader(path)
    const running = starting(at, [...args, '--output', path])
    const isOver = running.done.then(() => true)
    expect(await Promise.race([isOver, sleep(2_000, false)])).toBe(false)
    running.process.kill('SIGTERM')
    const ended = await running.done

    expect(ended).toMatchObject({ code: 143, stdout: '' })
    expect(ended.stderr).toContain('REV_TERMINATED')
  }, 30_000)

  it('gives a slow reader every byte', async () => {
    const at = await project(1_900)
    pipe(at)
    await at.rev([...args, '--output', 'file'])
    // Not to the same standard output: Node has it wait for nobody, and then `cat` gives up where it would have to.
    const script = `(sleep 1; cat) < pipe > copy & sleep 0.3; rev ${typed} --output pipe -q; echo $?; wait`

    expect(await shell(at, script)).toEqual({ code: 0, stdout: '0\n', stderr: '' })
    expect(at.read('copy')).toBe(at.read('file'))
    expect(at.read('copy').length).toBeGreaterThan(150_000)
  }, 30_000)

  it.each([
    ['/dev/full', 1, 'ENOSPC'],
    ['/dev/null', 0, ''],
    ['/dev/zero', 0, ''],
  ])('does not read %s, and ends with %i', async (device, code, reason) => {
    const at = await project()
    const ended = await starting(at, [...args, '--output', device]).done

    expect(ended.code, ended.stderr).toBe(code)
    expect(ended.stderr).toContain(reason)
    if (code !== 0) expect(ended.stderr).toContain('REV_FILE_WRITE_FAILED')
    expect(lstatSync(device).isCharacterDevice()).toBe(true)
  })

  it.each([[''], [' --json']])('is not lost without a word on a full disk%s', async (more) => {
    const at = await project()
    const ended = await shell(at, `rev ${typed}${more} > /dev/full`)

    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(/^error REV_FILE_WRITE_FAILED: standard output could not be written: ENOSPC\b.*\n$/)
  })

  it('refuses an empty name, which is that of no file', async () => {
    const at = await project()
    const before = readdirSync(at.path)
    const ended = await at.rev([...args, '--output', ''])

    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toMatch(/REV_USAGE_MISSING_VALUE: .*"--output"/)
    expect(readdirSync(at.path)).toEqual(before)
  })

  it('refuses a folder', async () => {
    const at = await project()
    at.write('out/kept', '')
    const ended = await at.rev([...args, '--output', 'out'])

    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(/REV_FILE_WRITE_FAILED: .*out could not be written: it is a folder\./)
    expect(readdirSync(join(at.path, 'out'))).toEqual(['kept'])
  })

  // Linux makes nothing there, and Node's own way to make folders would try for ever.
  it('refuses a folder in which nothing can be made', async (context) => {
    if (!existsSync('/proc/self')) skipAloud(context, 'this system has no /proc')
    const at = await project()
    const ended = await starting(at, [...args, '--output', '/proc/rev-is-not-there/up.sql']).done

    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('REV_FILE_WRITE_FAILED')
  })

  it('is put where a link points to, which stays one', async () => {
    const at = await project()
    at.write('deep/real.sql', 'the old one')
    symlinkSync('deep/link.sql', join(at.path, 'link.sql'))
    symlinkSync('real.sql', join(at.path, 'deep/link.sql'))
    symlinkSync('new/made.sql', join(at.path, 'dangling.sql'))
    for (const link of ['link.sql', 'dangling.sql']) {
      const ended = await at.rev([...args, '--output', link])
      expect(ended.code, ended.stderr).toBe(0)
    }

    expect(readlinkSync(join(at.path, 'link.sql'))).toBe('deep/link.sql')
    expect(readlinkSync(join(at.path, 'deep/link.sql'))).toBe('real.sql')
    expect(readlinkSync(join(at.path, 'dangling.sql'))).toBe('new/made.sql')
    expect(at.read('deep/real.sql')).toMatch(begins)
    expect(at.read('new/made.sql')).toBe(at.read('deep/real.sql').replaceAll('link.sql', 'dangling.sql'))
    expect(readdirSync(join(at.path, 'deep')).sort()).toEqual(['link.sql', 'real.sql'])
  })

  it('says so when links go round in a circle', async () => {
    const at = await project()
    symlinkSync('two.sql', join(at.path, 'one.sql'))
    symlinkSync('one.sql', join(at.path, 'two.sql'))
    const ended = await at.rev([...args, '--output', 'one.sql'])

    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain('REV_FILE_WRITE_FAILED')
    expect(readlinkSync(join(at.path, 'one.sql'))).toBe('two.sql')
  })

  it.each(['-', '/dev/stdout'])('is the SQL alone on standard output for %s', async (name) => {
    const at = await project()
    const plain = await at.rev(args)
    const text = args.includes('dump') ? at.read('schema.sql') : plain.stdout
    const ended = await at.rev([...args, '--output', name])
    const json = JSON.parse((await at.rev([...args, '--output', name, '--json'])).stdout)
    await shell(
      at,
      `rev ${typed} --output ${name} > to-file; echo before > to-end; rev ${typed} --output ${name} >> to-end`,
    )

    expect(ended).toMatchObject({ code: 0, stderr: '', stdout: text })
    expect(text).toMatch(begins)
    expect(json.script ?? json.sql).toBe(text)
    expect(at.read('to-file')).toBe(text)
    expect(at.read('to-end')).toBe(`before\n${text}`)
    expect(readdirSync(at.path)).not.toContain('-')
    expect(lstatSync('/dev/stdout').isSymbolicLink()).toBe(true)
  })

  it('goes on after what is in a file that the shell has opened', async () => {
    const at = await project()
    const ended = await shell(at, `echo before > kept; rev ${typed} --output /dev/fd/3 3>> kept`)

    expect(ended.code, ended.stderr).toBe(0)
    expect(at.read('kept')).toMatch(new RegExp(`^before\n${begins}`))
  })
})

describe('--output -', () => {
  it.each([
    ['--split', 'folder'],
    ['--with-rollback', 'file'],
  ])('is refused with %s, which writes more than one text', async (option, wanted) => {
    const at = await project()
    const ended = await at.rev(['upgrade', '--sql', 'head', option, '--output', '-'])

    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).toContain('REV_USAGE_INVALID_VALUE')
    expect(ended.stderr).toContain(`a ${wanted} with ${option}`)
  })
})

it('a dump that is the same leaves the file as it is, also behind a link', async () => {
  const at = await project()
  symlinkSync('real.sql', join(at.path, 'link.sql'))
  await at.rev(['db', 'dump', '--output', 'link.sql'])
  const { ino } = lstatSync(join(at.path, 'real.sql'))

  expect((await at.rev(['db', 'dump', '--output', 'link.sql'])).stdout).toMatch(/ is as it was\n$/)
  expect(lstatSync(join(at.path, 'real.sql')).ino).toBe(ino)
})

it.each([
  ['rev heads', ''],
  ['rev history --json', ''],
  ['rev show nosuch --json', 'error REV_GRAPH_UNKNOWN_REVISION: '],
])('%s says that standard output is full', async (typed, first) => {
  const ended = await shell(await project(), `${typed} > /dev/full`)

  expect(ended.code).toBe(1)
  expect(ended.stderr).toContain('error REV_FILE_WRITE_FAILED: standard output could not be written: ENOSPC')
  expect(ended.stderr.startsWith(first)).toBe(true)
  expect(ended.stderr).not.toMatch(/REV_PROCESS|at /)
})

it.each([
  ['rev downgrade base', 0, false],
  ['rev downgrade base --log-format json', 0, false],
  ['rev upgrade --sql base:head', 0, true],
  ['rev downgrade nosuch', 1, true],
  ['rev nosuch', 2, true],
])('%s does what it does where standard error is full', async (typed, code, stays) => {
  const at = await project()

  expect(await shell(at, `${typed} 2> /dev/full`)).toMatchObject({ code })

  expect((await at.rev(['current'])).stdout.includes('aaa')).toBe(stays)
})
