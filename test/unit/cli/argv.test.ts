import { cac } from 'cac'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readArgv } from '../../../src/cli/argv.ts'
import { COMMANDS, type CommandSpec } from '../../../src/cli/command-table.ts'
import { type Given, toGiven } from '../../../src/cli/given.ts'
import { GLOBAL_OPTIONS, type ListName, OPTIONS, optionSpec, type TextName } from '../../../src/cli/options.ts'
import { shieldName, unshield } from '../../../src/cli/shield.ts'
import { splitCommand } from '../../../src/script/split-command.ts'

/** What arrives behind cac: the same way as in the program, without running anything. */
async function arrive(typed: readonly string[]): Promise<{ command: string; words: string[]; given: Given }> {
  const { argv } = await readArgv(typed)
  const program = cac('rev')
  for (const command of COMMANDS as readonly CommandSpec[]) program.command(`${command.name} [...words]`)
  for (const name of new Set((COMMANDS as readonly CommandSpec[]).flatMap(({ options }) => options)))
    program.option(`--${shieldName(name)}${optionSpec(name).kind === 'flag' ? '' : ' <value>'}`, '')
  const { args, options } = program.parse(['', '', ...argv], { run: false })
  return { command: program.matchedCommandName ?? '', words: args.map(unshield), given: toGiven(options) }
}

const refused = (typed: readonly string[], code: string, details: object) =>
  expect(readArgv(typed)).rejects.toMatchObject({ code, details })

const value = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('0012', '1e5', '-1', '+2', '', '-', '--', '--sql', '-m', '0x10', 'Infinity', 'NaN', 'true', 'false'),
  fc.constantFrom('=', 'a=b', '\u{e000}', 'a.b', '__proto__', 'no-x', '--no-x', ' ', '\n', '-1junk', 'head'),
)

describe('values', () => {
  const places: [string, TextName][] = [
    ['revision', 'message'],
    ['revision', 'rev-id'],
    ['revision', 'version-path'],
    ['upgrade', 'tag'],
    ['upgrade', 'lock-timeout'],
    ['history', 'rev-range'],
    ['check', 'base'],
  ]

  it('come out of every text option exactly as they were typed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...places), value, fc.boolean(), async ([command, name], text, attached) => {
        const option = attached ? [`--${name}=${text}`] : [`--${name}`, text]
        if (text === '' && name === 'version-path') {
          await refused([command, ...option], 'REV_USAGE_MISSING_VALUE', { option: `--${name}`, value: 'DIR' })
          return
        }
        expect((await arrive([command, ...option])).given.text(name)).toBe(text)
      }),
    )
  })

  it('come out of repeatable options in order, whatever stands around them', async () => {
    const names: ListName[] = ['depends-on', 'branch-label', 'x']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(value, { minLength: 1, maxLength: 4 }),
        async (name, texts) => {
          const long = optionSpec(name).short === name ? `-${name}` : `--${name}`
          const typed = ['revision', ...texts.flatMap((text) => [long, text]), '--splice', '--', 'a message']
          const { words, given } = await arrive(typed)
          expect(given.list(name)).toEqual(texts)
          expect(words).toEqual(['a message'])
          expect(given.flag('splice')).toBe(true)
        },
      ),
    )
  })

  it('come out of words behind "--" exactly as they were typed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 4 }), async (texts) => {
        expect((await arrive(['stamp', '--', ...texts])).words).toEqual(texts)
      }),
    )
  })

  it.each(['-1', '+2', '0012', '1e5', 'billing@-1', '4f0c-2', 'a:b', '-1:head'])('%s is a target', async (target) => {
    expect((await arrive(['downgrade', target])).words).toEqual([target])
    expect((await arrive(['upgrade', '--sql', target])).words).toEqual([target])
  })

  it('may be empty', async () => {
    expect((await arrive(['revision', '-m', ''])).given.text('message')).toBe('')
    expect((await arrive(['revision', '--message='])).given.text('message')).toBe('')
    expect((await arrive(['revision', ''])).words).toEqual([''])
  })
})

describe('options', () => {
  it('are found under every spelling of the table', async () => {
    expect((await arrive(['revision', '-mtext'])).given.text('message')).toBe('text')
    expect((await arrive(['revision', '-m=text'])).given.text('message')).toBe('text')
    expect((await arrive(['history', '-iv', '-r:head'])).given.text('rev-range')).toBe(':head')
    expect((await arrive(['history', '-iv'])).given.flag('indicate-current')).toBe(true)
    expect((await arrive(['heads', '--config', 'k.ts'])).given.text('knexfile')).toBe('k.ts')
    expect((await arrive(['ensure_version'])).command).toBe('ensure-version')
  })

  it('may stand before the command', async () => {
    const { command, given } = await arrive(['-c', 'k.ts', '--sql', 'upgrade', 'head'])
    expect([command, given.text('knexfile'), given.flag('sql')]).toEqual(['upgrade', 'k.ts', true])
  })

  it('tell -c of current from the -c before it', async () => {
    const { given } = await arrive(['-c', 'k.ts', 'current', '-c'])
    expect([given.text('knexfile'), given.flag('check-heads')]).toEqual(['k.ts', true])
  })

  it('may be given once only, unless they are repeatable', async () => {
    await refused(['revision', '-m', 'a', '--message', 'b'], 'REV_USAGE_REPEATED_OPTION', { values: ['a', 'b'] })
    await expect(readArgv(['heads', '-v', '--verbose'])).resolves.toBeDefined()
  })

  it('that do not exist are refused with what was meant', async () => {
    await refused(['revision', '--mesage', 'a'], 'REV_USAGE_UNKNOWN_OPTION', { suggestion: '--message' })
    await refused(['heads', '--purge'], 'REV_USAGE_UNKNOWN_OPTION', { elsewhere: ['stamp'] })
    await refused(['heads', '-Z'], 'REV_USAGE_UNKNOWN_OPTION', { option: '-Z', command: 'heads' })
    await refused(['upgrade', 'head', '--plam=1'], 'REV_USAGE_UNKNOWN_OPTION', {
      option: '--plam',
      suggestion: '--plan',
    })
  })

  it('of another command are refused wherever they stand', async () => {
    const details = { option: '--splice', elsewhere: ['revision', 'merge'] }
    await refused(['--splice', 'upgrade', 'head'], 'REV_USAGE_UNKNOWN_OPTION', { ...details, command: 'upgrade' })
    await refused(['migrate:latest', '--splice'], 'REV_USAGE_UNKNOWN_OPTION', { ...details, command: 'upgrade' })
  })

  it('of every command are refused where there is nothing that they could change', async () => {
    await refused(['init', '--client', 'pg'], 'REV_USAGE_UNKNOWN_OPTION', { option: '--client', command: 'init' })
    await refused(['--env', 'test', 'init'], 'REV_USAGE_UNKNOWN_OPTION', { option: '--env', command: 'init' })
    expect((await arrive(['init', '--cwd', 'a', '--json'])).given.text('cwd')).toBe('a')
  })

  it('need the value that they are made for, and no other', async () => {
    await refused(['revision', '-m'], 'REV_USAGE_MISSING_VALUE', { option: '-m' })
    await refused(['heads', '--cwd', ''], 'REV_USAGE_MISSING_VALUE', { option: '--cwd' })
    await refused(['heads', '--knexfile='], 'REV_USAGE_MISSING_VALUE', { option: '--knexfile' })
    await refused(['upgrade', '--sql', '--shadow-url', ''], 'REV_USAGE_MISSING_VALUE', { option: '--shadow-url' })
    await refused(['heads', '--json=yes'], 'REV_USAGE_UNEXPECTED_VALUE', { option: '--json', value: 'yes' })
    expect((await arrive(['heads', '--json=false'])).given.flag('json')).toBe(false)
  })

  it('that exclude each other are refused', async () => {
    await refused(['upgrade', '--sql', '--plan'], 'REV_USAGE_CONFLICTING_OPTIONS', { options: ['--sql', '--plan'] })
    await refused(['upgrade', '--output', 'x.sql'], 'REV_USAGE_NEEDS_OPTION', { needs: '--sql' })
  })

  it('switch the file of variables off in both spellings', async () => {
    for (const typed of ['--no-env-file', '--env-file=false']) {
      const { given } = await arrive(['heads', typed])
      expect([given.flag('no-env-file'), given.text('env-file')]).toEqual([true, undefined])
    }
    await refused(['heads', '--env-file', 'a', '--no-env-file'], 'REV_USAGE_CONFLICTING_OPTIONS', {})
  })
})

describe('commands', () => {
  it('that do not exist are refused with what was meant', async () => {
    await refused(['upgrad', 'head'], 'REV_USAGE_UNKNOWN_COMMAND', { command: 'upgrad', suggestion: 'upgrade' })
    await refused(['rollback'], 'REV_USAGE_UNKNOWN_COMMAND', { suggestion: 'downgrade -1' })
    await refused(['migrate'], 'REV_USAGE_UNKNOWN_COMMAND', { suggestion: 'upgrade head' })
    await refused(['xyzzy', '--nothing'], 'REV_USAGE_UNKNOWN_COMMAND', { command: 'xyzzy', suggestion: undefined })
    await refused(['constructor'], 'REV_USAGE_UNKNOWN_COMMAND', { command: 'constructor' })
  })

  it('need their arguments and take no more', async () => {
    await refused(['downgrade'], 'REV_USAGE_MISSING_ARGUMENT', { command: 'downgrade', example: 'rev downgrade -1' })
    await refused(['merge'], 'REV_USAGE_MISSING_ARGUMENT', { command: 'merge' })
    await refused(['upgrade', 'a', 'b'], 'REV_USAGE_TOO_MANY_ARGUMENTS', { extra: ['b'] })
    await refused(['heads', 'x'], 'REV_USAGE_TOO_MANY_ARGUMENTS', { extra: ['x'] })
    expect((await arrive(['merge', 'a', 'b', 'c'])).words).toEqual(['a', 'b', 'c'])
  })

  it.each([
    [[], ['--help']],
    [['--help'], ['--help']],
    [['help'], ['--help']],
    [
      ['help', 'upgrade'],
      ['upgrade', '--help'],
    ],
    [
      ['downgrade', '-h'],
      ['downgrade', '--help'],
    ],
    [
      ['-h', 'stamp', '--plan', '--sql'],
      ['stamp', '--help'],
    ],
    [['--version'], ['--version']],
  ])('%j asks for %j', async (typed, argv) => {
    expect((await readArgv(typed)).argv).toEqual(argv)
  })
})

describe('knex commands', () => {
  it.each([
    [['migrate:latest'], 'rev upgrade head'],
    [['migrate', 'latest'], 'rev upgrade head'],
    [['migrate:up'], 'rev upgrade +1'],
    [['migrate', 'up', '4f0c'], 'rev upgrade 4f0c --only'],
    [['migrate:to', '4f0c'], 'rev upgrade 4f0c'],
    [['migrate:before', '4f0c'], 'rev upgrade 4f0c-1'],
    [['migrate:down'], 'rev downgrade -1'],
    [['migrate:down', '4f0c'], 'rev downgrade 4f0c --only'],
    [['migrate:rollback', '--all'], 'rev downgrade base'],
    [['migrate', 'rollback', '-a'], 'rev downgrade base'],
    [['migrate:list'], 'rev status'],
    [['migrate:status'], 'rev status'],
    [['migrate:currentVersion'], 'rev current'],
    [['migrate:make', 'add country'], 'rev revision -m "add country"'],
  ])('%j is %s', async (typed, native) => {
    expect((await readArgv(typed)).native).toBe(native)
  })

  it('keep the options that were typed', async () => {
    const { command, words, given } = await arrive([
      '--env',
      'test',
      'migrate',
      '--knexfile',
      'k.ts',
      'latest',
      '--json',
    ])
    expect([command, words]).toEqual(['upgrade', ['head']])
    expect([given.text('env'), given.text('knexfile'), given.flag('json')]).toEqual(['test', 'k.ts', true])
  })

  it('without an exact equivalent are refused with the nearest', async () => {
    await refused(['migrate:rollback'], 'REV_USAGE_NO_EQUIVALENT', { nearest: 'rev downgrade -1' })
    await refused(['migrate', 'unlock'], 'REV_USAGE_NO_EQUIVALENT', { typed: 'migrate unlock' })
    await refused(['seed:run', '--specific=a.js'], 'REV_USAGE_NO_EQUIVALENT', { nearest: 'rev seed run NAME --only' })
    await refused(['migrate:lastest'], 'REV_USAGE_UNKNOWN_COMMAND', { suggestion: 'migrate:latest' })
    await refused(['migrate:latest', 'extra'], 'REV_USAGE_TOO_MANY_ARGUMENTS', { extra: ['extra'] })
  })
})

describe('commands of two words', () => {
  it('are one, wherever options stand, and under the names that Knex has for them', async () => {
    for (const typed of [
      ['seed', 'run', 'a', 'b'],
      ['seed:run', 'a', 'b'],
      ['--json', 'seed', '--env', 'test', 'run', 'a', '--force', 'b'],
    ]) {
      const { command, words } = await arrive(typed)
      expect([command, words]).toEqual(['seed run', ['a', 'b']])
    }
    const { command, given } = await arrive(['seed', 'make', 'users', '-t', 'fake'])
    expect([command, given.text('template')]).toEqual(['seed make', 'fake'])
  })

  it('are refused with what goes with the first word', async () => {
    await refused(['seed'], 'REV_USAGE_MISSING_ARGUMENT', { command: 'seed' })
    await refused(['seed', 'rnu'], 'REV_USAGE_UNKNOWN_COMMAND', { command: 'seed rnu', suggestion: 'seed run' })
    await refused(['seed', 'zzzzzz'], 'REV_USAGE_UNKNOWN_COMMAND', { suggestion: 'seed --help' })
    await refused(['seed', 'run', '--purge'], 'REV_USAGE_UNKNOWN_OPTION', { command: 'seed run' })
  })

  it('have help, each of them and all together', async () => {
    expect((await readArgv(['help', 'seed', 'run'])).argv).toEqual(['seed run', '--help'])
    expect((await readArgv(['seed', 'run', '-h'])).argv).toEqual(['seed run', '--help'])
    expect((await readArgv(['seed', '--help'])).argv).toEqual(['seed', '--help'])
  })
})

it('every option of the table belongs to a command or to all of them', () => {
  const used = new Set<string>([...GLOBAL_OPTIONS, ...(COMMANDS as readonly CommandSpec[]).flatMap((c) => c.options)])
  expect(Object.keys(OPTIONS).filter((name) => !used.has(name))).toEqual([])
})

it('every example of the table can be read', async () => {
  for (const command of COMMANDS)
    for (const example of command.examples) {
      const words = splitCommand(example.replace(/ > .*/, '')) ?? []
      expect((await readArgv(words.slice(1))).argv[0]).toBe(command.name)
    }
})
