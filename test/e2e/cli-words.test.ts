import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/command-table.ts'
import { revBin, start } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

function project(): TempProject {
  const created = createTempProject({
    files: {
      'knexfile.js':
        "export default { client: 'better-sqlite3', connection: { filename: './dev.sqlite3' }, useNullAsDefault: true }\n",
    },
  })
  created.revision({ revision: 'aaa1', extension: 'js', message: 'first' })
  created.revision({ revision: 'bbb2', down: 'aaa1', extension: 'js', message: 'second' })
  return created
}

describe('help', () => {
  it('comes on standard output with exit code 0, also without any word', async () => {
    const { rev } = project()
    const typed = await rev(['--help'])
    const bare = await rev([])

    expect(typed).toMatchObject({ code: 0, stderr: '' })
    expect(typed.stdout).toContain('Usage: rev COMMAND [OPTIONS]')
    expect(bare).toEqual(typed)
  })

  it.each(COMMANDS.map(({ name }) => name))('of %s has examples and needs no project', async (name) => {
    const { rev } = createTempProject({ packages: false })
    const { stdout, stderr, code } = await rev([name, '--help'])

    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(new RegExp(`^Usage: rev ${name}[\\s\\S]*Examples:\\n {2}rev ${name}`))
  })

  it('--version prints the version', async () => {
    const { stdout, code } = await project().rev(['--version'])
    expect(stdout).toMatch(/^rev \d+\.\d+\.\d+\n$/)
    expect(code).toBe(0)
  })
})

describe('what was typed wrongly', () => {
  it.each([
    [['upgrad', 'head'], 'REV_USAGE_UNKNOWN_COMMAND', 'rev upgrade'],
    [['heads', '--resolve-dependncies'], 'REV_USAGE_UNKNOWN_OPTION', '--resolve-dependencies'],
    [['downgrade'], 'REV_USAGE_MISSING_ARGUMENT', 'rev downgrade -1'],
    [['upgrade', 'a', 'b'], 'REV_USAGE_TOO_MANY_ARGUMENTS', 'rev upgrade [TARGET]'],
    [['revision', '-m', 'a', '-m', 'b'], 'REV_USAGE_REPEATED_OPTION', 'leave all but one away'],
    [['revision', '-m'], 'REV_USAGE_MISSING_VALUE', '-m TEXT'],
    [['upgrade', 'aaa1:bbb2'], 'REV_USAGE_RANGE_NOT_ALLOWED', 'rev upgrade bbb2'],
    [['upgrade', '-x', '=1'], 'REV_USAGE_INVALID_VALUE', 'KEY=VALUE'],
    [['revision', '--autogenerate'], 'REV_USAGE_NOT_AVAILABLE', 'rev revision -m'],
    [['migrate:rollback'], 'REV_USAGE_NO_EQUIVALENT', 'rev downgrade -1'],
    [['seed'], 'REV_USAGE_MISSING_ARGUMENT', 'rev seed run'],
  ])('%j ends with 2, names what was meant and touches nothing', async (typed, code, hint) => {
    const result = await project().rev(typed)

    expect(result).toMatchObject({ code: 2, stdout: '' })
    expect(result.stderr).toMatch(new RegExp(`^error ${code}: `))
    expect(result.stderr).toContain(hint)
    expect(result.stderr).not.toMatch(/^\s+at /m)
  })

  it('is a JSON object on standard output with --json, and text on standard error all the same', async () => {
    const { stdout, stderr, code } = await project().rev(['upgrad', '--json'])

    expect(JSON.parse(stdout)).toMatchObject({
      rev: 1,
      command: null,
      error: { code: 'REV_USAGE_UNKNOWN_COMMAND', exit: 2 },
    })
    expect(stderr).toMatch(/^error REV_USAGE_UNKNOWN_COMMAND/)
    expect(code).toBe(2)
  })

  it('shows the stack with --raiseerr', async () => {
    const { stderr } = await project().rev(['show', 'nothing', '--raiseerr'])
    expect(stderr).toMatch(/^ {6}at /m)
  })
})

describe('knex commands', () => {
  it('do what they say, and say the native form once', async () => {
    const { rev } = project()
    const latest = await rev(['migrate', 'latest'])
    const list = await rev(['migrate:list'])
    const down = await rev(['migrate:down'])

    expect([latest.code, list.code, down.code]).toEqual([0, 0, 0])
    expect(latest.stderr.match(/rev upgrade head/g)).toHaveLength(1)
    expect(list.stdout).toMatch(/^APPLIED .*bbb2/m)
    expect(list.stderr).toContain('rev status')
    expect((await rev(['migrate:currentVersion'])).stdout).toMatch(/^aaa1\b/)
  })
})

describe('results', () => {
  it('stand alone on standard output, progress on standard error', async () => {
    const { rev } = project()
    const up = await rev(['upgrade', 'head'])
    expect(up.stdout).toMatch(/^upgrade: 2 steps done, .* is now at bbb2\n$/)
    expect(up.stderr).toMatch(/upgrade base -> aaa1 {2}first {2}\d+ ms\nupgrade aaa1 -> bbb2 {2}second {2}\d+ ms\n/)

    const again = await rev(['upgrade', 'head', '--quiet'])
    expect(again).toEqual({ code: 0, stdout: '', stderr: '' })
  })

  it('are one JSON object with --json, whatever the command', async () => {
    const { rev } = project()
    const commands = [
      ['upgrade', 'head', '--plan'],
      ['upgrade', 'head'],
      ['downgrade', '-1'],
      ['stamp', 'head'],
      ['current'],
      ['heads'],
      ['branches'],
      ['history'],
      ['show', 'head'],
      ['log'],
      ['ensure-version'],
      ['check'],
      ['list-templates'],
      ['revision', '-m', 'third'],
    ]
    for (const typed of commands) {
      const { stdout, stderr, code } = await rev([...typed, '--json'])
      expect({ typed, code, stderr }).toMatchObject({ code: 0 })
      expect(JSON.parse(stdout)).toMatchObject({ rev: 1, command: typed.includes('--plan') ? 'plan' : typed[0] })
    }
  })

  it('are not mixed with what a knexfile or a revision prints', async () => {
    const { rev, write, revision, read } = project()
    write('knexfile.js', `console.log('reading')\n${read('knexfile.js')}`)
    const upgrade = `process.stdout.write('running\\n', () => {})`
    revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', upgrade })

    const up = await rev(['upgrade', '--json', '--quiet'])
    const script = await rev(['upgrade', '--sql'])

    expect(JSON.parse(up.stdout)).toMatchObject({ command: 'upgrade', rows: ['ccc3'] })
    expect(up.stderr).toMatch(/^reading\n(.*\n)*running\n/)
    expect(script.stdout).toMatch(/^-- upgrade base -> ccc3/)
    expect(script.stdout).not.toMatch(/reading|running/)
  })

  it('of revision is the path of the new file and nothing else', async () => {
    const { rev, path, read } = project()
    const { stdout, code } = await rev(['revision', '--rev-id', '0012', '-m', ''])

    expect(code).toBe(0)
    expect(stdout.trim().startsWith(`${path}/versions/0012`)).toBe(true)
    expect(read(stdout.trim().slice(path.length + 1))).toMatch(/revision = ['"]0012['"]/)
  })

  it('of a revision that would not fit in is an error, and no file', async () => {
    const { rev, path } = project()
    const before = readdirSync(`${path}/versions`)
    const { code, stderr, stdout } = await rev(['revision', '-m', 'x', '--rev-id', 'head', '--json'])

    expect({ code, files: readdirSync(`${path}/versions`) }).toEqual({ code: 2, files: before })
    expect(stderr).toContain('REV_USAGE_NEW_REVISION')
    expect(JSON.parse(stdout)).toMatchObject({
      error: { details: { revision: 'head', problems: [{ revision: 'head' }] } },
    })
  })

  it('refuse a script that would have to forget rows it cannot know', async () => {
    const { rev } = project()
    const { code, stderr, stdout } = await rev(['stamp', 'head', '--purge', '--sql'])

    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('REV_USAGE_CONFLICTING_OPTIONS')
  })

  it('tell with their exit code that a check said no', async () => {
    const { rev } = project()
    const { code, stderr } = await rev(['current', '--check-heads'])
    expect(code).toBe(3)
    expect(stderr).toMatch(/^error REV_CHECK_NOT_AT_HEADS/m)
  })

  it('have no colours in a pipe unless they are asked for', async () => {
    const { rev } = project()
    expect((await rev(['heads'], { env: { NO_COLOR: '' } })).stdout).not.toContain('\u001b')
    expect((await rev(['heads'], { env: { NO_COLOR: '', FORCE_COLOR: '1' } })).stdout).toContain('\u001b[')
  })

  it('end quietly when nobody reads them to the end', async () => {
    const { path } = project()
    const running = start(process.execPath, [revBin, 'history', '-v'], { cwd: path })
    running.process.stdout?.destroy()
    expect(await running.done).toMatchObject({ code: 0, stderr: '' })
  })
})

describe('--sql', () => {
  it('prints the script and nothing else on standard output', async () => {
    const { stdout, code } = await project().rev(['upgrade', '--sql', 'aaa1:head'])
    expect(code).toBe(0)
    expect(stdout).toContain('-- ===== (1/1) upgrade aaa1 -> bbb2, second =====')
    expect(stdout).not.toContain('first')
  })

  it('writes the script to a file with --output', async () => {
    const { rev, read, path } = project()
    const printed = await rev(['upgrade', '--sql', 'head'])
    const written = await rev(['upgrade', '--sql', 'head', '--output', 'up.sql', '--json'])

    expect(JSON.parse(written.stdout)).toMatchObject({ command: 'sql', steps: 2, files: [`${path}/up.sql`] })
    expect(read('up.sql')).toBe(printed.stdout)
  })

  it('prints no half of a script that cannot be finished', async () => {
    const created = project()
    created.revision({ revision: 'ccc3', down: 'bbb2', extension: 'js', upgrade: "await knex('t').first()" })
    const { stdout, code } = await created.rev(['upgrade', '--sql', 'head'])

    expect([code, stdout]).toEqual([1, ''])
  })
})

describe('an editor', () => {
  it('gets the file that is edited, and the one just written', async () => {
    const { rev, path } = project()
    const editor = `${process.execPath} -e "process.stderr.write('edits ' + process.argv.slice(1))"`
    const edited = await rev(['edit', 'head'], { env: { EDITOR: editor } })
    const written = await rev(['revision', '-m', 'third', '--rev-id', 'ccc3', '--edit'], { env: { EDITOR: editor } })

    expect([edited.code, written.code]).toEqual([0, 0])
    expect(edited.stderr).toContain(`edits ${path}/versions/bbb2_second.js`)
    expect(written.stderr).toContain(`edits ${path}/versions/ccc3_third.js`)
  })

  it('that is not set is asked for before a file is written', async () => {
    const { rev } = project()
    const { code, stderr } = await rev(['revision', '-m', 'third', '--edit'])

    expect(code).toBe(2)
    expect(stderr).toMatch(/^error REV_CONFIG_NO_EDITOR/)
    expect((await rev(['heads'])).stdout).toMatch(/^bbb2 /)
  })
})

it('a value reaches the revision as it was typed', async () => {
  const created = project()
  created.revision({
    revision: 'ccc3',
    down: 'bbb2',
    extension: 'js',
    upgrade: 'context.log(JSON.stringify([context.x, context.tag]))',
  })
  const { stderr, code } = await created.rev(['upgrade', '+3', '-x', 'n=0012', '-x', 'e=', '-x', 'k', '--tag=-1'])
  expect(code).toBe(0)
  expect(stderr).toContain('[{"n":"0012","e":"","k":""},"-1"]')
})

it('a folder that is gone under the feet of whoever types is told, and help comes all the same', async () => {
  const { path } = project()
  const typed = (word: string) => `mkdir gone && cd gone && rmdir ../gone && '${process.execPath}' '${revBin}' ${word}`
  const { stdout, stderr, code } = await start('sh', ['-c', typed('heads')], { cwd: path }).done
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toMatch(/^error REV_PROCESS_NO_FOLDER: .*\n {2}hint: .*\n$/)
  expect((await start('sh', ['-c', typed('--help')], { cwd: path }).done).code).toBe(0)
})
