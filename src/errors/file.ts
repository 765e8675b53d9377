import { entry } from './define.ts'

/** Revision files and templates on disk. */
export const fileErrors = {
  REV_FILE_LOAD_FAILED: entry<{ file: string; revision?: string; line?: number; reason: string }>({
    exit: 1,
    message: ({ file, line, reason }) =>
      `${file}${line === undefined ? '' : `:${line}`} could not be loaded: ${reason}`,
  }),
  REV_FILE_INVALID_EXPORTS: entry<{ file: string; revision?: string; problems: readonly string[] }>({
    exit: 1,
    message: ({ file, problems }) =>
      [`${file} cannot be used as a revision:`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
  }),
  REV_FILE_NOT_A_REVISION: entry<{
    file: string
    looksLike: 'knex' | 'unknown'
    /** An export that was probably meant to be "revision". */
    misspelled?: string
  }>({
    exit: 1,
    message: ({ file, looksLike }) =>
      looksLike === 'knex'
        ? `${file} is a plain Knex migration: it has "up" and "down" but no "revision".`
        : `${file} is no revision: it exports no "revision".`,
    hint: ({ looksLike, misspelled }) => {
      if (misspelled !== undefined) return `did you mean "revision" where it exports "${misspelled}"?`
      return looksLike === 'knex'
        ? 'export revision, down_revision, upgrade and downgrade from it (exporting up and down as well keeps it running under knex), or move it to another folder'
        : 'export revision, down_revision, upgrade and downgrade from it, or move it to a folder that is not a version location'
    },
  }),
  REV_FILE_HEADER_DIFFERS: entry<{ file: string; revision: string; differences: readonly string[] }>({
    exit: 1,
    message: ({ file, revision, differences }) =>
      [
        `${file}: what revision "${revision}" exports when it runs is not what its text says:`,
        ...differences.map((difference) => `  ${difference}`),
      ].join('\n'),
    hint: () => 'write revision, down_revision, branch_labels and depends_on as plain literals',
  }),
  REV_FILE_LOCATION_MISSING: entry<{ directories: readonly string[] }>({
    exit: 2,
    message: ({ directories }) =>
      directories.length === 1
        ? `the version location ${directories[0]} does not exist.`
        : ['these version locations do not exist:', ...directories.map((directory) => `  ${directory}`)].join('\n'),
    hint: ({ directories: [first = ''] }) =>
      `is this the right project? --cwd DIR or --knexfile PATH name another; else make the folder (mkdir -p ${first}; in a new project: rev init), or correct "versionLocations" under "rev" in the knexfile`,
  }),
  REV_FILE_UNREADABLE: entry<{ file: string; reason: string }>({
    exit: 1,
    message: ({ file, reason }) => `${file} could not be read: ${reason}`,
  }),
  REV_FILE_LOCATION_LABEL: entry<{ directory: string; label: string; bases: readonly string[] }>({
    exit: 1,
    message: ({ directory, label, bases }) =>
      `the version location ${directory} has the label "${label}", which belongs to its only base, but there are ${bases.length}: ${bases.join(', ')}.`,
    hint: () => 'give each base a directory of its own, or declare branch_labels in the files instead',
  }),
  REV_FILE_TEMPLATE_NOT_FOUND: entry<{
    template: string
    /** What was looked for in the template: `revision` or `knexfile`. */
    part: string
    directories: readonly string[]
    templates: readonly string[]
    suggestion?: string
  }>({
    exit: 2,
    message: ({ template, part, directories }) =>
      `there is no template "${template}" for a ${part} (looked in ${directories.join(', ')}).`,
    hint: ({ templates, suggestion }) =>
      suggestion ? `did you mean: -t ${suggestion}` : `there are: ${templates.join(', ')}`,
  }),
  REV_FILE_TEMPLATE_FAILED: entry<{ file: string; reason: string }>({
    exit: 1,
    message: ({ file, reason }) => `the template ${file} could not be rendered: ${reason}`,
    hint: () => 'nothing was written',
  }),
  REV_FILE_TEMPLATE_MISMATCH: entry<{
    file: string
    /** The export that does not say what was asked for. */
    name: string
    expected: readonly string[]
    found: readonly string[]
  }>({
    exit: 1,
    message: ({ file, name, expected, found }) =>
      `the template ${file} does not carry over ${name}: asked for ${JSON.stringify(expected)}, it makes ${JSON.stringify(found)}.`,
    hint: ({ name }) => `nothing was written; the template needs: ${name} = {{json ${name}}}`,
  }),
  REV_FILE_ILLEGAL_NAME: entry<{ name: string; reason: string }>({
    exit: 2,
    message: ({ name, reason }) => `"${name}" cannot be the name of a revision file: ${reason}.`,
    hint: () => 'choose another --rev-id or message, or change fileTemplate under "rev" in the knexfile',
  }),
  REV_FILE_ALREADY_EXISTS: entry<{ file: string }>({
    exit: 1,
    message: ({ file }) => `${file} exists already and is not overwritten.`,
    hint: () => 'choose another --rev-id or message, or move that file away',
  }),
  REV_FILE_WRITE_FAILED: entry<{ file: string; reason: string }>({
    exit: 1,
    message: ({ file, reason }) => `${file} could not be written: ${reason}.`,
  }),
  REV_FILE_HOOK_FAILED: entry<{
    hook: string
    file: string
    /** Undefined when the program was not started or ended by a signal. */
    exitCode?: number
    reason: string
    /** The last lines that the program wrote. */
    output: string
  }>({
    exit: 1,
    message: ({ hook, file, reason, output }) =>
      `the post-write hook "${hook}" failed for ${file}: ${reason}.${output ? `\n${output}` : ''}`,
    hint: () => 'the file was written and stays; mend the hook under rev.postWriteHooks in the knexfile',
  }),
  REV_FILE_EDITOR_FAILED: entry<{ editor: string; file: string; reason: string }>({
    exit: 1,
    message: ({ editor, file, reason }) => `the editor "${editor}" failed for ${file}: ${reason}.`,
    hint: () => 'the file is as it was saved; EDITOR names the program to open it with',
  }),
}
