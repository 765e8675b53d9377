import { entry } from './define.ts'
import type { GraphProblem } from './graph.ts'

/** What a command was asked for does not make sense for these files. */
export const commandErrors = {
  REV_USAGE_NOTHING_TO_EDIT: entry<{ target: string }>({
    exit: 2,
    message: ({ target }) => `"${target}" names no revision that has a file.`,
    hint: () => 'rev history lists the revisions',
  }),
  REV_USAGE_NOTHING_TO_MERGE: entry<{ targets: readonly string[]; heads: readonly string[] }>({
    exit: 2,
    message: ({ targets, heads }) =>
      `"${targets.join(' ')}" names ${heads.length === 1 ? `only one head, ${heads[0]}` : 'no head'}; a merge joins at least two.`,
    hint: () => 'rev heads lists the heads; to go on from a single one: rev revision -m "message"',
  }),
  REV_USAGE_NEW_REVISION: entry<{ revision: string; problems: readonly GraphProblem[] }>({
    exit: 2,
    message: ({ revision, problems }) =>
      `a new revision "${revision}" like this would not fit in, so nothing was written: ${problems
        .map((problem) => problem.message)
        .join(' ')}`,
    hint: ({ problems }) => problems.find((problem) => problem.hint !== undefined)?.hint,
  }),
  REV_USAGE_UNKNOWN_VERSION_PATH: entry<{ path: string; locations: readonly string[] }>({
    exit: 2,
    message: ({ path, locations }) => `"${path}" is not one of the version locations: ${locations.join(', ')}.`,
    hint: () => 'name one of them, or add it to versionLocations in the knexfile',
  }),
  REV_USAGE_VERSION_PATH_NEEDED: entry<{ locations: readonly string[] }>({
    exit: 2,
    message: ({ locations }) =>
      `there are several version locations, and nothing says which takes the new file: ${locations.join(', ')}.`,
    hint: ({ locations }) => `name one: --version-path ${locations[0]}`,
  }),
}
