import { beforeEach, describe, expect, test } from 'vitest'
import type { DoctorResult, Rev } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'

const revisions = [
  creates('aaaa1111', null, { message: 'first' }),
  creates('aaaa2222', 'aaaa1111', { message: 'second' }),
]
const EVERYTHING = /^$/

const codesOf = ({ findings }: DoctorResult): string[] => findings.map(({ code }) => code)

/** A database at the head, its version table made anew with these columns and rows, and without a key. */
async function damage(db: TestDatabase, columns: string, rows: readonly string[]): Promise<Rev> {
  const rev = openRev(db, revisions)
  await rev.upgrade()
  await runClient(db, `drop table rev_version; create table rev_version (${columns});`)
  for (const row of rows) await runClient(db, `insert into rev_version values (${row});`)
  return rev
}

async function runClient(db: TestDatabase, sql: string): Promise<void> {
  expect(await db.client(sql)).toMatchObject({ code: 0 })
}

/** Runs what the doctor says, word for word, one finding after the other, as somebody would who believes it. */
async function follow(db: TestDatabase, rev: Rev): Promise<string[]> {
  const followed: string[] = []
  for (let round = 0; round < 8; round += 1) {
    const { healthy, findings } = await rev.doctor()
    if (healthy) return followed
    const [{ code, repair = [] } = { code: 'none' }] = findings
    followed.push(code)
    expect(repair, code).not.toEqual([])
    for (const text of repair) {
      const words = text.split(' ')
      if (words[0] !== 'rev') await runClient(db, text)
      else {
        expect(words[1]).toBe('stamp')
        const targets = words.slice(2).filter((word) => word !== '--purge')
        await rev.stamp({ targets, purge: words.includes('--purge') })
      }
    }
  }
  throw new Error(`not healthy after ${followed.join(', ')}`)
}

/** The doctor's first answer, which changes nothing. */
async function ask(db: TestDatabase, rev: Rev): Promise<DoctorResult> {
  const before = await db.dump({ ignore: EVERYTHING })
  const result = await rev.doctor()
  expect(await db.dump({ ignore: EVERYTHING })).toBe(before)
  return result
}

async function expectUsable(db: TestDatabase, rev: Rev): Promise<void> {
  expect(await rowsOf(db)).toEqual(['aaaa2222'])
  expect((await rev.downgrade({ target: 'base' })).rows).toEqual([])
  expect((await rev.upgrade()).rows).toEqual(['aaaa2222'])
  expect(await rev.doctor()).toMatchObject({ healthy: true, findings: [] })
}

describeEachDialect('the doctor', (db) => {
  beforeEach(() => db.empty())

  test('finds a database healthy that rev never touched, and makes nothing', async () => {
    expect(await openRev(db, revisions).doctor()).toMatchObject({
      command: 'doctor',
      exists: false,
      table: expect.stringContaining('rev_version'),
      healthy: true,
      findings: [],
    })
    expect(await db.tables()).toEqual([])
  })

  test('finds a database healthy at any place, and after a failure', async () => {
    const rev = openRev(db, [...revisions, { revision: 'bbbb1111', down: 'aaaa2222', upgrade: 'throw new Error()' }])
    await errorOf(rev.upgrade())
    expect(await ask(db, rev)).toMatchObject({ healthy: true, rows: ['aaaa2222'], findings: [] })

    await rev.downgrade({ target: 'base' })
    expect(await ask(db, rev)).toMatchObject({ healthy: true, exists: true, rows: [], findings: [] })
  })

  describe('says what would repair, and it does:', () => {
    test.each([
      ['a column of another name', 'version varchar(255) not null', ["'aaaa2222'"], ['REV_FINDING_NO_COLUMN']],
      ['other columns', 'a integer, b varchar(9)', ["1, 'x'"], ['REV_FINDING_NO_COLUMN']],
      ['rows that are NULL', 'version_num varchar(255)', ["'aaaa2222'", 'null'], ['REV_FINDING_NULL_ROW']],
      ['rows that are empty', 'version_num varchar(255)', ["'aaaa2222'", "''", "''"], ['REV_FINDING_NULL_ROW']],
      [
        'rows that are there twice',
        'version_num varchar(255)',
        ["'aaaa2222'", "'aaaa2222'", "'aaaa2222'"],
        ['REV_FINDING_DUPLICATE_ROW'],
      ],
      [
        'several faults at once',
        'version_num varchar(255)',
        ['null', "'aaaa1111'", "'aaaa1111'", "'aaaa2222'", "'aaaa2222'"],
        [
          'REV_FINDING_NULL_ROW',
          'REV_FINDING_DUPLICATE_ROW',
          'REV_FINDING_DUPLICATE_ROW',
          'REV_FINDING_ROWS_CHANGED',
          'REV_FINDING_OVERLAPPING_ROWS',
        ],
      ],
      ['rows that are gone', 'version_num varchar(255) primary key', [], ['REV_FINDING_ROWS_CHANGED']],
    ])('%s', async (_, columns, rows, codes) => {
      const rev = await damage(db, columns, rows)

      const result = await ask(db, rev)
      expect(result.healthy).toBe(false)
      expect(codesOf(result)).toEqual(codes)
      await follow(db, rev)

      await expectUsable(db, rev)
    })

    test('a column that is no text', async () => {
      const rev = await damage(db, 'version_num integer not null', ['1'])
      expect(await ask(db, rev)).toMatchObject({ rows: [], findings: [{ code: 'REV_FINDING_WRONG_TYPE' }] })

      const { findings } = await rev.doctor()
      for (const text of findings[0]?.repair ?? []) if (!text.startsWith('rev ')) await runClient(db, text)

      // Where the column can be changed its row stays, and nobody can say what it meant.
      const codes = ['REV_FINDING_ROWS_CHANGED', 'REV_FINDING_UNKNOWN_ROW']
      expect(codesOf(await rev.doctor())).toEqual(db.dialect === 'sqlite' ? ['REV_FINDING_TABLE_GONE'] : codes)
      await rev.stamp({ targets: ['aaaa2222'], purge: true })
      await expectUsable(db, rev)
    })

    test('a column that is too short for an id', async () => {
      if (db.dialect === 'sqlite') return expect(db.dialect).toBe('sqlite')
      const rev = openRev(db, [...revisions, creates('b'.repeat(40), 'aaaa2222')])
      await rev.upgrade({ target: 'aaaa2222' })
      await runClient(db, 'drop table rev_version; create table rev_version (version_num varchar(32) primary key);')
      await runClient(db, "insert into rev_version values ('aaaa2222');")

      expect(await follow(db, rev)).toEqual(['REV_FINDING_TOO_NARROW'])

      expect((await rev.upgrade()).rows).toEqual(['b'.repeat(40)])
    })

    test('a table that was dropped', async () => {
      const rev = openRev(db, revisions)
      await rev.upgrade()
      await runClient(db, 'drop table rev_version;')
      expect(await ask(db, rev)).toMatchObject({ exists: false, findings: [{ code: 'REV_FINDING_TABLE_GONE' }] })

      expect(await follow(db, rev)).toEqual(['REV_FINDING_TABLE_GONE'])

      await expectUsable(db, rev)
    })

    test('a log that lacks columns', async () => {
      const rev = openRev(db, revisions)
      await rev.upgrade()
      await runClient(db, 'alter table rev_event drop column host; alter table rev_event drop column reason;')
      expect(await ask(db, rev)).toMatchObject({
        rows: ['aaaa2222'],
        findings: [{ code: 'REV_FINDING_EVENT_COLUMNS' }],
      })

      expect(await follow(db, rev)).toEqual(['REV_FINDING_EVENT_COLUMNS'])

      await expectUsable(db, rev)
      expect((await rev.log()).runs).toHaveLength(3)
    })

    test('a log that lacks what gives a row its meaning', async () => {
      const rev = openRev(db, revisions)
      await rev.upgrade()
      await runClient(db, 'alter table rev_event drop column what;')

      expect(await follow(db, rev)).toEqual(['REV_FINDING_EVENT_COLUMNS'])

      await expectUsable(db, rev)
      expect((await rev.log()).runs).toHaveLength(2)
    })
  })

  test('names rows that no file knows, and offers nothing that would lose them', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    await db.knex()('rev_version').update({ version_num: "it's \\ 1" })

    const { findings } = await ask(db, rev)

    expect(findings).toMatchObject([
      { code: 'REV_FINDING_ROWS_CHANGED' },
      { code: 'REV_FINDING_UNKNOWN_ROW', revision: "it's \\ 1" },
    ])
    expect(findings.map(({ repair }) => repair)).toEqual([undefined, undefined])
  })

  test('repairs a row of any text that is there twice', async () => {
    const rev = await damage(db, 'version_num varchar(255)', [])
    for (const row of ["it's \\ 1", "it's \\ 1", 'aaaa2222'])
      await db.knex()('rev_version').insert({ version_num: row })

    const { findings } = await ask(db, rev)
    for (const text of findings.find(({ code }) => code === 'REV_FINDING_DUPLICATE_ROW')?.repair ?? [])
      await runClient(db, text)

    expect(await rowsOf(db)).toEqual(['aaaa2222', "it's \\ 1"])
  })

  test('knows the tables of Alembic and of Knex', async () => {
    const rev = openRev(db, revisions)
    await runClient(
      db,
      "create table alembic_version (version_num varchar(32)); insert into alembic_version values ('ab');",
    )
    expect(codesOf(await ask(db, rev))).toEqual(['REV_FINDING_ALEMBIC_TABLE'])

    await runClient(
      db,
      'create table rev_version (id integer, name varchar(255), batch integer, migration_time integer);',
    )
    const { findings } = await ask(db, rev)

    expect(findings).toMatchObject([{ code: 'REV_FINDING_NO_COLUMN', message: expect.stringContaining('Knex') }])
    expect(findings[0]?.repair).toBeUndefined()
  })

  test('looks at the table also when the files form no graph', async () => {
    const rev = await damage(db, 'version_num varchar(255)', ["'aaaa2222'", "'aaaa2222'"])
    const other = openRev(db, [creates('cccc1111', 'gone')])

    expect(codesOf(await other.doctor())).toEqual(['REV_FINDING_DUPLICATE_ROW'])
    expect((await errorOf(rev.current())).code).toBe('REV_DATABASE_VERSION_TABLE')
  })
})
