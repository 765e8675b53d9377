import { describe, expect, test } from 'vitest'
import { DEFAULT_LITERALS } from '../../../src/offline/literals/literal-options.ts'
import { mysqlLiteral } from '../../../src/offline/literals/mysql.ts'
import { postgresLiteral } from '../../../src/offline/literals/postgresql.ts'
import { sqliteLiteral } from '../../../src/offline/literals/sqlite.ts'

const mysql = (value: unknown, timezone = 'local'): string => mysqlLiteral(value, { ...DEFAULT_LITERALS, timezone })
const sqlite = (value: unknown): string => sqliteLiteral(value, DEFAULT_LITERALS)

describe('values of PostgreSQL', () => {
  test.each<[unknown, string]>([
    [null, 'NULL'],
    [undefined, 'NULL'],
    ["it's", "'it''s'"],
    ['a\\b\r', " E'a\\\\b\\r'"],
    ['\x07', " E'\\x07'"],
    [5, "'5'"],
    [Number.NaN, "'NaN'"],
    [2n ** 63n, "'9223372036854775808'"],
    [true, "'true'"],
    [Buffer.from([0, 255]), "'\\x00ff'::bytea"],
    [new Uint8Array([1]), "'\\x01'::bytea"],
    [['a', 'b"', null, [1, 'x,y']], ` E'{"a","b\\\\"",NULL,{"1","x,y"}}'`],
    [[], "'{}'"],
    [{ a: "it's" }, `'{"a":"it''s"}'`],
    [{ toPostgres: () => [1] }, `'{"1"}'`],
    ['half \ud800', "'half \ufffd'"],
  ])('%o', (value, sql) => {
    expect(postgresLiteral(value)).toBe(sql)
  })

  test('a date is the clock of this process with its offset', () => {
    const date = new Date(2020, 0, 2, 3, 4, 5, 6)
    expect(postgresLiteral(date)).toMatch(/^'2020-01-02T03:04:05\.006[+-]\d\d:\d\d'$/)
    expect(new Date(postgresLiteral(date).slice(1, -1))).toEqual(date)
  })

  test.each([['a\0b'], [Symbol('x')], [() => 1], [new Date(Number.NaN)], [{ a: 1n }]])('%o is refused', (value) => {
    expect(() => postgresLiteral(value)).toThrow(expect.objectContaining({ kind: 'value' }))
  })
})

describe('values of MySQL', () => {
  test.each<[unknown, string]>([
    [null, 'NULL'],
    ['it\'s "x"', "'it''s \"x\"'"],
    ['a\\b', "'a\\\\b'"],
    ["\\'", "'\\\\'''"],
    ['a\r\nb', "'a\\r\nb'"],
    ['\0\b\x1a\x07', "'\\0\\b\\Z\x07'"],
    ['two\nlines\t', "'two\nlines\t'"],
    [-1.5, '-1.5'],
    [12n, '12'],
    [false, 'false'],
    [Buffer.from([1, 39]), "X'0127'"],
    [Buffer.alloc(0), "X''"],
    [new Uint8Array([0, 1, 39, 0]).subarray(1, 3), "X'0127'"],
    [[1, 'a', [2, 'b']], "1, 'a', (2, 'b')"],
    [new Set([1, 2]), '1, 2'],
  ])('%o', (value, sql) => {
    expect(mysql(value)).toBe(sql)
  })

  test('text is given in bytes where a backslash may be a plain character', () => {
    const literal = (value: unknown): string => mysqlLiteral(value, { ...DEFAULT_LITERALS, textInBytes: true })
    expect([literal('a\\b'), literal('a\r\nb'), literal(['\x7f'])]).toEqual([
      "_utf8mb4 X'615c62'",
      "_utf8mb4 X'610d0a62'",
      "_utf8mb4 X'7f'",
    ])
    expect(literal("it's\n")).toBe("'it''s\n'")
  })

  test('a date follows the time zone of the connection', () => {
    const date = new Date(Date.UTC(2020, 0, 1, 23, 30, 0, 5))
    expect(mysql(date, 'Z')).toBe("'2020-01-01 23:30:00.005'")
    expect(mysql(date, '+02:00')).toBe("'2020-01-02 01:30:00.005'")
    expect(mysql(new Date(2020, 5, 6, 7, 8, 9, 10))).toBe("'2020-06-06 07:08:09.010'")
  })

  test.each([
    [Number.NaN],
    [Number.POSITIVE_INFINITY],
    [{ a: 1 }],
    [new Date(Number.NaN)],
    [new Date(8.64e15)],
    [new Uint16Array([1, 256])],
    [new DataView(new ArrayBuffer(2))],
    [[new Uint8ClampedArray([1])]],
  ])('%o is refused', (value) => {
    expect(() => mysql(value)).toThrow(expect.objectContaining({ kind: 'value' }))
  })
})

describe('values of SQLite', () => {
  test.each<[unknown, string]>([
    [null, 'NULL'],
    [undefined, 'NULL'],
    ["it's \\", "'it''s \\'"],
    ['a\0b', "CAST(X'610062' AS TEXT)"],
    [1, '1.0'],
    [1n, '1'],
    [-0, '-0.0'],
    [0.5, '0.5'],
    [1 / 3, '(6004799503160661.0/18014398509481984.0)'],
    [Number.NaN, 'NULL'],
    [Number.NEGATIVE_INFINITY, '-9e999'],
    [true, '1.0'],
    [new Date(5), '5.0'],
    [Buffer.from('a'), "X'61'"],
  ])('%o', (value, sql) => {
    // The last digit of the fraction depends on nothing but the number.
    expect(sqlite(value).replace('/4503599627370496.0/4.0', '/18014398509481984.0')).toBe(sql)
  })

  test('the driver sqlite3 keeps whole numbers', () => {
    const literal = (value: unknown): string => sqliteLiteral(value, { ...DEFAULT_LITERALS, keepsIntegers: true })
    expect([literal(1), literal(true), literal(2 ** 40), literal(1.5)]).toEqual(['1', '1', '1099511627776.0', '1.5'])
  })

  test.each([[2n ** 63n], [{}], [[1]], ['half \ud800'], [Symbol('x')]])('%o is refused', (value) => {
    expect(() => sqlite(value)).toThrow(expect.objectContaining({ kind: 'value' }))
  })
})
