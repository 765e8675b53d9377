import fc from 'fast-check'
import type { Knex } from 'knex'
import { expect, test } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { scriptOf } from './history.ts'

/** One column that values are stored in, and how it is read back so that no difference is lost. */
interface Kind {
  readonly column: string
  readonly type: string
  readonly read: string
  readonly values: fc.Arbitrary<unknown>
}

const notNul = (text: string): boolean => !text.includes('\0')
// SQLite's driver stores half of a surrogate pair as it is, which a script refuses to.
const isWellFormed = (value: string): boolean => !/\p{Surrogate}/u.test(value)
const nasty = fc.constantFrom(
  "'",
  "''",
  '\\',
  "\\'",
  '"',
  '`',
  '?',
  '\\?',
  '$1',
  '$$',
  ';',
  '--',
  '/*',
  '*/',
  '\n',
  '\r\n',
  '\t',
  ':a',
  '%',
  '\x1a',
  '\u2028',
  'é',
  '😀',
  '\ud800',
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.array(fc.oneof(nasty, fc.string({ maxLength: 3 })), { maxLength: 8 }).map((parts) => parts.join('')),
)
const json = fc.jsonValue().filter((value) => value !== null && typeof value === 'object' && !Array.isArray(value))
const noNulJson = json.filter(
  (value) => !JSON.stringify(value).includes('\\u0000') && !/\\ud[89a-f]/i.test(JSON.stringify(value)),
)
const date = fc.date({ min: new Date('1001-01-02'), max: new Date('9998-01-01'), noInvalidDate: true })
const recent = fc.date({ min: new Date('1971-01-01'), max: new Date('2037-01-01'), noInvalidDate: true })
const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array))
// MySQL's driver takes no others.
const anyBytes = fc.oneof(
  bytes,
  fc.uint16Array({ maxLength: 4 }),
  fc.float64Array({ maxLength: 3 }),
  fc.bigInt64Array({ maxLength: 3 }),
  fc.uint8Array({ minLength: 4, maxLength: 9 }).map((array) => new DataView(array.buffer, 1, 2)),
)
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const number = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.maxSafeInteger())

const KINDS: Readonly<Record<TestDatabase['dialect'], readonly Kind[]>> = {
  postgresql: [
    { column: 't', type: 'text', read: "encode(convert_to(t, 'UTF8'), 'hex')", values: text.filter(notNul) },
    { column: 'big', type: 'bigint', read: 'big::text', values: int64 },
    { column: 'd', type: 'double precision', read: "encode(float8send(d), 'hex')", values: fc.double() },
    { column: 'n', type: 'numeric', read: 'n::text', values: number },
    { column: 'yes', type: 'boolean', read: 'yes::text', values: fc.boolean() },
    { column: 'z', type: 'timestamptz', read: 'extract(epoch from z)::text', values: date },
    { column: 'local', type: 'timestamp', read: 'local::text', values: date },
    { column: 'at_day', type: 'date', read: 'at_day::text', values: date },
    { column: 'raw', type: 'bytea', read: "encode(raw, 'hex')", values: anyBytes },
    { column: 'doc', type: 'jsonb', read: 'doc::text', values: noNulJson },
    { column: 'list', type: 'text[]', read: 'list::text', values: fc.array(fc.option(text.filter(notNul))) },
    { column: 'grid', type: 'bytea[]', read: 'grid::text', values: fc.array(anyBytes) },
  ],
  mysql: [
    { column: 't', type: 'text', read: 'hex(t)', values: text },
    { column: 'big', type: 'bigint', read: 'hex(cast(big as char))', values: int64 },
    { column: 'd', type: 'double', read: 'd', values: number },
    { column: 'yes', type: 'boolean', read: 'yes', values: fc.boolean() },
    { column: 'at', type: 'datetime(3)', read: 'hex(cast(at as char))', values: date },
    { column: 'stamp', type: 'timestamp(3) null', read: 'unix_timestamp(stamp)', values: recent },
    { column: 'raw', type: 'blob', read: 'hex(raw)', values: fc.oneof(bytes, fc.uint8Array({ maxLength: 20 })) },
    { column: 'doc', type: 'json', read: 'hex(doc)', values: noNulJson.map((value) => JSON.stringify(value)) },
  ],
  sqlite: [
    { column: 'v', type: '', read: "typeof(v) || ' ' || hex(v)", values: text.filter(isWellFormed) },
    { column: 'big', type: '', read: "typeof(big) || ' ' || big", values: int64 },
    { column: 'd', type: '', read: 'd', values: fc.oneof(fc.double(), number) },
    { column: 'r', type: 'real', read: 'r', values: fc.double() },
    { column: 'yes', type: '', read: "typeof(yes) || ' ' || yes", values: fc.boolean() },
    { column: 'at', type: '', read: "typeof(at) || ' ' || at", values: date },
    { column: 'raw', type: '', read: "typeof(raw) || ' ' || hex(raw)", values: anyBytes },
  ],
}

const create = (knex: Knex, table: string, { column, type }: Kind) =>
  knex.raw(`create table ${table} (id bigint, ${column} ${type})`)

describeEachDialect('values in a script', (db) => {
  test.each(KINDS[db.dialect])('are those that the driver stores: $column $type', async (kind) => {
    const { column, read, values } = kind
    await fc.assert(
      fc.asyncProperty(fc.array(values, { minLength: 1, maxLength: 60 }), async (list) => {
        const fill = (table: string) => async (knex: Knex) => {
          await create(knex, table, kind)
          for (const [id, value] of list.entries()) {
            await knex.raw(`insert into ${table} (id, ${column}) values (${id}, ?)`, [value as Knex.Value])
          }
        }
        await db.empty()
        const script = await scriptOf([{ title: 'values', upgrade: fill('b') }], String(db.knexConfig().client), {
          knexConfig: db.knexConfig(),
        })
        const result = await db.client(script)
        expect(result.stderr.replace(/^psql:.*NOTICE.*$/gm, '').trim()).toBe('')
        await db.knex().transaction(fill('a'))
        const stored = (table: string) =>
          db
            .knex()(table)
            .select('id', db.knex().raw(`${read} as stored`))
            .orderBy('id')
        expect(await stored('b')).toEqual(await stored('a'))
      }),
      { numRuns: 6 },
    )
  })
})
