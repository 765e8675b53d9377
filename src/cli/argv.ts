import { RevError } from '../errors/index.ts'
import {
  COMMAND_GROUPS,
  COMMANDS,
  type CommandSpec,
  commandsOfGroup,
  findCommand,
  optionsOf,
  usageOf,
} from './command-table.ts'
import { KNEX_COMMANDS, sayNatively } from './knex-habits.ts'
import { type OptionName, optionSpec } from './options.ts'
import { shield, shieldName } from './shield.ts'
import { suggestCommand } from './suggest.ts'
import { joinedCommand, readTokens, type Token, unknownOption } from './tokens.ts'

/** A command line that cac cannot misread. */
export interface ReadArgv {
  /** Command, shielded words, then options under their long names with shielded values. */
  readonly argv: readonly string[]
  /** The native form of a knex command, to be said once; undefined when rev's own words were typed. */
  readonly native: string | undefined
}

/** One given option: every value as typed, none for a flag. */
type GivenValues = Map<OptionName, { readonly typed: string; readonly values: string[] }>

/**
 * Reads what was typed after the program's name and checks it against the table of commands. Throws REV_USAGE_* only;
 * nothing has been done by then. Without a command it asks for help.
 */
export async function readArgv(typed: readonly string[]): Promise<ReadArgv> {
  const { tokens, native } = await inRevsWords(await readTokens(typed))
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : []))
  const given = gather(tokens)
  const wantsHelp = words[0] === 'help' || given.has('help')
  const [word, ...rest] = words[0] === 'help' ? await joinTwoWords(words.slice(1)) : words
  if (word !== undefined && COMMAND_GROUPS.has(word) && wantsHelp) return { argv: [word, '--help'], native }
  const command = word === undefined ? undefined : await commandOf(word)
  if (wantsHelp) return { argv: [...(command ? [command.name] : []), '--help'], native }
  if (given.has('version')) return { argv: ['--version'], native }
  if (!command) return { argv: ['--help'], native }
  checkWords(command, rest)
  await checkOptions(command, given)
  return { argv: [command.name, ...rest.map(shield), ...optionArguments(given)], native }
}

/** Says a knex command in rev's words; the options that were typed stay. */
async function inRevsWords(
  tokens: readonly Token[],
): Promise<{ tokens: readonly Token[]; native: string | undefined }> {
  const words = tokens.flatMap((token) => (token.kind === 'word' ? [token.text] : []))
  const flags = tokens.flatMap((token) => (token.kind === 'knex-flag' ? [token.typed] : []))
  const native = sayNatively(words, flags)
  if (!native) return { tokens, native: undefined }
  const options = tokens.filter(({ kind }) => kind === 'option')
  return {
    tokens: [...(await readTokens(native)), ...options],
    native: ['rev', ...native.map(quoteForShell)].join(' '),
  }
}

function quoteForShell(word: string): string {
  return /^[\w@+:./-]+$/.test(word) ? word : JSON.stringify(word)
}

/** `help seed run` asks about one command. */
async function joinTwoWords(words: readonly string[]): Promise<readonly string[]> {
  const [first, second, ...rest] = words
  if (first === undefined || second === undefined || !COMMAND_GROUPS.has(first)) return words
  return [await joinedCommand(first, second), ...rest]
}

async function commandOf(word: string): Promise<CommandSpec> {
  const command = findCommand(word)
  if (command) return command
  if (COMMAND_GROUPS.has(word)) {
    const names = commandsOfGroup(word)
    const argument = `one more word: ${names.join(', ')}`
    throw new RevError('REV_USAGE_MISSING_ARGUMENT', { command: word, argument, example: `rev ${word} ${names[0]}` })
  }
  const names = [...COMMANDS.map(({ name }) => name), ...KNEX_COMMANDS]
  throw new RevError('REV_USAGE_UNKNOWN_COMMAND', { command: word, suggestion: await suggestCommand(word, names) })
}

function gather(tokens: readonly Token[]): GivenValues {
  const given: GivenValues = new Map()
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    // `--env-file=false` is how knex users and Alembic's users of other tools switch such a thing off.
    const isOff = token.name === 'env-file' && token.value === 'false'
    const name: OptionName = isOff ? 'no-env-file' : token.name
    const entry = given.get(name) ?? { typed: token.typed, values: [] }
    if (token.value !== undefined && !isOff) entry.values.push(token.value)
    given.set(name, entry)
  }
  for (const [name, { typed, values }] of given)
    if (optionSpec(name).kind === 'text' && values.length > 1)
      throw new RevError('REV_USAGE_REPEATED_OPTION', { option: typed, values })
  return given
}

function checkWords(command: CommandSpec, words: readonly string[]): void {
  const spec = command.argument
  const most = spec === undefined ? 0 : spec.several ? Number.POSITIVE_INFINITY : 1
  if (words.length > most)
    throw new RevError('REV_USAGE_TOO_MANY_ARGUMENTS', {
      command: command.name,
      extra: words.slice(most),
      usage: usageOf(command),
    })
  if (spec?.required && words.length === 0)
    throw new RevError('REV_USAGE_MISSING_ARGUMENT', {
      command: command.name,
      argument: spec.what,
      example: command.examples[0] ?? usageOf(command),
    })
}

async function checkOptions(command: CommandSpec, given: GivenValues): Promise<void> {
  const own = optionsOf(command)
  for (const [name, { typed }] of given) {
    // One that stood before the command was read without knowing which command it is for.
    if (!own.includes(name)) throw await unknownOption(typed, command)
    const { conflicts = {}, needs } = optionSpec(name)
    if (needs !== undefined && own.includes(needs as OptionName) && !given.has(needs as OptionName))
      throw new RevError('REV_USAGE_NEEDS_OPTION', { option: typed, needs: `--${needs}` })
    for (const [other, reason] of Object.entries(conflicts)) {
      const rival = given.get(other as OptionName)
      if (rival)
        throw new RevError('REV_USAGE_CONFLICTING_OPTIONS', {
          command: command.name,
          options: [typed, rival.typed],
          reason,
        })
    }
  }
}

function optionArguments(given: GivenValues): string[] {
  return [...given].flatMap(([name, { values }]) => {
    const long = `--${shieldName(name)}`
    return optionSpec(name).kind === 'flag' ? [long] : values.map((value) => `${long}=${shield(value)}`)
  })
}
