import { COMMANDS, type CommandSpec, globalOptionsOf, usageOf } from './command-table.ts'
import { GLOBAL_OPTIONS, type OptionName, optionSpec, spellingsOf } from './options.ts'

/** `rev --help`: the commands, and the options that all of them have. */
export function generalHelp(version: string): string {
  const usages = COMMANDS.map(usageOf)
  return [
    `rev ${version}: a revision graph for Knex`,
    '',
    'Usage: rev COMMAND [OPTIONS]',
    '',
    'Commands:',
    ...table(COMMANDS.map(({ summary }, index) => [usages[index]?.replace(/^rev /, '') ?? '', summary])),
    '',
    'Options of every command:',
    ...table(GLOBAL_OPTIONS.map(optionRow)),
    '',
    'rev COMMAND --help tells more of a command.',
    '',
  ].join('\n')
}

/** `rev seed --help`: the commands that begin with one word. */
export function groupHelp(group: string): string {
  const commands = COMMANDS.filter(({ name }) => name.startsWith(`${group} `))
  return [
    `Usage: rev ${group} COMMAND [OPTIONS]`,
    '',
    'Commands:',
    ...table(commands.map((command) => [usageOf(command).replace(/^rev /, ''), command.summary])),
    '',
    `rev ${group} COMMAND --help tells more of a command.`,
    '',
  ].join('\n')
}

/** `rev COMMAND --help`. */
export function commandHelp(command: CommandSpec): string {
  const { summary, description, options, examples, aliases } = command
  return [
    `Usage: ${usageOf(command)} [OPTIONS]`,
    '',
    ...wrap([summary, description].filter((text) => text !== '').join(' '), 0),
    ...(aliases.length === 0 ? [] : ['', `Also: rev ${aliases.join(', rev ')}`]),
    ...(options.length === 0 ? [] : ['', 'Options:', ...table(options.map(optionRow))]),
    '',
    'Options of every command:',
    ...table(globalOptionsOf(command).map(optionRow)),
    '',
    'Examples:',
    ...examples.map((example) => `  ${example}`),
    '',
  ].join('\n')
}

/** An option as it is written, and what it does. */
export function optionRow(name: OptionName): [string, string] {
  const { value, help, default: fallback } = optionSpec(name)
  const written = `${spellingsOf(name).join(', ')}${value === undefined ? '' : ` ${value}`}`
  return [written, fallback === undefined ? help : `${help} Default: ${fallback}.`]
}

const WIDTH = 100

function table(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4
  return rows.flatMap(([name, text]) => {
    const [first = '', ...more] = wrap(text, left)
    return [`  ${name}`.padEnd(left) + first.trimStart(), ...more]
  })
}

/** The text in lines of at most WIDTH characters, each with that many spaces in front. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + 1 + word.length > WIDTH) {
      lines.push(' '.repeat(indent) + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, ' '.repeat(indent) + line]
}
