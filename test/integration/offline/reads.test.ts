import type { Knex } from 'knex'
import { expect, test } from 'vitest'
import { fillPlaceholders } from '../../../src/offline/fill-placeholders.ts'
import { DEFAULT_LITERALS } from '../../../src/offline/literals/literal-options.ts'
import { fingerprintOf } from '../../../src/offline/reads/fingerprint.ts'
import type { SchemaRead } from '../../../src/offline/reads/schema-read.ts'
import { subjectOf } from '../../../src/offline/reads/subject.ts'
import { type PossibleRead, toSchemaRead } from '../../../src/offline/reads/to-schema-read.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import type { ReadCase, ReadCases } from './reads-cases.ts'
import { MYSQL_READS } from './reads-mysql.ts'
import { POSTGRESQL_READS } from './reads-postgresql.ts'
import { SQLITE_READS } from './reads-sqlite.ts'

const READS: Readonly<Record<TestDatabase['dialect'], ReadCases>> = {
  postgresql: POSTGRESQL_READS,
  mysql: MYSQL_READS,
  sqlite: SQLITE_READS,
}

type BuiltQuery = PossibleRead & { bindings?: readonly unknown[] }

type Bound = Knex | Knex.Transaction

async function runAll(knex: Bound, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await knex.raw(statement)
}

/** The query as a script would have it. */
function queryOf(db: TestDatabase, { ask }: ReadCase): PossibleRead {
  if (typeof ask === 'string') return { sql: ask, renames: false }
  const builder = ask(db.knex()) as unknown as { toSQL(): BuiltQuery | readonly BuiltQuery[] }
  const [query, ...more] = [builder.toSQL()].flat()
  if (query === undefined || more.length > 0) throw new Error('is not one query')
  const [statement] = fillPlaceholders(query.sql, query.bindings ?? [], db.dialect, DEFAULT_LITERALS)
  return { ...query, sql: statement?.sql ?? '', renames: false }
}

async function scalar(knex: Bound, dialect: TestDatabase['dialect'], expression: string): Promise<unknown> {
  const answer: unknown = await knex.raw(`SELECT ${expression} AS v`)
  const rows =
    dialect === 'sqlite' ? answer : dialect === 'mysql' ? (answer as unknown[])[0] : (answer as { rows: unknown }).rows
  return (rows as { v: unknown }[])[0]?.v
}

/** The fingerprint of a changed database, which is as before afterwards. */
async function changed(db: TestDatabase, readCase: ReadCase, expression: string): Promise<unknown> {
  if (db.dialect === 'mysql') {
    await runAll(db.knex(), readCase.change)
    const value = await scalar(db.knex(), db.dialect, expression)
    await runAll(db.knex(), readCase.undo ?? [])
    return value
  }
  const trx = await db.knex().transaction()
  try {
    await runAll(trx, readCase.change)
    return await scalar(trx, db.dialect, expression)
  } finally {
    await trx.rollback()
  }
}

/** A script that compares in the way scripts do, and prints what it has. */
function scriptFor(
  dialect: TestDatabase['dialect'],
  checks: readonly { expression: string; expected: string }[],
): string {
  const lines = checks.map(({ expression, expected }, index) => {
    const literal = `'${expected.replaceAll(dialect === 'mysql' ? /['\\]/g : /'/g, (quote) => (quote === "'" ? "''" : '\\\\'))}'`
    if (dialect === 'mysql')
      return `SET @rev_x = (${expression});\nSELECT IF(BINARY @rev_x = ${literal}, 'ok', CONCAT(${index}, @rev_x));`
    if (dialect === 'sqlite')
      return `INSERT INTO temp.checks SELECT ${expression} IS ${literal};\nSELECT ok FROM temp.checks WHERE rowid = ${index + 1};`
    return `DO $rev$ BEGIN IF ${expression} IS DISTINCT FROM ${literal} THEN RAISE EXCEPTION 'check ${index}'; END IF; END $rev$;\nSELECT (${expression}) IS NOT DISTINCT FROM ${literal};`
  })
  return `${dialect === 'sqlite' ? 'CREATE TEMP TABLE checks (ok);\n' : ''}${lines.join('\n')}\n`
}

/** Every reading of one query that has a text of its own: with `hasColumn`, also where names may be translated. */
function readingsOf(db: TestDatabase, readCase: ReadCase): readonly SchemaRead[] {
  const read = toSchemaRead(queryOf(db, readCase), db.dialect)
  if (read === undefined) throw new Error('is no read of the schema')
  return read.column === undefined ? [read] : [read, { sql: read.sql, sees: 'names' }]
}

/** What is wrong with one reading, or the text that A and B have in common. */
async function compare(
  [a, b, c]: readonly [TestDatabase, TestDatabase, TestDatabase],
  readCase: ReadCase,
  expression: string,
): Promise<{ wrong: string } | { expected: string }> {
  const expected = await scalar(a.knex(), a.dialect, expression)
  if (typeof expected !== 'string') return { wrong: `gives no text but ${typeof expected}` }
  const other = await scalar(b.knex(), b.dialect, expression)
  if (other !== expected) return { wrong: `A ${expected}\n  B ${String(other)}` }
  const different = await changed(c, readCase, expression)
  if (different === expected) return { wrong: `in C, too: ${expected}` }
  const again = await scalar(c.knex(), c.dialect, expression)
  return again === expected ? { expected } : { wrong: `C is not as before: ${expected} ${String(again)}` }
}

/** Three databases of one dialect. */
function describeThree(name: string, suite: (a: TestDatabase, b: TestDatabase, c: TestDatabase) => void): void {
  describeEachDialect(name, (a) => {
    const same = { only: [a.dialect] }
    describeEachDialect('B', (b) => describeEachDialect('C', (c) => suite(a, b, c), same), same)
  })
}

describeThree('the texts of answers', (a, b, c) => {
  const { schema, before, after, cases } = READS[a.dialect]
  const checks: { title: string; expression: string; expected: string }[] = []

  test('are equal where the schema is, and differ when what is asked differs', async () => {
    await runAll(a.knex(), schema)
    await runAll(b.knex(), [...before, ...schema, ...after])
    await runAll(c.knex(), schema)
    const wrong: string[] = []
    for (const readCase of cases) {
      const title = typeof readCase.ask === 'string' ? readCase.ask : String(readCase.ask)
      try {
        for (const read of readingsOf(a, readCase)) {
          const expression = await expressionFor(a, read)
          const result = await compare([a, b, c], readCase, expression)
          if ('wrong' in result) wrong.push(`${title}\n  ${result.wrong}`)
          else checks.push({ title, expression, expected: result.expected })
        }
      } catch (error) {
        wrong.push(`${title}\n  ${String(error)}`)
      }
    }
    expect(wrong.join('\n')).toBe('')
    expect(cases.length).toBeGreaterThanOrEqual(40)
  })

  test('are the same in the client', async () => {
    for (const db of [a, b]) {
      const { code, stdout, stderr } = await db.client(scriptFor(a.dialect, checks))
      expect(stderr).toBe('')
      expect(code).toBe(0)
      const good = { postgresql: 't', mysql: 'ok', sqlite: '1' }[a.dialect]
      expect(stdout.trim().split('\n')).toEqual(checks.map(() => good))
    }
    expect(checks.length).toBeGreaterThanOrEqual(cases.length)
  })

  test('can be had where nothing of it is there, but for names that the query itself needs', async () => {
    await c.empty()
    const failed: string[] = []
    for (const { title, expression } of checks) {
      try {
        expect(typeof (await scalar(c.knex(), c.dialect, expression))).toBe('string')
      } catch {
        failed.push(title)
      }
    }
    expect(failed).toEqual(checks.map(({ title }) => title).filter((title) => NEEDS_OBJECT.test(title)))
  })
})

const NEEDS_OBJECT = /'::reg|pg_get_serial_sequence/

async function expressionFor(db: TestDatabase, read: SchemaRead): Promise<string> {
  const expression = fingerprintOf(read, db.dialect, await db.knex().raw(read.sql))
  if (expression === undefined) throw new Error(`cannot be checked: ${subjectOf(read)}`)
  expect(expression).not.toMatch(/[\r\n]/)
  expect(subjectOf(read)).not.toMatch(/[\r\n]/)
  return expression
}
