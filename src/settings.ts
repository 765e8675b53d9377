/** One directory of revision files. */
export interface VersionLocation {
  /** Absolute. */
  readonly path: string
  /** Labels the directory's only base; new revisions of that branch are put there. */
  readonly label: string | undefined
}

/** A program that is run on every new revision file (a formatter, a linter). */
export interface PostWriteHook {
  readonly name: string
  /** Found in `node_modules/.bin` of the project first, then on PATH. */
  readonly command: string
  /** `REVISION_SCRIPT_FILENAME` stands for the new file; without it the file is the last argument. */
  readonly args: readonly string[]
  /** Absolute; undefined for the project's folder. */
  readonly cwd: string | undefined
}

/** What may stand under `rev` in an environment of the knexfile. Every key is optional. */
export interface RevOptions {
  /** One or several directories; relative ones are resolved from the knexfile's folder. Default `versions`; of several databases `versions/NAME`. */
  versionLocations?: string | readonly (string | { path: string; label?: string })[] | undefined
  /** Default false. Read sub-directories of the version locations, too. */
  recursiveVersionLocations?: boolean | undefined
  /** Default `rev_version`. `alembic_version` works as it is. At most 57 bytes, so that the names made from it fit. */
  versionTable?: string | undefined
  /** The schema of rev's own tables; on MySQL/MariaDB the database. Default: the connection's own. Created when missing. */
  schema?: string | undefined
  /**
   * What this project is called. The first run records it in each database (`rev_meta`), and from then on a database of
   * another project is refused. Default: none, and nothing is compared.
   */
  project?: string | undefined
  /** How long to wait for the lock: milliseconds, or text such as `500ms`, `60s`, `5m`, `1h`; 0 does not wait. Default 60 s. */
  lockTimeout?: number | string | undefined
  /**
   * How long a statement of a revision waits for a lock that another session holds on a table or row: as `lockTimeout`, but 0
   * is as long as it takes. Default 5 s, unless the connection itself is opened with a limit.
   */
  tableLockTimeout?: number | string | undefined
  /** How long one statement of a revision may take, written in the same way. Default 0: without end. Not on SQLite. */
  statementTimeout?: number | string | undefined
  /**
   * How two runs are kept apart: `session`, a lock of the database session, or `lease`, rows of a table that are renewed
   * while the run lasts, for what has no such lock: a pooler in transaction mode, and Galera. Default `session`.
   */
  lock?: 'session' | 'lease' | undefined
  /** How long a lease outlives a run that was killed, and the longest that a run may stand still. At least 1 s. Default 30 s. */
  leaseTime?: number | string | undefined
  /**
   * What an upgrade does after a step of it failed: `stop`, or `downgrade` what the same run has done before, where the
   * failed step has left nothing. Default `stop`.
   */
  onFailure?: 'stop' | 'downgrade' | undefined
  /** Folder of the project's own templates; looked at before the built-in ones. Default `templates` beside the knexfile, when there is one. */
  templates?: string | undefined
  /** The template for `rev revision` without `-t`. Default: by the kind of project. */
  template?: string | undefined
  /** Pattern of new file names, without extension. Tokens `%(rev)s %(slug)s %(epoch)s %(year)d %(month).2d %(day).2d %(hour).2d %(minute).2d %(second).2d` as in Alembic. Default `%(rev)s_%(slug)s`. */
  fileTemplate?: string | undefined
  /** IANA name of the time zone of creation dates. Default UTC. */
  timezone?: string | undefined
  /** Longest slug in a file name, 1 to 200. Default 40. */
  truncateSlugLength?: number | undefined
  /** Programs to run on each new file, in order. Text is split into words; no shell is started. */
  postWriteHooks?:
    | readonly (string | { name?: string; command: string; args?: readonly string[]; cwd?: string })[]
    | undefined
  /** A server on which rev may make and drop a scratch database while it writes a script with `--sql`. Default none. */
  shadowUrl?: string | undefined
  /** PostgreSQL and MySQL/MariaDB: `SET ROLE` on the connection before anything else. */
  role?: string | undefined
  /** One or several directories of seed files; relative ones are resolved from the knexfile's folder. Default `seeds`; of several databases `seeds/NAME`. */
  seedLocations?: string | readonly string[] | undefined
  /**
   * Whether what is in this database may not be lost: seeds have to be named, nothing marked development, test or demo
   * runs, and commands that remove something ask for the database's name. Default false.
   */
  protected?: boolean | undefined
  /**
   * One or several schemas (on MySQL/MariaDB databases) whose contents `rev reset` drops, and `rev db dump` writes down. Default:
   * the connection's own. Not on SQLite, where it is the file.
   */
  schemas?: string | readonly string[] | undefined
}

/** The checked settings: nothing optional, nothing relative. */
export interface RevSettings {
  readonly versionLocations: readonly VersionLocation[]
  readonly recursiveVersionLocations: boolean
  readonly versionTable: string
  readonly schema: string | undefined
  readonly project: string | undefined
  readonly lockTimeoutMs: number
  /** Undefined when it is not set: then 5 s hold where nothing else does. 0 is as long as it takes. */
  readonly tableLockTimeoutMs: number | undefined
  /** Undefined when it is not set. 0 is without end. */
  readonly statementTimeoutMs: number | undefined
  readonly lock: 'session' | 'lease'
  readonly leaseTimeMs: number
  readonly onFailure: 'stop' | 'downgrade'
  readonly templatesDirectory: string | undefined
  readonly template: string | undefined
  readonly fileTemplate: string
  readonly timezone: string
  readonly truncateSlugLength: number
  readonly postWriteHooks: readonly PostWriteHook[]
  readonly shadowUrl: string | undefined
  readonly role: string | undefined
  /** Absolute. */
  readonly seedLocations: readonly string[]
  readonly protected: boolean
  /** Undefined for the connection's own. */
  readonly schemas: readonly string[] | undefined
}
