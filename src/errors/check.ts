import { entry } from './define.ts'
import { findingLines, type IntegrityFinding } from './integrity-findings.ts'

export interface HeadInFile {
  readonly revision: string
  readonly file: string | undefined
  readonly message: string
}

const list = (rows: readonly string[]): string => (rows.length === 0 ? 'base' : rows.join(', '))

/** What both checks of a database tell. */
export interface DatabaseFindings {
  readonly database: string
  /** The version table. */
  readonly table: string
  /** Faults first, then what is only worth knowing. */
  readonly findings: readonly IntegrityFinding[]
}

function faults(findings: readonly IntegrityFinding[]): string {
  const count = findings.filter(({ isFault }) => isFault).length
  return `${count} finding${count === 1 ? '' : 's'}`
}

/** A check that says no: exit code 3. */
export const checkErrors = {
  REV_CHECK_NOT_AT_HEADS: entry<{
    database: string
    rows: readonly string[]
    heads: readonly string[]
    /** Rows that no file knows. */
    unknown: readonly string[]
  }>({
    exit: 3,
    message: ({ database, rows, heads }) => `${database} is at ${list(rows)}, not at ${list(heads)}.`,
    hint: ({ unknown }) =>
      unknown.length === 0
        ? 'to see what is missing: rev upgrade heads --plan'
        : `no file knows ${list(unknown)}: check out the code that has it, then ask again`,
  }),
  REV_CHECK_WAIT_OVER: entry<{
    /** Undefined when it could never be reached. */
    database: string | undefined
    target: readonly string[]
    waitedMs: number
    /** Undefined when they could not be read. */
    rows: readonly string[] | undefined
    /** Why the database could not be asked at the end. */
    reason?: string | undefined
  }>({
    exit: 3,
    message: ({ database = 'the database', target, waitedMs, rows, reason }) => {
      const state = rows === undefined ? 'it could not be asked' : `it was last seen at ${list(rows)}`
      const because = reason === undefined ? '' : ` (${reason})`
      return `${database} did not get to ${list(target)} within ${(waitedMs / 1000).toFixed(1)} s: ${state}${because}.`
    },
    hint: ({ rows }) =>
      rows === undefined
        ? 'see whether the server runs, and wait longer with --timeout'
        : 'see who is at work: rev lock; what was done: rev log; or wait longer with --timeout',
  }),
  REV_CHECK_DATABASE_DIFFERS: entry<DatabaseFindings>({
    exit: 3,
    message: ({ database, findings }) =>
      [`${database} and these files do not go together: ${faults(findings)}.`, ...findingLines(findings)].join('\n'),
    hint: () => 'nothing was changed',
  }),
  REV_CHECK_DATABASE_DAMAGED: entry<DatabaseFindings>({
    exit: 3,
    message: ({ database, table, findings }) =>
      [`${table} of ${database} is not as it should be: ${faults(findings)}.`, ...findingLines(findings)].join('\n'),
    hint: () => 'nothing was changed; make a backup before a repair, and ask again after each one: rev doctor',
  }),
  REV_CHECK_SEVERAL_HEADS: entry<{
    crowded: readonly { readonly label: string | undefined; readonly heads: readonly HeadInFile[] }[]
  }>({
    exit: 3,
    message: ({ crowded }) =>
      crowded
        .map(({ label, heads }) =>
          [
            `there are ${heads.length} heads${label === undefined ? '' : ` under the label "${label}"`}, and there should be one:`,
            ...heads.map(
              ({ revision, message, file }) =>
                `  ${[revision, message, file && `(${file})`].filter(Boolean).join('  ')}`,
            ),
          ].join('\n'),
        )
        .join('\n'),
    hint: ({ crowded }) =>
      `join them: rev merge ${crowded[0]?.heads.map((head) => head.revision).join(' ') ?? 'heads'} -m "merge heads"`,
  }),
  REV_CHECK_BASE_MOVED: entry<{
    ref: string
    commit: string
    added: readonly string[]
    advice: readonly {
      readonly revision: string
      readonly file: string | undefined
      readonly downRevisions: readonly string[]
      readonly changeTo: readonly string[]
    }[]
  }>({
    exit: 3,
    message: ({ ref, commit, added, advice }) =>
      [
        `"${ref}" (${commit.slice(0, 12)}) has moved on; together with what is added here (${added.join(', ')}) there would be several heads:`,
        ...advice.map(
          ({ revision, file, downRevisions, changeTo }) =>
            `  ${revision}${file ? ` (${file})` : ''} goes on top of ${list(downRevisions)}, and "${ref}" is at ${list(changeTo)}`,
        ),
      ].join('\n'),
    hint: ({ advice }) =>
      advice
        .map(({ revision, changeTo }) => {
          const literal = changeTo.length === 1 ? `'${changeTo[0]}'` : `[${changeTo.map((id) => `'${id}'`).join(', ')}]`
          return `in ${revision} write down_revision = ${literal}, unless it was applied somewhere already; then: rev merge heads`
        })
        .join('; '),
  }),
}
