import { RevError } from '../errors/index.ts'
import {
  COMMAND_GROUPS,
  COMMANDS,
  type CommandSpec,
  commandsOfGroup,
  findCommand,
  findOption,
  findOptionOfAnyCommand,
  optionsOf,
} from './command-table.ts'
import { isKnexWord, KNEX_FLAGS, KNEX_OPTIONS } from './knex-habits.ts'
import { GLOBAL_OPTIONS, type OptionName, optionSpec, spellingsOf } from './options.ts'
import { nearest, suggestCommand } from './suggest.ts'

/** What was typed, told apart: a word (the command, a target, a message), an option, or a flag of a knex command. */
export type Token =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'option'; readonly name: OptionName; readonly typed: string; readonly value: string | undefined }
  | { readonly kind: 'knex-flag'; readonly typed: string }

/**
 * Tells words from options and gives each option its value, exactly as typed. `-1` is a word; after `--` everything is.
 * Throws REV_USAGE_UNKNOWN_COMMAND, REV_USAGE_UNKNOWN_OPTION, REV_USAGE_MISSING_VALUE and REV_USAGE_UNEXPECTED_VALUE.
 */
export async function readTokens(argv: readonly string[]): Promise<Token[]> {
  const tokens: Token[] = []
  let first: string | undefined
  let index = 0
  let onlyWords = false
  while (index < argv.length) {
    const text = argv[index] ?? ''
    index += 1
    if (!onlyWords && text === '--') {
      onlyWords = true
    } else if (onlyWords || !isOption(text)) {
      if (first !== undefined && COMMAND_GROUPS.has(first)) {
        first = await joinedCommand(first, text)
        tokens[tokens.findIndex(({ kind }) => kind === 'word')] = { kind: 'word', text: first }
        continue
      }
      if (first === undefined) await assertCommand(text)
      first ??= text
      tokens.push({ kind: 'word', text })
    } else if (first !== undefined && isKnexWord(first) && KNEX_FLAGS.includes(text)) {
      tokens.push({ kind: 'knex-flag', typed: text })
    } else {
      const read = await readOption(text, argv[index], first)
      tokens.push(...read.tokens)
      index += read.tookNext ? 1 : 0
    }
  }
  return tokens
}

function isOption(text: string): boolean {
  return /^-[^\d]/.test(text)
}

/** Two words as one command: `seed run`. Throws REV_USAGE_UNKNOWN_COMMAND. */
export async function joinedCommand(group: string, word: string): Promise<string> {
  const joined = `${group} ${word}`
  if (findCommand(joined)) return joined
  const near = await nearest(word, commandsOfGroup(group))
  const suggestion = near === undefined ? `${group} --help` : `${group} ${near}`
  throw new RevError('REV_USAGE_UNKNOWN_COMMAND', { command: joined, suggestion })
}

async function assertCommand(word: string): Promise<void> {
  if (findCommand(word) || COMMAND_GROUPS.has(word) || isKnexWord(word) || word === 'help') return
  const names = COMMANDS.flatMap(({ name, aliases }: CommandSpec) => [name, ...aliases])
  throw new RevError('REV_USAGE_UNKNOWN_COMMAND', { command: word, suggestion: await suggestCommand(word, names) })
}

const NAMES_A_PLACE: ReadonlySet<string> = new Set(['FILE', 'DIR', 'URL'])

interface ReadOption {
  readonly tokens: Token[]
  /** Whether the argument after the option was its value. */
  readonly tookNext: boolean
}

async function readOption(text: string, next: string | undefined, word: string | undefined): Promise<ReadOption> {
  const command = word === undefined ? undefined : findCommand(word)
  const find = (spelling: string) => (command ? findOption(spelling, command) : findOptionOfAnyCommand(spelling))
  const equals = text.indexOf('=')
  const spelling = equals === -1 ? text : text.slice(0, equals)
  const attached = equals === -1 ? undefined : text.slice(equals + 1)
  const name = find(spelling)
  if (name !== undefined) return takeValue(name, spelling, attached, next)
  if (!text.startsWith('--')) {
    const letters = readLetters(text, next, find)
    if (letters) return letters
  }
  throw await unknownOption(spelling, command)
}

/** `-qv`, `-mTEXT`: several flags in one, the last of which may have a value attached. */
function readLetters(
  text: string,
  next: string | undefined,
  find: (spelling: string) => OptionName | undefined,
): ReadOption | undefined {
  const tokens: Token[] = []
  for (let at = 1; at < text.length; at += 1) {
    const typed = `-${text[at]}`
    const name = find(typed)
    if (name === undefined) return undefined
    if (optionSpec(name).kind !== 'flag') {
      const rest = text.slice(at + 1)
      const last = takeValue(name, typed, rest === '' ? undefined : rest, next)
      return { tokens: [...tokens, ...last.tokens], tookNext: last.tookNext }
    }
    tokens.push({ kind: 'option', name, typed, value: undefined })
  }
  return { tokens, tookNext: false }
}

function takeValue(
  name: OptionName,
  typed: string,
  attached: string | undefined,
  next: string | undefined,
): ReadOption {
  const { kind, value = 'VALUE' } = optionSpec(name)
  if (kind === 'flag') {
    if (attached === 'false') return { tokens: [], tookNext: false }
    if (attached !== undefined && attached !== 'true')
      throw new RevError('REV_USAGE_UNEXPECTED_VALUE', { option: typed, value: attached })
    return { tokens: [{ kind: 'option', name, typed, value: undefined }], tookNext: false }
  }
  const text = attached ?? next
  // `--cwd "$folder"` of a variable that is not set would mean the folder that one stands in.
  if (text === undefined || (text === '' && NAMES_A_PLACE.has(value)))
    throw new RevError('REV_USAGE_MISSING_VALUE', { option: typed, value })
  return { tokens: [{ kind: 'option', name, typed, value: text }], tookNext: attached === undefined }
}

/** The error for an option that the command does not have, with what was probably meant. */
export async function unknownOption(option: string, command: CommandSpec | undefined): Promise<RevError> {
  const refusal = command && KNEX_OPTIONS[command.name]?.[option]
  if (refusal)
    return new RevError('REV_USAGE_NO_EQUIVALENT', { typed: `${command.name} ${option}`, ...refusal }) as RevError
  const own = (command ? optionsOf(command) : GLOBAL_OPTIONS).flatMap(spellingsOf)
  const elsewhere = COMMANDS.filter(({ options }: CommandSpec) =>
    options.some((name) => spellingsOf(name).includes(option)),
  ).map(({ name }) => name)
  return new RevError('REV_USAGE_UNKNOWN_OPTION', {
    option,
    command: command?.name,
    suggestion: await nearest(option, own),
    elsewhere,
  })
}
