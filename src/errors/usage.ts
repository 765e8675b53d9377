import { entry } from './define.ts'

/** The command line was typed wrongly. */
export const usageErrors = {
  REV_USAGE_UNKNOWN_COMMAND: entry<{ command: string; suggestion?: string }>({
    exit: 2,
    message: ({ command }) => `there is no command "${command}".`,
    hint: ({ suggestion }) => (suggestion ? `did you mean: rev ${suggestion}` : 'rev --help lists the commands'),
  }),
}
