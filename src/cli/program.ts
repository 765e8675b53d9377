import type { CAC } from 'cac'
import { nativeImport } from '../platform.cts'
import { packageVersion } from '../script/package-version.ts'
import { ACTIONS } from './actions/index.ts'
import { COMMAND_GROUPS, COMMANDS, type CommandName, type CommandSpec, findCommand } from './command-table.ts'
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

/**
 * Runs one command line that `readArgv` has read, and prints what it came to; resolves to the exit code. Throws what the
 * command throws.
 */
export async function runProgram(argv: readonly string[], options: ProgramOptions): Promise<0 | 3> {
  const program = await createProgram(options)
  // cac skips two arguments, as in process.argv.
  const { options: parsed } = program.parse(['', '', ...argv], { run: false })
  const given = toGiven(parsed)
  if (given.flag('help')) {
    options.terminal.out(helpFor(program.matchedCommand?.name ?? argv[0]))
    return 0
  }
  if (given.flag('version')) {
    options.terminal.out(`rev ${packageVersion()}\n`)
    return 0
  }
  return (await program.runMatchedCommand()) ?? 0
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
): Promise<0 | 3> {
  assertLogFormat(given)
  const { run } = await ACTIONS[name]()
  const { result, text, note, quietText = text, exitCode = 0 } = await run({ words, given, terminal, signal })
  const isQuiet = given.flag('quiet')
  if (given.flag('json')) terminal.out(resultJson(result))
  else if (isQuiet ? quietText : text) terminal.out(isQuiet ? quietText : text)
  if (note !== undefined && !isQuiet) {
    if (terminal.logLines) terminal.logLines.remark({ level: 'info', event: 'note', message: note })
    else terminal.err(`${printable(note)}\n`)
  }
  return exitCode
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
