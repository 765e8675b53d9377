import type { CAC } from 'cac'
import { RevError } from '../errors/index.ts'
import { nativeImport } from '../platform.cts'
import { packageVersion } from '../script/package-version.ts'
import type { Invocation, Outcome } from './actions/action.ts'
import { ACTIONS } from './actions/index.ts'
import {
  COMMAND_GROUPS,
  COMMANDS,
  type CommandName,
  type CommandSpec,
  findCommand,
  takesDatabases,
} from './command-table.ts'
import { resultJson } from './format/json.ts'
import { type Given, toGiven } from './given.ts'
import { commandHelp, generalHelp, groupHelp } from './help.ts'
import { assertLogFormat } from './log-format.ts'
import { GLOBAL_OPTIONS, type OptionName, optionSpec } from './options.ts'
import { printable } from './printable.ts'
import { shieldName, unshield } from './shield.ts'
import type { Terminal } from './terminal.ts'

export interface ProgramOptions {
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

/** How a command line ended that was carried out. */
export interface ProgramEnd {
  readonly exitCode: 0 | 3
  /** That it was carried out in part; told already is what was done. */
  readonly failure?: RevError
}

/**
 * Runs one command line that `readArgv` has read, and prints what it came to. Throws what the command throws.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<ProgramEnd> {
  const program = await createProgram(options)
  // cac skips two arguments, as in process.argv.
  const { options: parsed } = program.parse(['', '', ...argv], { run: false })
  const given = toGiven(parsed)
  if (given.flag('help')) {
    options.terminal.out(helpFor(program.matchedCommand?.name ?? argv[0]))
    return { exitCode: 0 }
  }
  if (given.flag('version')) {
    options.terminal.out(`rev ${packageVersion()}\n`)
    return { exitCode: 0 }
  }
  return (await program.runMatchedCommand()) ?? { exitCode: 0 }
}

/** cac, told of every command and option of the table. */
async function createProgram(options: ProgramOptions): Promise<CAC> {
  // An ES module and nothing else, which Node 22.0 to 22.11 cannot `require`.
  const { cac } = (await nativeImport('cac')) as unknown as typeof import('cac')
  const program = cac('rev')
  for (const name of GLOBAL_OPTIONS) program.option(flagsOf(name), optionSpec(name).help)
  for (const command of COMMANDS) {
    const wired = program.command(signatureOf(command), command.summary)
    for (const name of command.options) wired.option(flagsOf(name), optionSpec(name).help)
    wired.action(() => runCommand(command.name, program.args.map(unshield), toGiven(program.options), options))
  }
  return program
}

async function runCommand(
  name: CommandName,
  words: readonly string[],
  given: Given,
  { terminal, signal }: ProgramOptions,
): Promise<ProgramEnd> {
  assertLogFormat(given)
  const outcome = await carryOut(name, { words, given, terminal, signal })
  const { result, text, note, quietText = text, exitCode = 0, failure } = outcome
  const isQuiet = given.flag('quiet')
  if (given.flag('json')) terminal.out(resultJson(result))
  else if (isQuiet ? quietText : text) terminal.out(isQuiet ? quietText : text)
  if (note !== undefined && !isQuiet) {
    if (terminal.logLines) terminal.logLines.remark({ level: 'info', event: 'note', message: note })
    else terminal.err(`${printable(note)}\n`)
  }
  return { exitCode, ...(failure && { failure }) }
}

/** One database has to be meant, unless the command can go through several. */
async function carryOut(name: CommandName, invocation: Invocation): Promise<Outcome> {
  const { run } = await ACTIONS[name]()
  const { given } = invocation
  const values = given.list('database')
  const isSeveral = values.length > 1
  if (!isSeveral && !given.flag('all-databases')) return run(invocation)
  const command = findCommand(name)
  if (!command || !takesDatabases(command))
    throw new RevError('REV_USAGE_REPEATED_OPTION', { option: '--database', values })
  const { runOnEach } = await import('./actions/on-databases.ts')
  return runOnEach(name, run, invocation)
}

function helpFor(name: string | undefined): string {
  const command = name === undefined ? undefined : findCommand(name)
  if (command) return commandHelp(command)
  return name !== undefined && COMMAND_GROUPS.has(name) ? groupHelp(name) : generalHelp(packageVersion())
}

function flagsOf(name: OptionName): string {
  const long = `--${shieldName(name)}`
  return optionSpec(name).kind === 'flag' ? long : `${long} <value>`
}

function signatureOf({ name, argument }: CommandSpec): string {
  if (!argument) return name
  const word = argument.several ? `...${argument.name}` : argument.name
  return `${name} ${argument.required ? `<${word}>` : `[${word}]`}`
}
