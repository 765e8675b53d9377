import { expect, test } from 'vitest'
import { dialectOf } from '../../../../src/database/dialect.ts'
import { revTables } from '../../../../src/database/tables.ts'
import { withPatience, worksConcurrently } from '../../../../src/offline/dialects/postgresql/concurrent-index.ts'
import { postgresqlScript } from '../../../../src/offline/dialects/postgresql/index.ts'
import { StepLimits } from '../../../../src/offline/dialects/postgresql/limits.ts'
import { doBlock, fixed, raise, rowsArray } from '../../../../src/offline/dialects/postgresql/sql-text.ts'
import type { ScriptFacts } from '../../../../src/offline/dialects/script-dialect.ts'

const factsOf = (client: string): ScriptFacts => {
  const dialect = dialectOf(client)
  return {
    direction: 'upgrade',
    dialect,
    tables: revTables(dialect, 'app', 'rev_version'),
    settings: { role: undefined, schema: 'app' },
    knexConfig: { searchPath: ['app', 'x"y'] },
    startRows: [],
    client: 'generic',
    guarded: true,
    allowNonEmpty: false,
  }
}

/** The index whose validity is asked for after the statement; undefined when none is. */
const proven = (sql: string): string | undefined => {
  expect(worksConcurrently(sql)).toBe(true)
  return /to_regclass\('((?:[^']|'')*)'\)/.exec(withPatience(`${sql};\n`, sql, { before: '', after: '' }, true))?.[1]
}

test.each([
  ['create index concurrently a on b (c)', 'a'],
  ['CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS "a ""on"" b" ON ONLY "s x".t USING gin (c)', '"s x"."a ""on"" b"'],
  ['/* concurrently */ create index -- x\n concurrently "it\'s" on b (c)', '"it\'\'s"'],
  ['reindex index concurrently s.a', 's.a'],
  ['REINDEX (VERBOSE, CONCURRENTLY) INDEX a', 'a'],
  ['create index concurrently on b (c)', undefined],
  ['drop index concurrently a', undefined],
  ['reindex table concurrently b', undefined],
])('%s is followed by the proof that the index is valid', (sql, index) => {
  expect(proven(sql)).toBe(index)
})

test('the word alone makes no statement one that waits', () => {
  expect(worksConcurrently("insert into a values ('create index concurrently a on b (c)')")).toBe(false)
  expect(worksConcurrently('vacuum a -- concurrently')).toBe(false)
})

test('a revision that sets its own limit keeps it', () => {
  const drop = 'drop index concurrently a'
  const lifted = { before: 'SET lock_timeout = 0;\n', after: "SET lock_timeout = '5s';\n" }
  const limits = (sql?: string, config = {}) => {
    const none = { tableLockTimeoutMs: undefined, statementTimeoutMs: undefined, retries: 0 }
    const step = { direction: 'upgrade', revision: 'a1', transaction: false, checksum: undefined } as const
    const rows = { before: [], after: ['a1'], changes: [] }
    const held = new StepLimits(factsOf('pg'), { ...step, ...rows, limits: { ...none, ...config } })
    if (sql !== undefined) held.hear(sql)
    return held
  }
  expect(withPatience(`${drop};\n`, drop, limits().lifted(), true)).toBe(`${lifted.before}${drop};\n${lifted.after}`)
  expect(limits("set lock_timeout = '1s'").lifted()).toEqual({ before: '', after: '' })
  expect(limits(undefined, { tableLockTimeoutMs: 1500 }).lifted()).toEqual({ before: '', after: '' })
  expect(limits(undefined, { tableLockTimeoutMs: 1500 }).set()).toBe("SET lock_timeout = '1500ms';\n")
  expect(limits(undefined, { tableLockTimeoutMs: 1500 }).end()).toBe(lifted.after)
})

test('nothing in a block ends its quotes', () => {
  expect(doBlock('BEGIN', "  x := 'a';")).toBe("DO $rev$ BEGIN\n  x := 'a';\nEND $rev$;\n")
  expect(doBlock('BEGIN', "  x := '$rev$ $rev1$';")).toBe("DO $rev2$ BEGIN\n  x := '$rev$ $rev1$';\nEND $rev2$;\n")
})

test('what goes into a message as it is fills no gap of it', () => {
  expect(raise('', { message: `${fixed("100% 'x'\\")} %`, args: ['a'] })).toEqual([
    "RAISE EXCEPTION  E'rev: 100%% ''x''\\\\ %', a;".replace('  ', ' '),
  ])
})

test('rows are in the order in which the server gives them', () => {
  expect(rowsArray(['b', 'B', 'a', 'é', 'z'])).toBe("ARRAY['B', 'a', 'b', 'z', 'é']")
  expect(rowsArray([])).toBe("'{}'")
})

test('for a relative without blocks of code a script is statements and version rows alone, and says so', () => {
  const script = postgresqlScript(factsOf('cockroachdb'))
  const step = { direction: 'upgrade', revision: 'a1', transaction: true, checksum: undefined } as const
  const rows = { before: [], after: ['a1'], changes: [{ kind: 'insert', revision: 'a1' }] } as const
  expect(script.beforeStep({ ...step, ...rows })).toBe('')
  expect(script.record({ ...step, ...rows }, { statements: 1, last: { rowsBefore: [] } })).toBe(
    `INSERT INTO "app"."rev_version" (version_num) VALUES ('a1');\n`,
  )
  expect(
    script.opening({ rows: ['a1'], checks: [], changesSession: true, backslashesIn: undefined }),
  ).toBe(`SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET search_path TO "app", "x""y";

create schema if not exists "app";
create table if not exists "app"."rev_version" (version_num varchar(255) not null, constraint "rev_version_pkc" primary key (version_num));
`)
  expect(script.notes).toContain('no guard and no log on this database')
  expect(script.closing({ rows: ['a1'], checks: [], changesSession: true, backslashesIn: undefined })).toBe('')
})
