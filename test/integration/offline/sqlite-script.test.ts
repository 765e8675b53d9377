import type { Knex } from 'knex'
import { expect, test } from 'vitest'
import { packageVersion } from '../../../src/script/package-version.ts'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'
import { eventsOf } from './events.ts'
import { scriptOf as scriptOfLine } from './history.ts'
import { scriptOf } from './postgresql-psql.ts'
import { SETTINGS, saidOf, sqlite } from './sqlite-client.ts'

const shop: readonly RevisionText[] = [
  creates('a1', null, {
    message: 'add customers',
    upgrade: `await knex.schema.createTable('customers', (table) => {
      table.increments('id')
      table.string('name', 100).notNullable()
    })
    await knex.raw('CREATE TRIGGER no_empty_names BEFORE INSERT ON customers BEGIN SELECT 1; END')`,
    downgrade: `await knex.schema.dropTable('customers')`,
  }),
  creates('b2', 'a1', {
    message: 'customers have a country, and may have no name',
    upgrade: `await knex.schema.alterTable('customers', (table) => table.string('country', 2))
      await knex('customers').whereNull('country').update({ country: 'DE' })
      await knex.schema.alterTable('customers', (table) => table.setNullable('name'))`,
    downgrade: `await knex.schema.alterTable('customers', (table) => table.dropColumn('country'))`,
  }),
  creates('c3', 'b2', {
    message: 'find customers by country, in less space',
    extra: 'export const transaction = false',
    upgrade: `await knex.raw('VACUUM')
      await knex.raw('CREATE INDEX customers_country ON customers (country)')`,
    downgrade: `await knex.raw('DROP INDEX customers_country')`,
  }),
]

describeEachDialect(
  'a script for sqlite3',
  (db) => {
    test('is the one in examples/sqlite.sql', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop))
      const lasting = script
        .replaceAll(packageVersion(), '0.0.0')
        .replace(/ with knex \S+/, '')
        .replace(/(sha256 of everything.*: )\w+/, '$1...')
      await expect(lasting).toMatchFileSnapshot('./examples/sqlite.sql')

      const result = await sqlite(db, script)
      expect(result).toEqual({ code: 0, stderr: '', stdout: saidOf(db, 'c3') })
    })

    test('leaves the log of an online run, up and down', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await sqlite(db, await scriptOf(rev))).code).toBe(0)
      const down = await sqlite(db, await scriptOf(rev, { direction: 'downgrade', target: 'c3:base' }))
      expect(down).toEqual({ code: 0, stderr: '', stdout: saidOf(db, 'base') })
      const written = await eventsOf(db)
      expect(await tablesOf(db)).toEqual([])
      const log = await db.knex()('rev_event').where({ what: 'upgrade' })
      expect(new Set(log.map((row) => row.run_id)).size).toBe(1)
      expect(log.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5])
      for (const row of log) {
        expect(row.run_id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
        const took = Date.parse(row.finished_at) - Date.parse(row.started_at)
        if (row.outcome === 'started') expect(row.finished_at).toBeNull()
        else expect(took).toBeGreaterThanOrEqual(0)
        if (row.revision === null) expect(row.milliseconds).toBeNull()
        else expect(Math.abs(row.milliseconds - took)).toBeLessThanOrEqual(1)
      }

      await db.empty()
      await rev.upgrade()
      await rev.downgrade({ target: 'base' })
      expect(written).toEqual(await eventsOf(db))
      expect(written).toHaveLength(10)
    })

    test('moves several rows: branches, a merge, and back', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1'),
        creates('c3', 'a1'),
        creates('d4', ['b2', 'c3']),
      ])
      const go = async (target: string, direction: 'upgrade' | 'downgrade' = 'upgrade'): Promise<void> => {
        expect(await sqlite(db, await scriptOf(rev, { direction, target }))).toMatchObject({ code: 0, stderr: '' })
      }
      await go('b2')
      await go('b2:c3')
      expect(await rowsOf(db)).toEqual(['b2', 'c3'])
      await go('b2,c3:d4')
      expect(await rowsOf(db)).toEqual(['d4'])
      await go('d4:b2', 'downgrade')
      expect(await rowsOf(db)).toEqual(['b2', 'c3'])
      expect(await tablesOf(db)).toEqual(['a1', 'b2', 'c3'])
      await go('b2,c3:base', 'downgrade')
      expect(await rowsOf(db)).toEqual([])
      expect(await tablesOf(db)).toEqual([])
    })

    test('stamps, where there are tables already', async () => {
      await db.empty()
      await db.knex().schema.createTable('customers', (table) => table.increments('id'))
      const rev = openRev(db, shop)
      const result = await sqlite(db, await scriptOf(rev, { direction: 'stamp', target: 'b2' }))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      const written = await eventsOf(db)

      await db.knex().schema.dropTable('rev_version').dropTable('rev_event')
      await rev.stamp({ targets: ['b2'] })
      expect(written).toEqual(await eventsOf(db))
    })

    test('makes the version table alone, once and again', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop), { direction: 'ensure-version' })
      for (const _ of [1, 2]) {
        const result = await sqlite(db, script)
        expect(result).toEqual({
          code: 0,
          stderr: '',
          stdout: `${SETTINGS}rev: database "${db.name}" is now at base\n`,
        })
      }
      expect(await db.tables()).toEqual(['rev_version'])
    })

    test('can be followed by an online run, and follow one', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await sqlite(db, await scriptOf(rev, { target: 'a1' }))).code).toBe(0)
      expect((await rev.current()).rows).toEqual(['a1'])
      expect((await rev.upgrade({ target: 'b2' })).rows).toEqual(['b2'])
      expect((await sqlite(db, await scriptOf(rev, { target: 'b2:c3' }))).code).toBe(0)
      expect((await rev.upgrade()).steps).toEqual([])
      expect(await db.knex()('rev_event').where({ outcome: 'interrupted' })).toEqual([])
    })

    test('takes any name for the version table, and the longest ids', async () => {
      await db.empty()
      const long = 'x'.repeat(200)
      const rev = openRev(
        db,
        [creates('a1', null), creates(long, 'a1', { upgrade: '', message: '; .shell true -- x' })],
        {
          config: { ...db.knexConfig(), rev: { versionTable: `it's "a" \`b\`; --` } },
        },
      )
      const result = await sqlite(db, await scriptOf(rev))
      expect(result).toEqual({ code: 0, stderr: '', stdout: saidOf(db, long) })
      expect((await rev.current()).rows).toEqual([long])
      const again = await sqlite(db, await scriptOf(rev))
      expect(again.stderr).toContain('rev: this script starts at base')
    })

    test('takes a name in double quotes for a name, as the driver does', async () => {
      const statements = [
        'UPDATE a SET x = "typo"',
        'CREATE INDEX a_typo ON a ("typo")',
        'CREATE TABLE b (x TEXT CHECK (x <> "typo"))',
      ]
      for (const statement of statements) {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null, { upgrade: `await knex.schema.createTable('a', (table) => table.string('x'))` }),
          creates('b2', 'a1', { upgrade: `await knex.raw('${statement}')` }),
        ])
        expect(await sqlite(db, await scriptOf(rev))).toMatchObject({
          code: 1,
          stderr: expect.stringContaining('no such column: typo'),
        })
        expect(await rowsOf(db)).toEqual(['a1'])
        await expect(rev.upgrade()).rejects.toMatchObject({ code: 'REV_STEP_FAILED' })
      }
    })

    test('takes it for a text with the driver that does', async () => {
      await db.empty()
      const upgrade = (knex: Knex) => knex.raw('CREATE TABLE a (x TEXT DEFAULT "typo")')
      const script = await scriptOfLine([{ title: 'texts', upgrade }], 'sqlite3')
      expect(await sqlite(db, script)).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('dqs_dml on\n            dqs_ddl on\n'),
      })
    })

    test('still reads a schema in which double quotes are around texts', async () => {
      await db.empty()
      const texts =
        'CREATE TABLE old (x TEXT DEFAULT "none" CHECK (x <> "typo")); CREATE INDEX old_x ON old (("k" || x));'
      expect(await sqlite(db, texts)).toMatchObject({ code: 0, stderr: '' })
      const rev = openRev(db, [
        creates('a1', null, {
          upgrade: `await knex.raw('INSERT INTO old DEFAULT VALUES')
            await knex.raw('ALTER TABLE old ADD COLUMN y')`,
        }),
      ])
      const script = await scriptOf(rev, { allowNonEmpty: true })
      expect(await sqlite(db, script)).toMatchObject({ code: 0, stderr: '' })
      expect(await db.knex()('old')).toEqual([{ x: 'none', y: null }])
    })

    test('is for any client with --sql-client generic', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop), { sqlClient: 'generic' })
      expect(script).not.toMatch(/^\./m)
      expect(script.split('\n')[1]).toContain('stops at the first error')
      const { client } = db.knex()
      const connection = await client.acquireConnection()
      connection.exec(script)
      await client.releaseConnection(connection)
      expect(await rowsOf(db)).toEqual(['c3'])
    })
  },
  { only: ['sqlite'] },
)
