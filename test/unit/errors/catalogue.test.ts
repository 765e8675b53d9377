import { describe, expect, it } from 'vitest'
import { findCommand } from '../../../src/cli/command-table.ts'
import { OPTIONS, type OptionName, spellingsOf } from '../../../src/cli/options.ts'
import { catalogue, RevError, type RevErrorCode } from '../../../src/errors/index.ts'
import { samples } from './samples.ts'

const codes = Object.keys(catalogue) as RevErrorCode[]

/** Everything that the catalogue can say, for each code. */
const spoken = codes.flatMap((code) =>
  samples[code].map((details, index) => {
    const { message, hint } = new RevError(code, details as never)
    return { name: `${code} (${index + 1})`, message, hint }
  }),
)

// A code is public: it may be added here, and removed or given another exit code only with a new major version.
const CODES_BY_EXIT = {
  1: `
    REV_DATABASE_CONNECT_FAILED REV_DATABASE_EVENT_TABLE REV_DATABASE_ID_TOO_LONG REV_DATABASE_LOCKED REV_DATABASE_LOCK_FAILED
    REV_DATABASE_LOCK_LOST REV_DATABASE_META_TABLE REV_DATABASE_NEWER_FORMAT REV_DATABASE_NOT_EMPTY REV_DATABASE_OTHER_PROJECT REV_DATABASE_QUERY_FAILED REV_DATABASE_READ_ONLY
    REV_DATABASE_ROWS_DIFFER REV_DATABASE_ROW_MISMATCH REV_DATABASE_UNKNOWN_ROW REV_DATABASE_VERSION_TABLE
    REV_FILE_ALREADY_EXISTS REV_FILE_EDITOR_FAILED REV_FILE_HEADER_DIFFERS REV_FILE_HOOK_FAILED
    REV_FILE_INVALID_EXPORTS REV_FILE_LOAD_FAILED REV_FILE_LOCATION_LABEL REV_FILE_NOT_A_REVISION
    REV_FILE_TEMPLATE_FAILED REV_FILE_TEMPLATE_MISMATCH REV_FILE_UNREADABLE REV_FILE_WRITE_FAILED
    REV_GRAPH_AMBIGUOUS_PREFIX REV_GRAPH_AMBIGUOUS_START REV_GRAPH_AMBIGUOUS_STEP REV_GRAPH_INVALID
    REV_GRAPH_MULTIPLE_HEADS REV_GRAPH_NOT_AN_ANCESTOR REV_GRAPH_NOT_APPLIED REV_GRAPH_NOT_A_DOWNGRADE_TARGET
    REV_GRAPH_NOT_A_HEAD REV_GRAPH_NOT_IN_BRANCH REV_GRAPH_ONLY_BLOCKED REV_GRAPH_OVERLAPPING_ROWS
    REV_GRAPH_OVERLAPPING_TARGETS REV_GRAPH_SEVERAL_REVISIONS REV_GRAPH_TOO_FAR REV_GRAPH_UNKNOWN_BRANCH
    REV_GRAPH_UNKNOWN_REVISION REV_GRAPH_UNKNOWN_ROW REV_INTERNAL REV_IRREVERSIBLE REV_OFFLINE_FAILED
    REV_BATCH_KEY REV_BATCH_OVERTAKEN REV_BATCH_PLACE
    REV_JOURNAL_TABLE REV_JOURNAL_UNCLEAR REV_JOURNAL_UNDER_WAY REV_JOURNAL_UNFINISHED REV_JOURNAL_UNSETTLED
    REV_LIFE_DUMP_FAILED REV_LIFE_IN_USE REV_LIFE_NOT_CREATED REV_LIFE_OUTSIDE
    REV_OFFLINE_LITERAL REV_OFFLINE_READ REV_OFFLINE_SHADOW_REPLAY REV_OFFLINE_SHADOW_START REV_OFFLINE_SHADOW_STATEMENT REV_OFFLINE_STATEMENT REV_OFFLINE_UNCHECKABLE_READ REV_PROCESS_ESCAPED_ERROR REV_PROCESS_EXITED
    REV_PROCESS_NEVER_SETTLED REV_REPAIR_NOTHING
    REV_SEED_ENVIRONMENT REV_SEED_FAILED REV_SEED_INVALID REV_SEED_NEEDED REV_SEED_NO_UNDO REV_SEED_ONLY_BLOCKED
    REV_SEED_PROTECTED REV_SEED_REVISION_NOT_APPLIED REV_SEED_ROWS REV_SEED_UNKNOWN
    REV_STEP_CONCURRENT_TRANSACTION REV_STEP_DESTROYED_HANDLE REV_STEP_FAILED REV_STEP_FOREIGN_KEYS
    REV_STEP_FORGOTTEN REV_STEP_ROLLBACK_LOST REV_STEP_SILENT_CHANGE REV_STEP_SQLITE_REBUILD REV_STEP_TRANSACTION_ABORTED REV_STEP_TRANSACTION_ENDED
    REV_STEP_TRANSACTION_LEFT_OPEN REV_STEP_UNBOUND_PLACEHOLDER`,
  2: `
    REV_CHECK_HISTORY_MISSING REV_CHECK_NOT_A_REPOSITORY REV_CHECK_UNKNOWN_REF REV_CHECK_UNREADABLE_AT_REF
    REV_CONFIG_ENV_FILE_FAILED REV_CONFIG_INVALID REV_CONFIG_INVALID_CONNECTION REV_CONFIG_INVALID_DURATION
    REV_CONFIG_KNEXFILE_FAILED REV_CONFIG_KNEXFILE_NOT_FOUND REV_CONFIG_NO_CLIENT REV_CONFIG_NO_DIRECTORY
    REV_CONFIG_NO_EDITOR REV_CONFIG_UNKNOWN_ENV REV_DATABASE_CONFIG_REFUSED REV_DATABASE_DRIVER_MISSING REV_DATABASE_DRIVER_UNFIT REV_DATABASE_FILE_URI
    REV_DATABASE_NO_CONNECTION REV_DATABASE_POOLED REV_DATABASE_URL_UNREADABLE
    REV_DATABASE_LEASE_REFUSED
    REV_DATABASE_NOT_CONFIGURED REV_DATABASE_NO_SCHEMA REV_DATABASE_SINGLE_TRANSACTION REV_DATABASE_STATEMENT_TIMEOUT
    REV_DATABASE_TRANSACTION_REFUSED REV_FILE_ILLEGAL_NAME REV_FILE_LOCATION_MISSING REV_FILE_TEMPLATE_NOT_FOUND
    REV_GRAPH_BAD_RANGE REV_GRAPH_BAD_TARGET REV_GRAPH_DUPLICATE_HEADS REV_GRAPH_NO_START REV_GRAPH_WRONG_DIRECTION
    REV_OFFLINE_CLIENT REV_OFFLINE_CONNECTION_OPTIONS REV_OFFLINE_DIALECT REV_OFFLINE_FOLDER_NOT_EMPTY REV_OFFLINE_RANGE_REQUIRED
    REV_OFFLINE_SHADOW_MISSING REV_OFFLINE_SHADOW_URL REV_REPAIR_CHOOSE REV_REPAIR_NEEDS_REASON REV_USAGE_CONFLICTING_OPTIONS REV_USAGE_INVALID_VALUE
    REV_LIFE_CLIENT_UNFIT REV_LIFE_NOT_OURS REV_LIFE_NO_CLIENT REV_LIFE_SYSTEM REV_LIFE_UNCONFIRMED REV_LIFE_UNSUPPORTED
    REV_SEED_LOCATION_MISSING REV_SEED_NOT_NAMED REV_SEED_UNCONFIRMED
    REV_USAGE_MISSING_ARGUMENT REV_USAGE_MISSING_VALUE REV_USAGE_NEEDS_OPTION REV_USAGE_NEW_REVISION REV_USAGE_NOTHING_TO_EDIT
    REV_USAGE_NOTHING_TO_MERGE REV_USAGE_NOT_AVAILABLE REV_USAGE_NO_EQUIVALENT REV_USAGE_RANGE_NOT_ALLOWED
    REV_USAGE_REPEATED_OPTION REV_USAGE_TOO_MANY_ARGUMENTS REV_USAGE_UNEXPECTED_VALUE REV_USAGE_UNKNOWN_COMMAND
    REV_USAGE_UNKNOWN_OPTION REV_USAGE_UNKNOWN_VERSION_PATH REV_USAGE_VERSION_PATH_NEEDED`,
  3: 'REV_CHECK_BASE_MOVED REV_CHECK_DATABASE_DAMAGED REV_CHECK_DATABASE_DIFFERS REV_CHECK_NOT_AT_HEADS REV_CHECK_SEVERAL_HEADS REV_CHECK_WAIT_OVER REV_LIFE_NO_ANSWER',
  130: 'REV_INTERRUPTED',
  143: 'REV_TERMINATED',
}

it.each(Object.entries(CODES_BY_EXIT))('the codes that end with exit code %s are a promise', (exit, listed) => {
  const found = codes.filter((code) => catalogue[code].exit === Number(exit))

  expect(found.sort()).toEqual(listed.trim().split(/\s+/).sort())
})

/** After `rev` in these sentences stands no command, but what rev does or is. */
const PROSE = ['itself', 'has', 'cannot', 'does', 'needs', 'commits', 'closes', 'keeps', 'is', 'and']
const withoutQuotes = (text: string): string => text.replaceAll(/"[^"\n]*"/g, '""')

describe.each(spoken)('$name', ({ message, hint }) => {
  it('says a whole sentence, or one with lines below it', () => {
    expect(message).toMatch(/^([a-z"/-]|Knex )/)
    expect(message).toMatch(/[.!?]$|\n/)
    expect(message).not.toMatch(/\.\.$/m)
  })

  it('says what to do next as something to go on with, not as a sentence of its own', () => {
    if (hint === undefined) return
    expect(hint).toMatch(/^[a-z"-]/)
    expect(hint).not.toMatch(/\.$|\n/)
  })

  it('shows no hole where a detail is missing', () => {
    for (const text of [message, hint ?? ''])
      expect(withoutQuotes(text)).not.toMatch(/undefined|NaN|\[object|<\w+>|, ,|\s$/m)
  })

  it('names only commands and options that exist', () => {
    for (const text of [message, hint ?? '']) {
      const commands = [...text.matchAll(/\brev ((?:(?:seed|db) )?[a-z][a-z_-]*)/g)].map(([, word = '']) => word)
      const typed = commands.filter((word) => !PROSE.includes(word))
      expect(typed.filter((word) => findCommand(word) === undefined)).toEqual([])
      const options = [
        ...text.replaceAll(/\bgit [a-z]+ --[a-z-]+|EDITOR=\S+ --\w+"?/g, '').matchAll(/(?<![\w-])--[a-z][a-z-]+/g),
      ]
      const known = (Object.keys(OPTIONS) as OptionName[]).flatMap(spellingsOf)
      expect(
        options.map(([option]) => option).filter((option) => !known.includes(option) && !INVENTED.includes(option)),
      ).toEqual([])
    }
  })
})

/** Options of the samples, which nobody has. */
const INVENTED = ['--plam', '--zzz']
