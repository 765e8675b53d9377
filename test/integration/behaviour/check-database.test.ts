import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import type { IntegrityFinding, Rev, RevError, RevEvent } from '../../../src/index.ts'
import { textChecksum } from '../../../src/script/recorded-checksum.ts'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { TempProject } from '../../support/temp-project.ts'

const revisions = [
  creates('aaaa1111', null, { message: 'first' }),
  creates('aaaa2222', 'aaaa1111', { message: 'second' }),
]
const FIRST = 'versions/aaaa1111_first.ts'

const check = (rev: Rev) => rev.check({ database: true })
const findingsOf = (error: RevError): readonly IntegrityFinding[] => {
  expect(error).toMatchObject({ code: 'REV_CHECK_DATABASE_DIFFERS', exit: 3 })
  return (error.details as { findings: readonly IntegrityFinding[] }).findings
}
const codesOf = (error: RevError): string[] => findingsOf(error).map(({ code }) => code)
const change = (project: TempProject, file: string, from: string, to: string): string => {
  const text = project.read(file)
  expect(text).toContain(from)
  return project.write(file, text.replace(from, to))
}

describeEachDialect('a check with the database', (db) => {
  beforeEach(() => db.empty())

  test('of one that rev never touched is sound, and makes nothing', async () => {
    const { database } = await check(openRev(db, revisions))

    expect(database).toMatchObject({ exists: false, rows: [], compared: 0, notes: [] })
    expect(await db.tables()).toEqual([])
  })

  test('of one that goes with the files says what was compared', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()

    expect(await rev.check()).toMatchObject({ revisions: 2, database: undefined })
    expect(await check(rev)).toMatchObject({ database: { exists: true, rows: ['aaaa2222'], compared: 2, notes: [] } })
  })

  test('names a file whose code was edited, with both checksums, and none that was not applied', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade({ target: 'aaaa1111' })
    const file = change(rev.project, FIRST, "increments('id')", "increments('key')")
    change(rev.project, 'versions/aaaa2222_second.ts', "increments('id')", "increments('key')")
    const before = await db.dump({ ignore: /^$/ })

    const [finding, ...others] = findingsOf(await errorOf(check(rev)))

    expect(others).toEqual([])
    expect(finding).toMatchObject({
      code: 'REV_FINDING_EDITED',
      isFault: true,
      revision: 'aaaa1111',
      file,
      recorded: expect.stringMatching(/^sha256:[\da-f]{64} code:[\da-f]{64} ts$/),
      found: expect.stringContaining(textChecksum(readFileSync(file, 'utf8'))),
    })
    expect(finding?.recorded).not.toBe(finding?.found)
    expect(await db.dump({ ignore: /^$/ })).toBe(before)
  })

  test('is not needed for an upgrade with nothing to do to name what was edited, and nothing is stopped by it', async () => {
    const heard: RevEvent[] = []
    const rev = openRev(db, revisions, { reporter: (event) => heard.push(event) })
    await rev.upgrade({ target: 'heads' })
    await rev.upgrade({ target: 'heads' })
    expect(heard.filter(({ type }) => type === 'notice')).toEqual([])
    const file = change(rev.project, FIRST, "increments('id')", "increments('key')")

    expect((await rev.upgrade({ target: 'heads' })).steps).toEqual([])

    expect(heard.filter(({ type }) => type === 'notice')).toMatchObject([
      { code: 'REV_NOTICE_EDITED', message: expect.stringContaining(file) },
    ])
    expect((await rev.downgrade({ target: 'base' })).steps).toHaveLength(2)
    await rev.upgrade({ target: 'heads' })
    await db.knex().schema.alterTable('rev_event', (table) => table.dropColumn('checksum'))
    expect((await rev.upgrade({ target: 'heads' })).steps).toEqual([])
  })

  test('takes comments and white space for a note', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    const text = rev.project.read(FIRST)
    rev.project.write(FIRST, `\uFEFF${text.replaceAll('\n', '\r\n')}`)
    expect((await check(rev)).database?.notes).toEqual([])

    const file = rev.project.write(FIRST, `// looked at\n${text.replaceAll('{ table.', '{\n      table.')}`)

    expect((await check(rev)).database?.notes).toMatchObject([
      { code: 'REV_FINDING_COSMETIC_EDIT', isFault: false, revision: 'aaaa1111', file },
    ])
  })

  test('does not compare JavaScript with the TypeScript that was applied', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    for (const name of ['aaaa1111_first', 'aaaa2222_second']) {
      const file = join(rev.project.path, 'versions', name)
      writeFileSync(`${file}.js`, readFileSync(`${file}.ts`, 'utf8').replaceAll(/^import.*|: (Knex|any)/gm, ''))
      rmSync(`${file}.ts`)
    }

    expect((await check(rev)).database).toMatchObject({
      compared: 0,
      notes: [{ code: 'REV_FINDING_NOT_COMPARABLE', isFault: false }],
    })
  })

  test('reads what a rev recorded that kept the checksum of the text alone', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    await db
      .knex()('rev_event')
      .where({ revision: 'aaaa1111' })
      .update({ checksum: textChecksum(rev.project.read(FIRST)) })
    expect((await check(rev)).database).toMatchObject({ compared: 2, notes: [] })

    change(rev.project, FIRST, "increments('id')", "increments('key')")

    expect((await check(rev)).database?.notes).toMatchObject([{ code: 'REV_FINDING_NOT_COMPARABLE' }])
  })

  test('goes by the last time that a revision was applied', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    await rev.downgrade({ target: 'base' })
    change(rev.project, FIRST, "increments('id')", "increments('key')")
    expect((await check(rev)).database).toMatchObject({ rows: [], compared: 0 })

    await rev.upgrade()

    expect((await check(rev)).database).toMatchObject({ compared: 2, notes: [] })
  })

  test('does not take a file that was renamed for another', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    renameSync(join(rev.project.path, FIRST), join(rev.project.path, 'versions/first.ts'))

    expect((await check(rev)).database).toMatchObject({ compared: 2, notes: [] })
  })

  test('tells a row that no file knows from a file that is gone', async () => {
    const rev = openRev(db, [...revisions, creates('aaaa3333', 'aaaa2222', { message: 'third' })])
    await rev.upgrade()
    rev.project.clear('versions/aaaa3333_third.ts')
    rev.project.clear('versions/aaaa2222_second.ts')

    const findings = findingsOf(await errorOf(check(rev)))

    expect(findings).toMatchObject([
      { code: 'REV_FINDING_UNKNOWN_ROW', revision: 'aaaa3333' },
      { code: 'REV_FINDING_FILE_MISSING', revision: 'aaaa2222' },
    ])
    expect(await rowsOf(db)).toEqual(['aaaa3333'])
  })

  test('calls a file that is gone a note once the rows were stamped', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    rev.project.clear('versions/aaaa2222_second.ts')
    await rev.stamp({ targets: ['aaaa1111'], purge: true })

    expect((await check(rev)).database?.notes).toMatchObject([
      { code: 'REV_FINDING_FILE_MISSING', isFault: false, revision: 'aaaa2222' },
    ])
  })

  test('names a revision that was put below one that was applied already', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    const between = rev.project.revision(creates('bbbb1111', 'aaaa1111', { message: 'between' }))
    change(rev.project, 'versions/aaaa2222_second.ts', '"aaaa1111"', '"bbbb1111"')

    const findings = findingsOf(await errorOf(check(rev)))

    expect(findings).toMatchObject([
      {
        code: 'REV_FINDING_NOT_RUN',
        revision: 'bbbb1111',
        file: between,
        message: expect.stringContaining('aaaa2222'),
      },
      { code: 'REV_FINDING_EDITED', revision: 'aaaa2222' },
    ])
  })

  test('believes a stamp, which runs nothing on purpose', async () => {
    const rev = openRev(db, revisions)
    await rev.stamp({ targets: ['aaaa1111'] })
    await rev.upgrade()
    await rev.stamp({ targets: ['base'] })
    await rev.stamp({ targets: ['heads'] })

    expect((await check(rev)).database).toMatchObject({ rows: ['aaaa2222'], compared: 1, notes: [] })
  })

  test('finds rows that overlap, and rows that no run left', async () => {
    const rev = openRev(db, revisions)
    await rev.upgrade()
    await db.knex()('rev_version').insert({ version_num: 'aaaa1111' })
    expect(codesOf(await errorOf(check(rev)))).toEqual(['REV_FINDING_ROWS_CHANGED', 'REV_FINDING_OVERLAPPING_ROWS'])

    await db.knex()('rev_version').delete()

    const findings = findingsOf(await errorOf(check(rev)))
    expect(findings).toMatchObject([{ code: 'REV_FINDING_ROWS_CHANGED', repair: ['rev stamp --purge aaaa2222'] }])
  })

  test('says nothing of the rows while a run has no end', async () => {
    const rev = openRev(db, revisions)
    const { runId } = await rev.upgrade()
    await db.knex()('rev_event').where({ run_id: runId, revision: null, outcome: 'done' }).delete()
    await db.knex()('rev_version').update({ version_num: 'aaaa1111' })

    expect((await check(rev)).database).toMatchObject({ rows: ['aaaa1111'], notes: [] })
  })

  test('takes a failed run for what it left', async () => {
    const rev = openRev(db, [...revisions, { revision: 'bbbb1111', down: 'aaaa2222', upgrade: 'throw new Error()' }])
    await errorOf(rev.upgrade())

    expect((await check(rev)).database).toMatchObject({ rows: ['aaaa2222'], compared: 2, notes: [] })
  })

  test('reads what a script has recorded as what a run has', async () => {
    const rev = openRev(db, revisions)
    let script = ''
    const write = (text: string): void => {
      script += text
    }
    await rev.sql({ direction: 'upgrade', target: ['base:heads'], write })
    expect(await db.client(script)).toMatchObject({ code: 0 })
    expect((await check(rev)).database).toMatchObject({ rows: ['aaaa2222'], compared: 2, notes: [] })

    change(rev.project, FIRST, "increments('id')", "increments('key')")

    expect(codesOf(await errorOf(check(rev)))).toEqual(['REV_FINDING_EDITED'])
  })
})
