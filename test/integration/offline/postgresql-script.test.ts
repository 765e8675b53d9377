import { expect, test } from 'vitest'
import { packageVersion } from '../../../src/script/package-version.ts'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'
import { psql, scriptOf } from './postgresql-psql.ts'

const shop: readonly RevisionText[] = [
  creates('a1', null, {
    message: 'add customers',
    upgrade: `await knex.schema.createTable('customers', (table) => {
      table.increments('id')
      table.string('name', 100).notNullable()
    })`,
    downgrade: `await knex.schema.dropTable('customers')`,
  }),
  creates('b2', 'a1', {
    message: 'customers have a country',
    upgrade: `await knex.raw("SET LOCAL work_mem = '64MB'")
      await knex.schema.alterTable('customers', (table) => table.string('country', 2))
      await knex('customers').whereNull('country').update({ country: 'DE' })`,
    downgrade: `await knex.schema.alterTable('customers', (table) => table.dropColumn('country'))`,
  }),
  creates('c3', 'b2', {
    message: 'find customers by country',
    extra: 'export const transaction = false',
    upgrade: `await knex.raw('CREATE INDEX CONCURRENTLY customers_country ON customers (country)')
      await knex.raw('ANALYZE customers')`,
    downgrade: `await knex.raw('DROP INDEX CONCURRENTLY customers_country')`,
  }),
]

/** The rows of the log as far as they can be equal for a script and a run. */
const COMPARED = ['seq', 'what', 'revision', 'outcome', 'rows_before', 'rows_after', 'checksum', 'statements'] as const

describeEachDialect(
  'a script for psql',
  (db) => {
    const events = (): Promise<unknown[]> =>
      db
        .knex()('rev_event')
        .orderByRaw('what DESC, seq')
        .select(...COMPARED, 'tool_version', 'database_user')

    test('is the one in examples/postgresql.sql', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop))
      const lasting = script
        .replaceAll(packageVersion(), '0.0.0')
        .replace(/ with knex \S+/, '')
        .replace(/(sha256 of everything.*: )\w+/, '$1...')
      await expect(lasting).toMatchFileSnapshot('./examples/postgresql.sql')

      const result = await psql(db, script)
      expect(result).toEqual({ code: 0, stderr: '', stdout: `rev: database "${db.name}" is now at c3\n` })
    })

    test('leaves the log of an online run, up and down', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await psql(db, await scriptOf(rev))).code).toBe(0)
      const down = await psql(db, await scriptOf(rev, { direction: 'downgrade', target: 'c3:base' }))
      expect(down.stdout).toBe(`rev: database "${db.name}" is now at base\n`)
      const written = await events()
      expect(await tablesOf(db)).toEqual([])
      const log = await db.knex()('rev_event').where({ what: 'upgrade' })
      expect(new Set(log.map((row) => row.run_id)).size).toBe(1)
      for (const row of log) {
        if (row.outcome === 'started') expect(row.finished_at).toBeNull()
        else expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime())
        if (row.revision === null) expect(row.milliseconds).toBeNull()
        else expect(row.milliseconds).toBeCloseTo(row.finished_at - row.started_at, -1)
      }

      await db.empty()
      await rev.upgrade()
      await rev.downgrade({ target: 'base' })
      expect(written).toEqual(await events())
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
        expect(await psql(db, await scriptOf(rev, { direction, target }))).toMatchObject({ code: 0, stderr: '' })
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

    test('names several rows in the log in the order of a run, whichever way they are typed', async () => {
      const rev = openRev(db, [creates('z1', null), creates('c1', null), creates('m2', ['z1', 'c1'])])
      await db.empty()
      for (const target of ['z1', 'c1', 'm2']) await rev.upgrade({ target })
      await rev.downgrade({ target: 'z1' })
      const online = await events()
      for (const start of ['c1,z1', 'z1,c1']) {
        await db.empty()
        for (const target of ['z1', 'z1:c1', `${start}:m2`]) {
          expect(await psql(db, await scriptOf(rev, { target }))).toMatchObject({ code: 0, stderr: '' })
        }
        const down = await scriptOf(rev, { direction: 'downgrade', target: 'm2:z1' })
        expect(await psql(db, down)).toMatchObject({ code: 0, stderr: '' })
        expect(await events()).toEqual(online)
      }
      expect(online).toContainEqual(expect.objectContaining({ revision: 'm2', what: 'upgrade', rows_before: 'c1 z1' }))
    })

    test('stamps, where there are tables already', async () => {
      await db.empty()
      await db.knex().schema.createTable('customers', (table) => table.increments('id'))
      const rev = openRev(db, shop)
      const result = await psql(db, await scriptOf(rev, { direction: 'stamp', target: 'b2' }))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(await rowsOf(db)).toEqual(['b2'])
      const written = await events()

      await db.knex().schema.dropTable('rev_version').dropTable('rev_event')
      await rev.stamp({ targets: ['b2'] })
      expect(written).toEqual(await events())
    })

    test('makes the version table alone, once and again', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop), { direction: 'ensure-version' })
      for (const _ of [1, 2]) {
        const result = await psql(db, script)
        expect(result).toEqual({ code: 0, stderr: '', stdout: `rev: database "${db.name}" is now at base\n` })
      }
      expect(await db.tables()).toEqual(['rev_version'])
    })

    test('can be followed by an online run, and follow one', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await psql(db, await scriptOf(rev, { target: 'a1' }))).code).toBe(0)
      expect((await rev.current()).rows).toEqual(['a1'])
      expect((await rev.upgrade({ target: 'b2' })).rows).toEqual(['b2'])
      expect((await psql(db, await scriptOf(rev, { target: 'b2:c3' }))).code).toBe(0)
      expect((await rev.upgrade()).steps).toEqual([])
      expect(await db.knex()('rev_event').where({ outcome: 'interrupted' })).toEqual([])
    })

    test('keeps its tables in a schema of their own, which it makes', async () => {
      await db.empty()
      const rev = openRev(db, shop, { config: { ...db.knexConfig(), rev: { schema: 'Ops "x"; \\q' } } })
      const result = await psql(db, await scriptOf(rev))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect((await rev.current()).rows).toEqual(['c3'])
      expect(await db.tables()).toEqual(['customers'])
    })
  },
  { only: ['postgresql'] },
)
