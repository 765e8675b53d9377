import { beforeEach, describe, expect, test } from 'vitest'
import type { CreateRevOptions, Rev, RevEvent } from '../../../src/index.ts'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { mysql } from '../offline/mysql-client.ts'
import { psql } from '../offline/postgresql-psql.ts'
import { scriptOf } from '../offline/script-of.ts'
import { sqlite } from '../offline/sqlite-client.ts'

const revisions = [creates('aaaa1111', null), creates('aaaa2222', 'aaaa1111')]
// What a client, a server or a pattern could take for something else.
const STRANGE = `O'Brien's "50%" \\ %s :x $1 ? $$ -- café {{x}}`

describeEachDialect('the project of a database', (db) => {
  beforeEach(() => db.empty())

  const everything = (): Promise<string> => db.dump({ ignore: /^$/ })
  const open = (project: string | undefined, more: CreateRevOptions = {}): Rev =>
    openRev(db, revisions, { ...more, config: { ...db.knexConfig(), rev: { ...more.settings, project } } })
  const metaOf = async (table = 'rev_meta'): Promise<Record<string, string>> =>
    Object.fromEntries((await db.knex()(table).select()).map(({ name, value }) => [name, value]))
  const setMeta = async (name: string, value: string): Promise<void> => {
    await db.knex()('rev_meta').where({ name }).update({ value })
  }

  test('is recorded by the first run, with the format', async () => {
    const rev = open(STRANGE)
    await rev.upgrade()
    expect(await metaOf()).toEqual({ format: '1', project: STRANGE })
    await rev.downgrade({ target: 'base' })
    expect(await metaOf()).toEqual({ format: '1', project: STRANGE })
  })

  test('is recorded by a stamp', async () => {
    await open('shop').stamp({ targets: ['aaaa1111'] })
    expect(await metaOf()).toEqual({ format: '1', project: 'shop' })
  })

  test('is recorded later, where it was not, and never by what has nothing to do or only reads', async () => {
    await open(undefined).upgrade()
    expect(await metaOf()).toEqual({ format: '1' })
    const rev = open('shop')
    await rev.upgrade()
    await rev.check({ database: true })
    await rev.doctor()
    await rev.plan({ direction: 'downgrade', target: 'base' })
    expect(await metaOf()).toEqual({ format: '1' })

    await rev.downgrade({ target: '-1' })

    expect(await metaOf()).toEqual({ format: '1', project: 'shop' })
  })

  test('that is another one is refused before anything is changed, and what reads goes on', async () => {
    await open('shop').upgrade({ target: 'aaaa1111' })
    const before = await everything()
    const other = open('billing')
    for (const work of [
      () => other.upgrade(),
      // Nothing to do.
      () => other.upgrade({ target: 'aaaa1111' }),
      () => other.downgrade({ target: 'base' }),
      () => other.stamp({ targets: ['head'], purge: true }),
      () => other.ensureVersion(),
      () => other.repair({ revision: 'aaaa1111', action: 'reverted', reason: 'no' }),
    ]) {
      expect(await errorOf(work())).toMatchObject({
        code: 'REV_DATABASE_OTHER_PROJECT',
        exit: 1,
        details: { recorded: 'shop', configured: 'billing' },
        hint: expect.stringContaining(`set value = 'billing' where name = 'project'`),
      })
    }
    expect(await everything()).toBe(before)
    expect((await other.current()).rows).toEqual(['aaaa1111'])
    expect((await other.log()).runs).toHaveLength(1)
  })

  test('is told before rows that the files do not know', async () => {
    await openRev(db, [creates('of_shop', null)], {
      config: { ...db.knexConfig(), rev: { project: 'shop' } },
    }).upgrade()

    expect(await errorOf(open('billing').upgrade())).toMatchObject({ code: 'REV_DATABASE_OTHER_PROJECT' })
    expect(await errorOf(open('shop').upgrade())).toMatchObject({ code: 'REV_DATABASE_UNKNOWN_ROW' })
  })

  test('is another one to the letter', async () => {
    await open('Shop').upgrade({ target: 'aaaa1111' })
    for (const project of ['shop', 'Shöp', 'Shop.']) {
      expect(await errorOf(open(project).upgrade())).toMatchObject({ code: 'REV_DATABASE_OTHER_PROJECT' })
    }
  })

  test('can be renamed by the statement of the error', async () => {
    await open('shop').upgrade({ target: 'aaaa1111' })
    const rev = open(STRANGE)
    const { rename } = (await errorOf(rev.upgrade())).details as { rename: string }

    expect(await db.client(rename)).toMatchObject({ code: 0 })

    expect((await rev.upgrade()).rows).toEqual(['aaaa2222'])
    expect(await metaOf()).toEqual({ format: '1', project: STRANGE })
  })

  test('that the settings do not name is a notice', async () => {
    await open('shop').upgrade({ target: 'aaaa1111' })
    const heard: RevEvent[] = []
    const rev = open(undefined, { reporter: (event) => heard.push(event) })

    await rev.upgrade()

    expect(heard.filter(({ type }) => type === 'notice')).toMatchObject([
      { code: 'REV_NOTICE_DEFAULT_TARGET' },
      { code: 'REV_NOTICE_PROJECT', message: expect.stringContaining('"shop"') },
    ])
    expect((await rev.check({ database: true })).database?.notes).toMatchObject([
      { code: 'REV_FINDING_PROJECT_NOT_SET', isFault: false },
    ])
  })

  test('is a finding of the check and of the doctor', async () => {
    await open('shop').upgrade()
    const other = open('billing')
    const finding = { code: 'REV_FINDING_OTHER_PROJECT', isFault: true, message: expect.stringContaining('"shop"') }

    expect(await errorOf(other.check({ database: true }))).toMatchObject({ details: { findings: [finding] } })
    const { healthy, findings } = await other.doctor()
    expect({ healthy, findings }).toMatchObject({ healthy: false, findings: [finding] })
    for (const sql of findings[0]?.repair ?? []) expect(await db.client(sql)).toMatchObject({ code: 0 })
    expect(await other.doctor()).toMatchObject({ healthy: true, findings: [] })
  })

  test.each(['2', 'next'])('written in format %s is only read', async (format) => {
    const rev = open('shop')
    await rev.upgrade({ target: 'aaaa1111' })
    await setMeta('format', format)
    const before = await everything()

    const refusal = { code: 'REV_DATABASE_NEWER_FORMAT', details: { format, known: 1 } }
    expect(await errorOf(rev.upgrade())).toMatchObject(refusal)
    expect(await errorOf(open(undefined).downgrade({ target: 'base' }))).toMatchObject(refusal)
    expect((await rev.current()).rows).toEqual(['aaaa1111'])
    expect(await rev.doctor()).toMatchObject({ findings: [{ code: 'REV_FINDING_NEWER_FORMAT' }] })
    expect(await everything()).toBe(before)
  })

  test('in a table of another shape is told, and the doctor puts it aside', async () => {
    const rev = open('shop')
    await rev.upgrade({ target: 'aaaa1111' })
    await db.knex().schema.dropTable('rev_meta')
    await db.knex().schema.createTable('rev_meta', (table) => table.string('key'))

    expect(await errorOf(rev.upgrade())).toMatchObject({
      code: 'REV_DATABASE_META_TABLE',
      details: { missing: ['name', 'value'] },
    })
    expect((await rev.upgrade({ target: 'aaaa1111' })).steps).toEqual([])
    const { findings } = await rev.doctor()
    expect(findings).toMatchObject([{ code: 'REV_FINDING_META_COLUMNS' }])
    for (const sql of findings[0]?.repair ?? []) expect(await db.client(sql)).toMatchObject({ code: 0 })
    await rev.upgrade()
    expect(await metaOf()).toEqual({ format: '1', project: 'shop' })
  })

  test('is that of its version table alone: two projects may share a schema', async () => {
    const other = (project: string): Rev =>
      openRev(db, [creates('bbbb1111', null)], {
        config: { ...db.knexConfig(), rev: { project, versionTable: 'billing_version' } },
      })
    await open('shop').upgrade()
    await other('billing').upgrade({ allowNonEmpty: true })
    await open('shop').downgrade({ target: 'base' })

    expect(await metaOf()).toMatchObject({ project: 'shop' })
    expect(await metaOf('billing_version_meta')).toMatchObject({ project: 'billing' })
    expect((await other('billing').current()).rows).toEqual(['bbbb1111'])
  })

  test('does not make a database look as if it were in use', async () => {
    const rev = open('shop')
    await rev.upgrade()
    await rev.downgrade({ target: 'base' })
    await db.knex().schema.dropTable('rev_version')

    expect((await rev.upgrade()).rows).toEqual(['aaaa2222'])
  })

  describe('in scripts', () => {
    test.each([true, false])('is recorded where it was not, with a guard (%s)', async (guard) => {
      const rev = open(STRANGE)
      expect(await db.client(await scriptOf(rev, { target: 'base:aaaa1111', guard }))).toMatchObject({ code: 0 })
      expect(await metaOf()).toEqual({ format: '1', project: STRANGE })
      expect(await db.client(await scriptOf(rev, { target: 'aaaa1111:head', guard }))).toMatchObject({ code: 0 })
      expect(await metaOf()).toEqual({ format: '1', project: STRANGE })
      expect((await rev.downgrade({ target: 'base' })).rows).toEqual([])
    })

    test('is proven before anything is changed', async () => {
      await open('shop').upgrade({ target: 'aaaa1111' })
      const before = await everything()
      for (const project of ['Shop', STRANGE]) {
        for (const script of [
          await scriptOf(open(project), { target: 'aaaa1111:head' }),
          await scriptOf(open(project), { target: 'base:head' }),
        ]) {
          const { code, stdout, stderr } = await db.client(script)
          expect(code).not.toBe(0)
          expect(stdout + stderr).toMatch(/rev: .*project/)
          expect(stdout + stderr).toContain('"shop"')
          expect(await everything()).toBe(before)
        }
      }
      expect(await db.client(await scriptOf(open('shop'), { target: 'aaaa1111:head' }))).toMatchObject({ code: 0 })
    })

    test('is proven before the version table alone is made, even where the client goes on after an error', async () => {
      await open('shop').upgrade({ target: 'aaaa1111' })
      const script = (project: string): Promise<string> => scriptOf(open(project), { direction: 'ensure-version' })
      const run = { postgresql: psql, mysql, sqlite }[db.dialect]
      for (const isThere of [true, false]) {
        if (!isThere) await db.knex().schema.dropTable('rev_version')
        const before = await everything()
        for (const client of ['stops at errors', 'ignores errors'] as const) {
          const { code, stdout, stderr } = await run(db, await script('billing'), client)
          if (client === 'stops at errors') expect(code).not.toBe(0)
          expect(stdout + stderr).toMatch(/rev: .*project/)
          // PostgreSQL says where the database is, whatever came before; the others, that the script did not get through.
          if (db.dialect !== 'postgresql') expect(stdout + stderr).not.toContain('is now at')
          expect(await everything()).toBe(before)
        }
      }
      for (const _ of [1, 2]) {
        expect(await run(db, await script('shop'))).toMatchObject({
          code: 0,
          stderr: '',
          stdout: expect.stringMatching(/rev: .* is now at base\n$/),
        })
      }
      expect(await rowsOf(db)).toEqual([])
      await setMeta('format', '2')
      expect((await run(db, await script('shop'))).code).not.toBe(0)
    })

    test('is asked where nothing is recorded, and records nothing with the version table alone', async () => {
      const script = await scriptOf(open('shop'), { direction: 'ensure-version' })
      expect(await db.client(script)).toMatchObject({ code: 0, stderr: '' })
      expect(await db.tables()).toEqual(['rev_version'])
    })

    test('is asked of a format that the script knows', async () => {
      const rev = open('shop')
      const script = await scriptOf(rev, { target: 'aaaa1111:head' })
      await rev.upgrade({ target: 'aaaa1111' })
      await setMeta('format', '2')
      const before = await everything()

      const { code, stdout, stderr } = await db.client(script)

      expect(code).not.toBe(0)
      expect(stdout + stderr).toMatch(/rev: .*format/)
      expect(await everything()).toBe(before)
    })

    test('that the settings do not name leaves them as they are, and the table to a run', async () => {
      const script = await scriptOf(open(undefined), { target: 'base:aaaa1111' })
      expect(script.replaceAll(/\('rev_version',.*\)/g, '')).not.toContain('rev_meta')
      expect(await db.client(script)).toMatchObject({ code: 0 })
      expect(await db.tables()).not.toContain('rev_meta')
      expect(await db.client(await scriptOf(open('shop'), { target: 'aaaa1111:head' }))).toMatchObject({ code: 0 })
      expect(await tablesOf(db)).toEqual(['aaaa1111', 'aaaa2222'])
      expect(await metaOf()).toEqual({ format: '1', project: 'shop' })
    })
  })
})

describeEachDialect(
  'the project of a database, in the transaction of a caller,',
  (db) => {
    test('is looked at before anything is done', async () => {
      const config = { ...db.knexConfig(), rev: { project: 'shop' } }
      await openRev(db, revisions, { config }).upgrade({ target: 'aaaa1111' })
      await db.knex().transaction(async (trx) => {
        const rev = (project: string): Rev => openRev(db, revisions, { knex: trx, settings: { project } })
        expect(await errorOf(rev('billing').upgrade())).toMatchObject({ code: 'REV_DATABASE_OTHER_PROJECT' })
        await rev('shop').upgrade()
      })
      expect(await rowsOf(db)).toEqual(['aaaa2222'])
    })
  },
  { only: ['sqlite', 'postgresql'] },
)
