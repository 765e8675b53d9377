import { entry } from './define.ts'

const quoted = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(', ')

/** The command line was typed wrongly. */
export const usageErrors = {
  REV_USAGE_UNKNOWN_COMMAND: entry<{ command: string; suggestion?: string | undefined }>({
    exit: 2,
    message: ({ command }) => `there is no command "${command}".`,
    hint: ({ suggestion }) => (suggestion ? `did you mean: rev ${suggestion}` : 'rev --help lists the commands'),
  }),
  REV_USAGE_UNKNOWN_OPTION: entry<{
    option: string
    command: string | undefined
    suggestion: string | undefined
    /** The commands that do have this option. */
    elsewhere: readonly string[]
  }>({
    exit: 2,
    message: ({ option, command }) => `${command ? `rev ${command}` : 'rev'} has no option "${option}".`,
    hint: ({ command, suggestion, elsewhere }) => {
      if (elsewhere.length > 0) return `it belongs to: ${elsewhere.map((name) => `rev ${name}`).join(', ')}`
      if (suggestion) return `did you mean: ${suggestion}`
      return `${command ? `rev ${command}` : 'rev'} --help lists the options`
    },
  }),
  REV_USAGE_MISSING_ARGUMENT: entry<{ command: string; argument: string; example: string }>({
    exit: 2,
    message: ({ command, argument }) => `rev ${command} needs ${argument}.`,
    hint: ({ example }) => `for example: ${example}`,
  }),
  REV_USAGE_TOO_MANY_ARGUMENTS: entry<{ command: string; extra: readonly string[]; usage: string }>({
    exit: 2,
    message: ({ command, extra }) => `rev ${command} does not know what to do with ${quoted(extra)}.`,
    hint: ({ usage }) => `the form is: ${usage} (a text with spaces needs quotes)`,
  }),
  REV_USAGE_MISSING_VALUE: entry<{ option: string; value: string }>({
    exit: 2,
    message: ({ option }) => `the option "${option}" needs a value.`,
    hint: ({ option, value }) => `write: ${option} ${value}`,
  }),
  REV_USAGE_UNEXPECTED_VALUE: entry<{ option: string; value: string }>({
    exit: 2,
    message: ({ option, value }) => `the option "${option}" takes no value, but it was given "${value}".`,
    hint: ({ option }) => `write: ${option}`,
  }),
  REV_USAGE_INVALID_VALUE: entry<{ option: string; value: string; expected: string }>({
    exit: 2,
    message: ({ option, value, expected }) => `"${value}" cannot be the value of "${option}": it takes ${expected}.`,
  }),
  REV_USAGE_REPEATED_OPTION: entry<{ option: string; values: readonly string[] }>({
    exit: 2,
    message: ({ option, values }) => `the option "${option}" can be given once, but it was given ${quoted(values)}.`,
    hint: () => 'leave all but one away',
  }),
  REV_USAGE_CONFLICTING_OPTIONS: entry<{ command: string; options: readonly string[]; reason: string }>({
    exit: 2,
    message: ({ command, options, reason }) =>
      `rev ${command} cannot take ${options.join(' and ')} together: ${reason}.`,
    hint: ({ options }) => `leave one of them away: ${options.join(' or ')}`,
  }),
  REV_USAGE_NEEDS_OPTION: entry<{ option: string; needs: string }>({
    exit: 2,
    message: ({ option, needs }) => `"${option}" means something only together with ${needs}.`,
    hint: ({ option, needs }) => `add ${needs}, or leave ${option} away`,
  }),
  REV_USAGE_RANGE_NOT_ALLOWED: entry<{ command: string; range: string; target: string }>({
    exit: 2,
    message: ({ range }) => `the range "${range}" is for scripts; a database already knows where it starts.`,
    hint: ({ command, range, target }) => `rev ${command} ${target}, or for a script: rev ${command} --sql ${range}`,
  }),
  REV_USAGE_NO_EQUIVALENT: entry<{ typed: string; reason: string; nearest: string }>({
    exit: 2,
    message: ({ typed, reason }) => `"${typed}" has no exact equivalent in rev: ${reason}.`,
    hint: ({ nearest }) => `the nearest is: ${nearest}`,
  }),
  REV_USAGE_NOT_AVAILABLE: entry<{ what: string; instead: string }>({
    exit: 2,
    message: ({ what }) => `${what} is not there yet.`,
    hint: ({ instead }) => instead,
  }),
}
