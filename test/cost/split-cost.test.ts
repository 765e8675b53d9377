import { describe, expect, test } from 'vitest'
import { splitStatements } from '../../src/sql/split-statements.ts'
import { millisecondsOf } from '../support/milliseconds-of.ts'

const FAMILIES = ['postgresql', 'mysql', 'sqlite'] as const

describe('megabytes', () => {
  /** What is shorter cannot be told from nothing. */
  const LEAST = 2
  const ROWS = "(1, 'it''s; one', NULL),\n"
  const plainScan = (sql: string): number => {
    let found = 0
    for (const match of sql.matchAll(/['";]/g)) found += match.index % 2
    return found
  }

  test.each(
    FAMILIES.flatMap((family) => [
      [family, 'one statement', (count: number) => `insert into t values ${ROWS.repeat(count)}(2, '', 0)`] as const,
      [
        family,
        'many statements',
        (count: number) => `insert into t values (1, 'it''s; one', NULL);\n`.repeat(count),
      ] as const,
      [
        family,
        'one body',
        (count: number) =>
          `create trigger t after insert on a for each row begin ${`insert into b values ('it''s; one');\n`.repeat(count)} end`,
      ] as const,
      [
        family,
        'an open body',
        (count: number) => `create function f() begin atomic (${`select ('it''s; one');\n`.repeat(count)}`,
      ] as const,
      [family, 'open quotes', (count: number) => `select '${`it''s; -- $ $$ $a$ /* \\' one\n`.repeat(count)}`] as const,
      [family, 'open comments', (count: number) => `select 1 ${'/* \n'.repeat(count)}`] as const,
      [
        family,
        'signs that may open something',
        (count: number) => `select ${'$ $a$b E e - / [a] \n'.repeat(count)}`,
      ] as const,
      [family, 'strings that go on', (count: number) => `select E'a'${"\n -- b\n 'c'".repeat(count)}`] as const,
    ]),
  )('of %s, %s, are split in a time that grows with the length', (family, _, textOf) => {
    const short = textOf(10_000)
    const long = textOf(80_000)
    expect(splitStatements(short, family).length).toBeGreaterThan(0)

    const time = millisecondsOf(() => splitStatements(long, family))

    // Eight times as long; work that grows with the square would take 64 times as long.
    expect(
      time /
        Math.max(
          LEAST,
          millisecondsOf(() => splitStatements(short, family)),
        ),
    ).toBeLessThan(30)
    // A pass over the text that looks for quotes and semicolons alone.
    expect(
      time /
        Math.max(
          LEAST,
          millisecondsOf(() => plainScan(long)),
        ),
    ).toBeLessThan(60)
  })
})
