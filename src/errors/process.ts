import { entry } from './define.ts'

/** Something went wrong outside of what rev waits for; only the command line, which owns the process, can see these. */
export const processErrors = {
  REV_PROCESS_ESCAPED_ERROR: entry<{ reason: string }>({
    exit: 1,
    message: ({ reason }) => `an error was thrown where nothing waits for it, so the work was stopped: ${reason}`,
    hint: () =>
      'in the revision or the knexfile, await every promise and let no callback throw; --raiseerr shows where',
  }),
  REV_PROCESS_EXITED: entry<{ exitCode: number }>({
    exit: 1,
    message: ({ exitCode }) =>
      `the process was ended from outside of rev, with process.exit(${exitCode}), before the work was done.`,
    hint: () =>
      'throw an error in the revision or the knexfile instead; see where the database stands with rev current',
  }),
  REV_PROCESS_NO_FOLDER: entry<{ reason: string }>({
    exit: 1,
    message: ({ reason }) => `the working directory is gone: ${reason}.`,
    hint: () => 'change to a folder that is there; one that was made anew has to be entered again',
  }),
  REV_PROCESS_NEVER_SETTLED: entry<Record<never, never>>({
    exit: 1,
    message: () => 'the work waits for something that can no longer happen, so it was stopped.',
    hint: () => 'a promise in the revision or the knexfile is never settled',
  }),
}
