import { GLOBAL_OPTIONS, type OptionName, spellingsOf } from './options.ts'

export interface ArgumentSpec {
  /** As it stands in help: `TARGET`. */
  readonly name: string
  /** What is missing when it is missing: `a target to go down to`. */
  readonly what: string
  readonly required: boolean
  readonly several: boolean
}

/** One command of the command line, without what it does. */
export interface CommandSpec {
  readonly name: string
  /** Other spellings of the same command. */
  readonly aliases: readonly string[]
  readonly argument: ArgumentSpec | undefined
  readonly summary: string
  /** More than the summary says; empty when that is all. */
  readonly description: string
  readonly options: readonly OptionName[]
  /** Options of every command that could change nothing about this one. */
  readonly without?: readonly OptionName[]
  readonly examples: readonly string[]
}

function argument(name: string, what: string, form: 'required' | 'optional' | 'several' | 'any'): ArgumentSpec {
  const several = form === 'several' || form === 'any'
  return { name, what, required: form === 'required' || form === 'several', several }
}

const SCRIPT_OPTIONS = ['sql', 'output', 'sql-client', 'no-guard', 'split'] as const
const REVISION_SCRIPT_OPTIONS = [...SCRIPT_OPTIONS, 'shadow-url', 'on-data-read'] as const
const LIMITS = ['lock-timeout', 'table-lock-timeout', 'statement-timeout'] as const
const RUN_OPTIONS = ['plan', 'only', 'tag', 'reason', 'single-transaction', ...LIMITS, 'wait'] as const

// A command with these goes through several databases when it is told to.
const DATABASES_OPTIONS = ['all-databases', 'continue-on-error'] as const

/** Every command, in the order in which help lists them. */
export const COMMANDS = [
  {
    name: 'init',
    aliases: [],
    argument: argument('DIR', 'a folder', 'optional'),
    summary: 'Make a project ready for rev.',
    description:
      'Works in DIR, or in the working directory. Writes a knexfile when there is none, and the folder versions. Without --scripts it changes no file that is there, and says what may be added to it.',
    options: ['template', 'scripts'],
    // There is no knexfile to read yet, and no revision to run.
    without: ['knexfile', 'env', 'database', 'client', 'connection', 'env-file', 'no-env-file', 'x'],
    examples: ['rev init', 'rev init backend -t javascript --scripts'],
  },
  {
    name: 'list-templates',
    aliases: ['list_templates'],
    argument: undefined,
    summary: 'List the templates for new projects and revisions.',
    description: '',
    options: [],
    examples: ['rev list-templates'],
  },
  {
    name: 'revision',
    aliases: [],
    argument: argument('MESSAGE', 'a message', 'optional'),
    summary: 'Write a new revision file.',
    description: 'The path of the file is the result; it is the only line on standard output.',
    options: [
      'message',
      'template',
      'head',
      'splice',
      'branch-label',
      'version-path',
      'rev-id',
      'depends-on',
      'edit',
      'autogenerate',
    ],
    examples: [
      'rev revision -m "add country table"',
      'rev revision -m "start billing" --head base --branch-label billing',
      'rev revision -m "add invoices" --head billing@head --depends-on 4f0c2a91d3be',
    ],
  },
  {
    name: 'merge',
    aliases: [],
    argument: argument('REV', 'the revisions to join', 'several'),
    summary: 'Write a revision file that joins several heads into one.',
    description: '',
    options: ['message', 'template', 'branch-label', 'rev-id', 'splice', 'version-path', 'edit'],
    examples: ['rev merge heads -m "merge billing"', 'rev merge 4f0c 77ab'],
  },
  {
    name: 'upgrade',
    aliases: [],
    argument: argument('TARGET', 'a target', 'optional'),
    summary: 'Go up to a target; without one, to head.',
    description:
      'A target is head, heads, a revision id or the beginning of one, a branch label, label@head, or a number of steps such as +2.',
    options: [
      ...RUN_OPTIONS,
      'rollback-on-failure',
      'allow-non-empty',
      ...REVISION_SCRIPT_OPTIONS,
      'with-rollback',
      ...DATABASES_OPTIONS,
    ],
    examples: ['rev upgrade head', 'rev upgrade +2', 'rev upgrade head --plan', 'rev upgrade --sql base:head > up.sql'],
  },
  {
    name: 'downgrade',
    aliases: [],
    argument: argument('TARGET', 'a target to go down to', 'required'),
    summary: 'Undo what was built on the target.',
    description:
      'A target is base, a revision id or the beginning of one, label@base, or a number of steps such as -1.',
    options: [...RUN_OPTIONS, ...REVISION_SCRIPT_OPTIONS, ...DATABASES_OPTIONS],
    examples: ['rev downgrade -1', 'rev downgrade 4f0c2a91d3be', 'rev downgrade base --plan'],
  },
  {
    name: 'stamp',
    aliases: [],
    argument: argument('TARGET', 'the target to write down', 'several'),
    summary: 'Say where the database is, without running anything.',
    description: '',
    options: ['purge', 'plan', 'tag', 'reason', 'lock-timeout', 'wait', ...SCRIPT_OPTIONS, ...DATABASES_OPTIONS],
    examples: ['rev stamp head', 'rev stamp --purge 4f0c2a91d3be'],
  },
  {
    name: 'current',
    aliases: [],
    argument: undefined,
    summary: 'Show where the database is.',
    description: '',
    options: ['check-heads', ...DATABASES_OPTIONS],
    examples: ['rev current', 'rev current --check-heads'],
  },
  {
    name: 'heads',
    aliases: [],
    argument: undefined,
    summary: 'List the heads of the revision files.',
    description: '',
    options: ['resolve-dependencies', ...DATABASES_OPTIONS],
    examples: ['rev heads', 'rev heads --resolve-dependencies'],
  },
  {
    name: 'branches',
    aliases: [],
    argument: undefined,
    summary: 'List the branch points and their children.',
    description: '',
    options: [],
    examples: ['rev branches'],
  },
  {
    name: 'history',
    aliases: [],
    argument: undefined,
    summary: 'List the revisions, newest first.',
    description: '',
    options: ['rev-range', 'indicate-current', ...DATABASES_OPTIONS],
    examples: ['rev history', 'rev history -r current:head', 'rev history -i -v'],
  },
  {
    name: 'show',
    aliases: [],
    argument: argument('REV', 'a revision', 'required'),
    summary: 'Show everything known of a revision.',
    description: '',
    options: [],
    examples: ['rev show head', 'rev show 4f0c'],
  },
  {
    name: 'status',
    aliases: [],
    argument: argument('TARGET', 'a target', 'optional'),
    summary: 'Show how each revision, and each seed, stands to the database.',
    description:
      'One line for each revision, oldest first: APPLIED, PENDING, REVERTED, FAILED, INTERRUPTED, EDITED, MISSING or UNKNOWN, when, for how long, and what went wrong; then one for each seed, in the order in which they run (docs/status.md). TARGET leaves that revision and what is below it, and no seeds. Works on any database, and changes nothing.',
    options: ['pending', 'exit-code', ...DATABASES_OPTIONS],
    examples: ['rev status', 'rev status --pending -v', 'rev status heads --exit-code'],
  },
  {
    name: 'log',
    aliases: [],
    argument: argument('REV', 'a revision', 'optional'),
    summary: 'Show what was done on the database, newest first.',
    description:
      'From the event log: each run with its revisions, by rev or by a script. REV leaves the runs that touched it; an id that no file knows works, too.',
    options: ['run', 'since', 'until', 'limit'],
    examples: ['rev log', 'rev log 4f0c -n 1', 'rev log --since 2026-08-01 --until 2026-08-31'],
  },
  {
    name: 'lock',
    aliases: [],
    argument: undefined,
    summary: 'Show who holds the lock of runs, or that nobody does.',
    description: 'Takes it from nobody, and works on a database that rev never touched.',
    options: [],
    examples: ['rev lock', 'rev lock --json'],
  },
  {
    name: 'wait',
    aliases: [],
    argument: undefined,
    summary: 'Wait until the database stands at a target, or above it.',
    description:
      'For those that follow: it only reads, takes no lock, and goes on while the server is not up yet. Exits with 0 when the database is there, with 3 when the time is over.',
    options: ['for', 'timeout', ...DATABASES_OPTIONS],
    examples: ['rev wait', 'rev wait --for 4f0c --timeout 5m'],
  },
  {
    name: 'edit',
    aliases: [],
    argument: argument('REV', 'a revision', 'required'),
    summary: 'Open a revision file in $EDITOR.',
    description: '',
    options: [],
    examples: ['rev edit head'],
  },
  {
    name: 'ensure-version',
    aliases: ['ensure_version'],
    argument: undefined,
    summary: 'Create the version table when it is missing.',
    description: '',
    options: ['sql', 'output', 'sql-client', 'no-guard', ...DATABASES_OPTIONS],
    examples: ['rev ensure-version'],
  },
  {
    name: 'check',
    aliases: [],
    argument: undefined,
    summary: 'Check the revision files; for CI.',
    description:
      'Exits with 0 when the graph is sound and has one head, or one for each declared label. Connects to nothing without --db.',
    options: ['base', 'db', ...DATABASES_OPTIONS],
    examples: ['rev check', 'rev check --base origin/main', 'rev check --db'],
  },
  {
    name: 'doctor',
    aliases: [],
    argument: undefined,
    summary: 'Find out what is wrong with the version table, and what would repair it.',
    description:
      'Works on a table that every other command refuses, and changes nothing. Exits with 0 when all is well, and with 3 when not.',
    options: [...DATABASES_OPTIONS],
    examples: ['rev doctor'],
  },
  {
    name: 'repair',
    aliases: [],
    argument: argument('REV', 'a revision', 'required'),
    summary: 'Put a revision right that stopped half way, was edited, or is gone.',
    description:
      'One thing at a time: --resume, --rerun, --applied, --reverted, --accept-edit or --forget. All but the first two want a --reason. See docs/repair.md.',
    options: [
      'resume',
      'rerun',
      'applied',
      'reverted',
      'accept-edit',
      'forget',
      'unknown',
      'reason',
      'tag',
      'lock-timeout',
      'wait',
    ],
    examples: [
      'rev repair 4f0c --resume',
      'rev repair 4f0c --reverted --reason "dropped both tables by hand"',
      'rev repair 4f0c --accept-edit --reason "a comment for the auditors"',
    ],
  },
  {
    name: 'setup',
    aliases: [],
    argument: argument('TARGET', 'a target', 'optional'),
    summary: 'Create the database when it is missing, upgrade it, and run its seeds.',
    description:
      'Goes up to TARGET, or to head, and says what each part did; the second time it changes nothing. In a protected environment no seeds run, because there they have to be named.',
    options: ['no-seed', 'reason', 'lock-timeout', 'wait', ...DATABASES_OPTIONS],
    examples: ['rev setup', 'rev setup --no-seed'],
  },
  {
    name: 'reset',
    aliases: [],
    argument: argument('TARGET', 'a target', 'optional'),
    summary: 'Drop everything in the database, and set it up again.',
    description:
      "Drops what is in the schemas of the setting schemas, else in the connection's own, and rev's own tables; lists it first. Asks on a terminal; elsewhere it needs --force, and in a protected environment --yes-i-mean. Then it does what rev setup does.",
    options: ['drop-database', 'no-seed', 'force', 'yes-i-mean', 'reason', 'lock-timeout', 'wait'],
    examples: ['rev reset', 'rev reset --force', 'rev reset --drop-database --env test --force'],
  },
  {
    name: 'db ping',
    aliases: [],
    argument: undefined,
    summary: 'Connect, and say which database answers, and how fast.',
    description: '',
    options: [...DATABASES_OPTIONS],
    examples: ['rev db ping'],
  },
  {
    name: 'db wait',
    aliases: [],
    argument: undefined,
    summary: 'Wait until the server of the database answers.',
    description:
      'A database that is not there yet is an answer, too: rev db create makes it. A refused login ends the waiting at once. Exits with 3 when the time is over.',
    options: ['timeout', ...DATABASES_OPTIONS],
    examples: ['rev db wait', 'rev db wait --timeout 60s'],
  },
  {
    name: 'db create',
    aliases: [],
    argument: undefined,
    summary: 'Create the database of the connection when it is missing.',
    description: 'On SQLite the file and its folder. Says whether it was there already.',
    options: [...DATABASES_OPTIONS],
    examples: ['rev db create', 'rev db create --env test'],
  },
  {
    name: 'db drop',
    aliases: [],
    argument: undefined,
    summary: 'Drop the database of the connection, with everything in it.',
    description:
      'Asks first on a terminal; elsewhere it needs --force, and in a protected environment --yes-i-mean. It takes the lock of runs, and PostgreSQL refuses while others are connected, unless --force ends their sessions.',
    options: ['force', 'yes-i-mean', 'lock-timeout', 'wait'],
    examples: ['rev db drop', 'rev db drop --env test --force'],
  },
  {
    name: 'db dump',
    aliases: [],
    argument: undefined,
    summary: 'Write the schema down as SQL, so that git shows what changed.',
    description:
      'To schema.sql beside the knexfile (of several databases to schema.NAME.sql), or --output. By pg_dump, mariadb-dump or mysqldump, which have to be installed; on SQLite by rev itself. Without rows, without the own tables of rev, and always the same for the same schema.',
    options: ['output'],
    examples: ['rev db dump', 'rev db dump --output db/schema.sql', 'rev db dump --output -'],
  },
  {
    name: 'seed run',
    aliases: ['seed:run'],
    argument: argument('NAME', 'a seed', 'any'),
    summary: 'Run seeds; without names, all that belong to no scenario.',
    description:
      'What they depend on runs first, each seed in a transaction of its own with its record. A name is that of a seed, or tag:TAG. In a protected environment seeds have to be named.',
    options: [
      'only',
      'scenario',
      'force',
      'reason',
      ...LIMITS,
      'wait',
      'sql',
      'output',
      'sql-client',
      'no-guard',
      'shadow-url',
      ...DATABASES_OPTIONS,
    ],
    examples: [
      'rev seed run',
      'rev seed run countries',
      'rev seed run countries --sql > countries.sql',
      'rev seed run --scenario power-user',
    ],
  },
  {
    name: 'seed status',
    aliases: [],
    argument: undefined,
    summary: 'Show every seed, and how it stands in the database.',
    description: '',
    options: [...DATABASES_OPTIONS],
    examples: ['rev seed status', 'rev seed status --json'],
  },
  {
    name: 'seed plan',
    aliases: [],
    argument: argument('NAME', 'a seed', 'any'),
    summary: 'Show which seeds would run, in order, and touch nothing.',
    description: '',
    options: ['only', 'scenario', 'force'],
    examples: ['rev seed plan', 'rev seed plan --scenario power-user'],
  },
  {
    name: 'seed make',
    aliases: ['seed:make'],
    argument: argument('NAME', 'a name', 'required'),
    summary: 'Write a new seed file.',
    description: 'The path of the file is the result; it is the only line on standard output.',
    options: ['template', 'edit'],
    examples: ['rev seed make countries', 'rev seed make users -t fake'],
  },
  {
    name: 'seed undo',
    aliases: [],
    argument: argument('NAME', 'a seed', 'any'),
    summary: 'Take seeds back: by their undo, else by the keys of what they inserted.',
    description:
      'Children go before their parents. Asks first on a terminal; elsewhere it needs --force, and in a protected environment --yes-i-mean.',
    options: ['scenario', 'force', 'yes-i-mean', 'reason', ...LIMITS, 'wait'],
    examples: ['rev seed undo --scenario power-user', 'rev seed undo users --force'],
  },
  {
    name: 'seed clean',
    aliases: [],
    argument: undefined,
    summary: 'Take the seeds of all scenarios back.',
    description: 'Asks first, as rev seed undo does.',
    options: ['force', 'yes-i-mean', 'reason', ...LIMITS, 'wait'],
    examples: ['rev seed clean', 'rev seed clean --force'],
  },
  {
    name: 'seed stamp',
    aliases: [],
    argument: argument('NAME', 'the seeds to record', 'several'),
    summary: 'Record seeds as done, with their files as they are, and run nothing.',
    description: '',
    options: ['reason', 'lock-timeout', 'wait'],
    examples: ['rev seed stamp countries'],
  },
] as const satisfies readonly CommandSpec[]

export type CommandName = (typeof COMMANDS)[number]['name']

/** The command of that name or spelling. */
export function findCommand(word: string): CommandSpec | undefined {
  return COMMANDS.find(({ name, aliases }: CommandSpec) => name === word || aliases.includes(word))
}

/** Whether a command can go through several databases. */
export function takesDatabases({ options }: CommandSpec): boolean {
  return options.includes('all-databases')
}

/** The first words of commands that have two. */
export const COMMAND_GROUPS: ReadonlySet<string> = new Set(
  COMMANDS.flatMap(({ name }: CommandSpec) => (name.includes(' ') ? (name.split(' ')[0] ?? []) : [])),
)

/** The second words that go with a first one. */
export function commandsOfGroup(group: string): string[] {
  return COMMANDS.flatMap(({ name }: CommandSpec) => (name.startsWith(`${group} `) ? name.slice(group.length + 1) : []))
}

/** The options of every command, as far as this one takes them. */
export function globalOptionsOf({ without = [] }: CommandSpec): readonly OptionName[] {
  return GLOBAL_OPTIONS.filter((name: OptionName) => !without.includes(name))
}

/** All options of a command: its own first. */
export function optionsOf(command: CommandSpec): readonly OptionName[] {
  return [...command.options, ...globalOptionsOf(command)]
}

/** The name of the option behind a spelling such as `-m` or `--message`: the command's own before the global ones. */
export function findOption(spelling: string, command: CommandSpec | undefined): OptionName | undefined {
  return lookUp(command ? optionsOf(command) : GLOBAL_OPTIONS, spelling)
}

/** The same for an option written before the command that it belongs to. */
export function findOptionOfAnyCommand(spelling: string): OptionName | undefined {
  return lookUp([...GLOBAL_OPTIONS, ...COMMANDS.flatMap(({ options }: CommandSpec) => options)], spelling)
}

/** How a command is written: `rev upgrade [TARGET]`. */
export function usageOf({ name, argument: spec }: CommandSpec): string {
  if (!spec) return `rev ${name}`
  const text = spec.several ? `${spec.name}...` : spec.name
  return `rev ${name} ${spec.required ? text : `[${text}]`}`
}

function lookUp(names: readonly OptionName[], spelling: string): OptionName | undefined {
  return names.find((name) => spellingsOf(name).includes(spelling))
}
