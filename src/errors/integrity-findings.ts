/** One thing that is not as it should be in a database, or between it and the files. */
export interface IntegrityFinding {
  /** `REV_FINDING_...`; stable. */
  readonly code: string
  /** False for what is only worth knowing. */
  readonly isFault: boolean
  readonly revision?: string | undefined
  /** Absolute. */
  readonly file?: string | undefined
  /** A full sentence. */
  readonly message: string
  /** What to do, for people. */
  readonly hint?: string
  /** SQL statements, and commands that begin with `rev`, in order, that would repair it; rev runs none of them by itself. */
  readonly repair?: readonly string[]
  /** The checksum in the log, and that of the file now. */
  readonly recorded?: string
  readonly found?: string
}

interface FileOfRevision {
  readonly revision: string
  readonly file: string | undefined
}

/** A checksum as it was recorded, and as it is; the parts that differ, shortened for people. */
export interface ChecksumPair {
  readonly recorded: string
  readonly found: string
  readonly was: string
  readonly is: string
}

const place = ({ revision, file }: FileOfRevision): string => (file === undefined ? revision : `${revision} (${file})`)
const list = (names: readonly string[], most = 8): string =>
  names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`
const rowsOr = (rows: readonly string[]): string => (rows.length === 0 ? 'no row' : list(rows))

/** The wording of every finding. */
export const integrityFindings = {
  edited: (at: FileOfRevision, pair: ChecksumPair): IntegrityFinding => ({
    code: 'REV_FINDING_EDITED',
    isFault: true,
    ...at,
    ...checksums(pair),
    message: `revision ${place(at)} was edited after it was applied: ${pair.was} then, ${pair.is} now.`,
    hint: `put the file back as it was applied, and write the change as a new revision; when the file is right as it is: rev repair ${at.revision} --accept-edit --reason TEXT`,
  }),
  cosmeticEdit: (at: FileOfRevision, pair: ChecksumPair): IntegrityFinding => ({
    code: 'REV_FINDING_COSMETIC_EDIT',
    isFault: false,
    ...at,
    ...checksums(pair),
    message: `comments or white space of revision ${place(at)} were changed after it was applied, and no code: ${pair.was} then, ${pair.is} now.`,
  }),
  notComparable: (revisions: readonly string[]): IntegrityFinding => ({
    code: 'REV_FINDING_NOT_COMPARABLE',
    isFault: false,
    message: `the files of ${list(revisions)} cannot be compared with what was applied: the one is TypeScript and the other JavaScript, or the log does not say.`,
  }),
  fileMissing: (at: {
    revision: string
    when: string
    commit: string | undefined
    stampedSince: boolean
  }): IntegrityFinding => ({
    code: 'REV_FINDING_FILE_MISSING',
    isFault: !at.stampedSince,
    revision: at.revision,
    message: `revision ${at.revision} was applied on ${at.when}${from(at.commit)}, and no file has it${
      at.stampedSince ? '; the rows were stamped since' : ''
    }.`,
    ...(at.stampedSince
      ? {}
      : { hint: `${backFrom(at.commit)}; when it is gone for good: rev repair ${at.revision} --forget --reason TEXT` }),
  }),
  unknownRow: (at: {
    revision: string
    when: string | undefined
    commit: string | undefined
    directories: readonly string[]
  }): IntegrityFinding => ({
    code: 'REV_FINDING_UNKNOWN_ROW',
    isFault: true,
    revision: at.revision,
    message: `the version table holds "${at.revision}"${
      at.when === undefined ? '' : `, applied on ${at.when}${from(at.commit)}`
    }, which no file in ${list(at.directories) || 'the given revisions'} knows: the database is ahead of these files, from another branch, or not the one that is meant.`,
    hint: `${backFrom(at.commit)}; when it is gone for good: rev repair ${at.revision} --forget --reason TEXT`,
  }),
  notRun: (at: FileOfRevision, child: string): IntegrityFinding => ({
    code: 'REV_FINDING_NOT_RUN',
    isFault: true,
    ...at,
    message: `revision ${place(at)} counts as applied, because ${child} stands on it; by the log ${child} was applied without it, and it was not run since.`,
    hint: `was it put below ${child} later? Then put it on top of what is applied, by changing down_revision; if its work is there already, leave it`,
  }),
  takenBack: (at: FileOfRevision, when: string): IntegrityFinding => ({
    code: 'REV_FINDING_NOT_RUN',
    isFault: true,
    ...at,
    message: `revision ${place(at)} counts as applied by the version rows; by the log it was taken back on ${when}, and was not run since.`,
    hint: 'see what was done with: rev log; then say where the database stands: rev stamp REVISION',
  }),
  overlappingRows: (above: string, below: string): IntegrityFinding => ({
    code: 'REV_FINDING_OVERLAPPING_ROWS',
    isFault: true,
    revision: below,
    message: `the version table holds ${above} and ${below}, although ${above} already implies ${below}.`,
    repair: [`rev stamp ${above}`],
  }),
  rowsChanged: (at: {
    table: string
    rows: readonly string[]
    logged: readonly string[]
    when: string
    /** Whether the files know all rows, those in the table and those in the log. */
    isStampable: boolean
  }): IntegrityFinding => ({
    code: 'REV_FINDING_ROWS_CHANGED',
    isFault: true,
    message: `${at.table} holds ${rowsOr(at.rows)}; the last run in the log left ${rowsOr(at.logged)} on ${at.when}.`,
    hint: `was it changed by hand, or restored without its log? See what was done with: rev log${
      at.isStampable ? '; only when the log is right' : ''
    }`,
    ...(at.isStampable ? { repair: [`rev stamp --purge ${at.logged.join(' ')}`] } : {}),
  }),
  tableGone: (at: {
    table: string
    log: string
    logged: readonly string[]
    when: string
    isStampable: boolean
  }): IntegrityFinding => ({
    code: 'REV_FINDING_TABLE_GONE',
    isFault: true,
    message: `there is no version table ${at.table}, and the last run in ${at.log} left ${rowsOr(at.logged)} in it on ${at.when}.`,
    hint: `restore the table from a backup${
      at.isStampable ? '; or, only when the log is right' : ', or check out the code that knows these revisions'
    }`,
    ...(at.isStampable ? { repair: [`rev stamp ${at.logged.join(' ')}`] } : {}),
  }),
  alembicTable: (at: { table: string; alembic: string; rows: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_ALEMBIC_TABLE',
    isFault: true,
    message: `there is no version table ${at.table}, but a table of Alembic, ${at.alembic}, with ${rowsOr(at.rows)}.`,
    hint: `if these files go on where Alembic was, set versionTable to "alembic_version" under "rev" in the knexfile; if Alembic keeps it for a graph of its own, nothing is wrong`,
  }),
  noColumn: (at: {
    table: string
    columns: readonly string[]
    isKnex: boolean
    repair: readonly string[]
  }): IntegrityFinding => ({
    code: 'REV_FINDING_NO_COLUMN',
    isFault: true,
    message: `${at.table} has no column "version_num"; it has ${list(at.columns.map((name) => `"${name}"`))}${
      at.isKnex ? ', as the table of Knex has them' : ''
    }.`,
    hint: 'if this is not a version table, name another one as "versionTable" under "rev" in the knexfile',
    ...(at.isKnex ? {} : { repair: at.repair }),
  }),
  wrongType: (at: { table: string; type: string; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_WRONG_TYPE',
    isFault: true,
    message: `the column "version_num" of ${at.table} is ${at.type}, and should be varchar(255).`,
    hint: 'compare the rows with the ids in the files afterwards: numbers keep no zeros in front',
    repair: at.repair,
  }),
  tooNarrow: (at: { table: string; limit: number; revision: string; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_TOO_NARROW',
    isFault: true,
    revision: at.revision,
    message: `"version_num" of ${at.table} holds ${at.limit} characters, and the id ${at.revision} has ${at.revision.length}.`,
    repair: at.repair,
  }),
  nullRows: (at: { table: string; count: number; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_NULL_ROW',
    isFault: true,
    message: `${at.count === 1 ? 'a row' : `${at.count} rows`} of ${at.table} ${at.count === 1 ? 'is' : 'are'} NULL or empty and names no revision.`,
    repair: at.repair,
  }),
  duplicateRow: (at: { table: string; row: string; count: number; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_DUPLICATE_ROW',
    isFault: true,
    revision: at.row,
    message: `the row "${at.row}" is in ${at.table} ${at.count} times; the table has no key.`,
    repair: at.repair,
  }),
  unfinished: (at: {
    revision: string
    direction: 'upgrade' | 'downgrade'
    done: number
    unknown: number
    isAtWork: boolean
  }): IntegrityFinding => ({
    code: 'REV_FINDING_UNFINISHED',
    isFault: !at.isAtWork,
    revision: at.revision,
    message: at.isAtWork
      ? `the ${at.direction} of ${at.revision} is under way.`
      : `the ${at.direction} of ${at.revision} stopped half way: ${statements(at.done)} of it done${
          at.unknown === 0 ? '' : `, and of ${at.unknown} it is not known`
        }.`,
    ...(at.isAtWork
      ? {}
      : { hint: `run the ${at.direction} again, which goes on behind them; or see: rev repair --help` }),
  }),
  unfinishedByScript: (at: { revision: string; direction: 'upgrade' | 'downgrade' }): IntegrityFinding => ({
    code: 'REV_FINDING_UNFINISHED',
    isFault: true,
    revision: at.revision,
    message: `a script stopped half way in the ${at.direction} of ${at.revision}: statements of it are in the database, and rev does not know which.`,
    hint: `look at the database and at the script; then rev repair ${at.revision} --rerun, or --applied or --reverted with --reason TEXT`,
  }),
  journalColumns: (at: { table: string; missing: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_JOURNAL_COLUMNS',
    isFault: true,
    message: `the journal ${at.table} has no column ${list(at.missing.map((name) => `"${name}"`))}; it comes from another release.`,
    hint: `finish what is under way with the release that it comes from; when nothing is: drop table ${at.table}`,
  }),
  journalHidden: (at: { table: string; reason: string }): IntegrityFinding => ({
    code: 'REV_FINDING_JOURNAL_HIDDEN',
    isFault: false,
    message: `the journal ${at.table} cannot be read, so that nothing is known of steps that stopped half way: ${at.reason}`,
    hint: `grant select on ${at.table} to this user`,
  }),
  invalidIndex: (at: { index: string; table: string }): IntegrityFinding => ({
    code: 'REV_FINDING_INVALID_INDEX',
    isFault: false,
    message: `the index ${at.index} of ${at.table} is not valid: CREATE INDEX CONCURRENTLY did not finish, so it costs writes and no query uses it.`,
    hint: 'a revision that creates it drops it first and builds it anew; without one',
    repair: [`reindex index concurrently ${at.index};`],
  }),
  eventColumns: (at: { table: string; missing: readonly string[]; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_EVENT_COLUMNS',
    isFault: true,
    message: `the event table ${at.table} has no column ${list(at.missing.map((name) => `"${name}"`))}, so the log cannot be read or written.`,
    repair: at.repair,
  }),
  metaColumns: (at: { table: string; missing: readonly string[]; repair: readonly string[] }): IntegrityFinding => ({
    code: 'REV_FINDING_META_COLUMNS',
    isFault: true,
    message: `the table ${at.table}, which says whose database this is, has no column ${list(at.missing.map((name) => `"${name}"`))}.`,
    hint: 'if it is not a table of rev, name another version table as "versionTable" under "rev" in the knexfile',
    repair: at.repair,
  }),
  otherProject: (at: {
    table: string
    recorded: string
    configured: string
    repair: readonly string[]
  }): IntegrityFinding => ({
    code: 'REV_FINDING_OTHER_PROJECT',
    isFault: true,
    message: `this database belongs to the project "${at.recorded}" (${at.table}), and these settings are those of "${at.configured}".`,
    hint: 'connect to the right database; the repair is right only when the project was renamed',
    repair: at.repair,
  }),
  newerFormat: (at: { table: string; format: string; known: number }): IntegrityFinding => ({
    code: 'REV_FINDING_NEWER_FORMAT',
    isFault: true,
    message: `rev's tables were written by a newer rev: ${at.table} says format ${at.format}, and this one knows ${at.known}.`,
    hint: 'update rev: npm install knex-rev@latest',
  }),
  projectNotSet: (at: { table: string; recorded: string }): IntegrityFinding => ({
    code: 'REV_FINDING_PROJECT_NOT_SET',
    isFault: false,
    message: `this database belongs to the project "${at.recorded}" (${at.table}), and these settings name none, so it was not compared.`,
    hint: `add project: ${JSON.stringify(at.recorded)} under "rev" in the knexfile`,
  }),
}

function checksums({ recorded, found }: ChecksumPair): Pick<IntegrityFinding, 'recorded' | 'found'> {
  return { recorded, found }
}

function from(commit: string | undefined): string {
  return commit === undefined ? '' : ` from the git commit ${commit.slice(0, 12)}`
}

function backFrom(commit: string | undefined): string {
  if (commit === undefined) return 'get its file back from version control, or check out the code that has it'
  return `check out the code that has it, such as: git show ${commit.slice(0, 12)}`
}

const statements = (count: number): string => `${count} ${count === 1 ? 'statement' : 'statements'}`

/** Findings as lines of a message: the sentence, and below it what to do. */
export function findingLines(findings: readonly IntegrityFinding[]): string[] {
  return findings.flatMap(({ code, isFault, message, hint, repair = [] }) => [
    `  ${isFault ? code : `note, ${code}`}: ${message}`,
    ...(hint === undefined ? [] : [`    hint: ${hint}`]),
    ...repair.map((text) => `    repair: ${text}`),
  ])
}
