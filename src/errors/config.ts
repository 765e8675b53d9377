import { entry } from './define.ts'

/** The knexfile, its environments and the settings under `rev`. */
export const configErrors = {
  REV_CONFIG_INVALID: entry<{ file?: string; problems: readonly string[] }>({
    exit: 2,
    message: ({ file, problems }) =>
      [`the settings under "rev"${file ? ` in ${file}` : ''} cannot be used:`, ...problems.map((p) => `  ${p}`)].join(
        '\n',
      ),
  }),
  REV_CONFIG_NO_DIRECTORY: entry<{ directory: string }>({
    exit: 2,
    message: ({ directory }) => `there is no folder ${directory} to start from.`,
    hint: () => 'a relative path of --cwd starts from the working directory',
  }),
  REV_CONFIG_KNEXFILE_NOT_FOUND: entry<{
    /** The file, when one was named, else the folder that the search began in; absolute. */
    searched: string
    knexfile?: string
  }>({
    exit: 2,
    message: ({ searched, knexfile }) =>
      knexfile
        ? `there is no knexfile at "${knexfile}" (looked for ${searched}).`
        : `there is no knexfile in ${searched} or in any folder above it.`,
    hint: ({ knexfile }) =>
      knexfile
        ? 'the path of --knexfile starts from the working directory'
        : 'write one with: rev init, or name one with: --knexfile PATH, or give both --client and --connection',
  }),
  REV_CONFIG_KNEXFILE_FAILED: entry<{ file: string; line?: number; reason: string }>({
    exit: 2,
    message: ({ file, line, reason }) =>
      `the knexfile ${file}${line === undefined ? '' : `:${line}`} could not be loaded: ${reason}`,
    hint: () => '--raiseerr shows the whole trace',
  }),
  REV_CONFIG_UNKNOWN_ENV: entry<{
    file: string
    environment: string
    /** Where the name came from: `--env`, `REV_ENV`, `NODE_ENV` or `default`. */
    source: string
    environments: readonly string[]
    suggestion?: string
  }>({
    exit: 2,
    message: ({ file, environment, source, environments }) =>
      [
        `there is no environment "${environment}" (${source === 'default' ? 'the default' : `from ${source}`}) in ${file}: `,
        environments.length === 0 ? 'it has no environments.' : `it has ${environments.join(', ')}.`,
      ].join(''),
    hint: ({ environments, suggestion }) =>
      environments.length === 0
        ? 'leave out --env, or put the configuration under that name'
        : `${suggestion ? 'did you mean' : 'choose one'}: --env ${suggestion ?? environments[0]}`,
  }),
  REV_CONFIG_INVALID_DATABASES: entry<{ file: string; problems: readonly string[] }>({
    exit: 2,
    message: ({ file, problems }) =>
      [`the databases in ${file} cannot be told apart:`, ...problems.map((problem) => `  ${problem}`)].join('\n'),
    hint: () => "write for example: databases: { app: { client: 'pg', connection: ... }, analytics: { ... } }",
  }),
  REV_CONFIG_UNKNOWN_DATABASE: entry<{
    file: string
    database: string
    databases: readonly string[]
    suggestion?: string
  }>({
    exit: 2,
    message: ({ file, database, databases }) =>
      `there is no database "${database}" in ${file}: ${databases.length === 0 ? 'it names none.' : `it has ${databases.join(', ')}.`}`,
    hint: ({ databases, suggestion }) =>
      databases.length === 0
        ? 'leave out --database, or name the databases in the knexfile: databases: { app: { ... }, analytics: { ... } }'
        : `${suggestion ? 'did you mean' : 'choose one'}: --database ${suggestion ?? databases[0]}`,
  }),
  REV_CONFIG_DATABASE_NEEDED: entry<{ file: string; databases: readonly string[] }>({
    exit: 2,
    message: ({ file, databases }) =>
      `${file} has several databases (${databases.join(', ')}), and it was not said which one is meant.`,
    hint: ({ databases }) =>
      `name one: --database ${databases[0]}; several by repeating it, or all with --all-databases, where the command takes them`,
  }),
  REV_CONFIG_NO_DATABASES: entry<{ file: string }>({
    exit: 2,
    message: ({ file }) => `${file} does not say which databases belong together, so "all" has no meaning.`,
    hint: () =>
      "add a map, databases: { app: { ... }, analytics: { ... } }, or a list of the environments that do, databases: ['app', 'analytics']; or name each with --database",
  }),
  REV_CONFIG_NO_CLIENT: entry<{ file?: string; environment?: string }>({
    exit: 2,
    message: ({ file, environment }) =>
      `${environment ? `the environment "${environment}"` : 'the configuration'}${file ? ` in ${file}` : ''} names no client.`,
    hint: () => "add for example client: 'pg', 'mysql2' or 'better-sqlite3', or give --client",
  }),
  REV_CONFIG_INVALID_CONNECTION: entry<{ reason: string }>({
    exit: 2,
    message: ({ reason }) => `the value of --connection cannot be used: ${reason}.`,
    hint: () => 'give a URL, the path of an SQLite file, or a JSON object',
  }),
  REV_CONFIG_ENV_FILE_FAILED: entry<{ file: string; reason: string }>({
    exit: 2,
    message: ({ file, reason }) => `the file of variables ${file} could not be read: ${reason}.`,
    hint: () => 'name another with --env-file FILE, or read none with --no-env-file',
  }),
  REV_CONFIG_INVALID_DURATION: entry<{ text: string }>({
    exit: 2,
    message: ({ text }) => `"${text}" is not a length of time.`,
    hint: () => 'write milliseconds as a number, or 500ms, 60s, 5m, 1h',
  }),
  REV_CONFIG_NO_EDITOR: entry<{ file: string }>({
    exit: 2,
    message: ({ file }) => `no editor is set to open ${file} with.`,
    hint: () => 'set EDITOR (or VISUAL), for example: EDITOR="code --wait"',
  }),
  REV_CHECK_NOT_A_REPOSITORY: entry<{ directory: string; reason: string }>({
    exit: 2,
    message: ({ directory, reason }) => `git cannot tell the history of ${directory}: ${reason}.`,
    hint: () => 'a comparison with --base needs git and a repository around the revision files',
  }),
  REV_CHECK_UNKNOWN_REF: entry<{ ref: string; shallow: boolean }>({
    exit: 2,
    message: ({ ref, shallow }) =>
      `git knows no commit "${ref}" here${shallow ? '; this is a shallow clone, and the comparison needs the full history' : ''}.`,
    hint: ({ shallow }) =>
      shallow
        ? 'fetch it with: git fetch --unshallow (GitHub Actions: fetch-depth: 0)'
        : 'git branch --all lists the names; fetch it first when it lives elsewhere: git fetch',
  }),
  REV_CHECK_HISTORY_MISSING: entry<{ ref: string }>({
    exit: 2,
    message: ({ ref }) =>
      `this is a shallow clone that does not reach back to where it left "${ref}"; the comparison needs the full history.`,
    hint: () => 'fetch it with: git fetch --unshallow (GitHub Actions: fetch-depth: 0)',
  }),
  REV_CHECK_UNREADABLE_AT_REF: entry<{ ref: string; file: string; reason: string }>({
    exit: 2,
    message: ({ ref, file, reason }) => `${file} at "${ref}" cannot be read as a revision: ${reason}.`,
    hint: () => 'write revision, down_revision, branch_labels and depends_on of that file as plain literals',
  }),
}
