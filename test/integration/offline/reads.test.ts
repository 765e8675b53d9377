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

describeEachDialect('answers of two databases with one schema', (a) => {
  describeEachDialect(
    'and other rows and ids',
    (b) => {
      describeEachDialect(
        'and one that differs',
        (c) => {
          const { schema, before, after, cases } = READS[a.dialect]
          const titleOf = ({ ask }: ReadCase): string =>
            typeof ask === 'string' ? ask : String(ask).replace('(knex) => ', '')

          test('are equal as texts, and differ when what is asked differs; in the clients, too', async () => {
            await runAll(a.knex(), schema)
            await runAll(b.knex(), [...before, ...schema, ...after])
            await runAll(c.knex(), schema)
            const checks: { expression: string; expected: string }[] = []
            const wrong: string[] = []
            for (const readCase of cases) {
              const title = titleOf(readCase)
              try {
                const read = toSchemaRead(queryOf(a, readCase), a.dialect)
                if (read === undefined) throw new Error('is no read of the schema')
                const expression = await expressionFor(a, read)
                const expected = await scalar(a.knex(), a.dialect, expression)
                if (typeof expected !== 'string') throw new Error(`gives no text but ${typeof expected}`)
                checks.push({ expression, expected })
                const other = await scalar(b.knex(), b.dialect, expression)
                if (other !== expected) wrong.push(`${title}\n  A ${expected}\n  B ${String(other)}`)
                const different = await changed(c, readCase, expression)
                if (different === expected) wrong.push(`${title}\n  also in C: ${expected}`)
                const again = await scalar(c.knex(), c.dialect, expression)
                if (again !== expected) wrong.push(`${title}\n  C is not as before: ${expected} ${String(again)}`)
              } catch (error) {
                wrong.push(`${title}\n  ${String(error)}`)
              }
            }
            expect(wrong.join('\n')).toBe('')
            expect(checks.length).toBeGreaterThanOrEqual(40)
            for (const db of [a, b]) {
              const { code, stdout, stderr } = await db.client(scriptFor(a.dialect, checks))
              expect(stderr).toBe('')
              expect(code).toBe(0)
              const good = { postgresql: 't', mysql: 'ok', sqlite: '1' }[a.dialect]
              expect(stdout.trim().split('\n')).toEqual(checks.map(() => good))
            }
          })
        },
        { only: [a.dialect] },
      )
    },
    { only: [a.dialect] },
  )
})

async function expressionFor(db: TestDatabase, read: SchemaRead): Promise<string> {
  const expression = fingerprintOf(read, db.dialect, await db.knex().raw(read.sql))
  if (expression === undefined) throw new Error(`cannot be checked: ${subjectOf(read)}`)
  expect(expression).not.toMatch(/[\r\n]/)
  expect(subjectOf(read)).not.toMatch(/[\r\n]/)
  return expression
}
