import { expect, test } from 'vitest'
import { packageVersion } from '../../../src/script/package-version.ts'
import { creates, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import type { RevisionText } from '../../support/temp-project.ts'
import { eventsOf } from './events.ts'
import { mysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

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
    upgrade: `await knex.schema.alterTable('customers', (table) => table.string('country', 2))
      await knex('customers').insert({ name: "Mr. O'Neill" })
      await knex('customers').whereNull('country').update({ country: 'DE' })`,
    downgrade: `await knex.schema.alterTable('customers', (table) => table.dropColumn('country'))`,
  }),
  creates('c3', 'b2', {
    message: 'no customer without a name',
    extra: 'export const transaction = false',
    upgrade: `await knex.raw(\`create trigger customers_name before insert on customers for each row
        begin
          if new.name = '' then set new.name = 'unknown'; end if;
        end\`)
      await knex.raw('analyze table customers')`,
    downgrade: `await knex.raw('drop trigger customers_name')`,
  }),
]

describeEachDialect(
  'a script for mariadb',
  (db) => {
    test('is the one in examples/mysql.sql', async () => {
      await db.empty()
      const script = await scriptOf(openRev(db, shop))
      const lasting = script
        .replaceAll(packageVersion(), '0.0.0')
        .replace(/ with knex \S+/, '')
        .replace(/(sha256 of everything.*: )\w+/, '$1...')
      await expect(lasting).toMatchFileSnapshot('./examples/mysql.sql')

      const result = await mysql(db, script)
      expect(result).toMatchObject({ code: 0, stderr: '' })
      expect(result.stdout).toMatch(new RegExp(`\\nrev: database "${db.name}" is now at c3\\n$`))
    })

    test('leaves the log of an online run, up and down', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await mysql(db, await scriptOf(rev))).code).toBe(0)
      const down = await mysql(db, await scriptOf(rev, { direction: 'downgrade', target: 'c3:base' }))
      expect(down.stdout).toBe(`rev: database "${db.name}" is now at base\n`)
      const written = await eventsOf(db)
      expect(await tablesOf(db)).toEqual([])
      const log = await db.knex()('rev_event').where({ what: 'upgrade' })
      expect(new Set(log.map((row) => row.run_id)).size).toBe(1)
      expect(log.map((row) => row.seq).sort()).toEqual([1, 2, 3, 4, 5])
      for (const row of log) {
        if (row.outcome === 'started') expect(row.finished_at).toBeNull()
        else expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime())
        if (row.revision === null) expect(row.milliseconds).toBeNull()
        else expect(row.milliseconds).toBe(row.finished_at - row.started_at)
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
        expect(await mysql(db, await scriptOf(rev, { direction, target }))).toMatchObject({ code: 0, stderr: '' })
      }
      await go('b2')
      await go('b2:c3')
      expect(await rowsOf(db)).toEqual(['b2', 'c3'])
      await go('c3,b2:d4')
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
      const result = await mysql(db, await scriptOf(rev, { direction: 'stamp', target: 'b2' }))
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
        const result = await mysql(db, script)
        expect(result).toEqual({ code: 0, stderr: '', stdout: `rev: database "${db.name}" is now at base\n` })
      }
      expect(await db.tables()).toEqual(['rev_version'])
    })

    test('can be followed by an online run, and follow one', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      expect((await mysql(db, await scriptOf(rev, { target: 'a1' }))).code).toBe(0)
      expect((await rev.current()).rows).toEqual(['a1'])
      expect((await rev.upgrade({ target: 'b2' })).rows).toEqual(['b2'])
      expect((await mysql(db, await scriptOf(rev, { target: 'b2:c3' }))).code).toBe(0)
      expect((await rev.upgrade()).steps).toEqual([])
      expect(await db.knex()('rev_event').where({ outcome: 'interrupted' })).toEqual([])
    })

    test('keeps its tables in a database of their own, which it makes', async () => {
      await db.empty()
      const schema = `${db.name} \`x\`'; \\q`
      const rev = openRev(db, shop, { config: { ...db.knexConfig(), rev: { schema } } })
      try {
        expect(await mysql(db, await scriptOf(rev, { target: 'a1' }))).toMatchObject({ code: 0, stderr: '' })
        expect(await mysql(db, await scriptOf(rev, { target: 'a1:c3' }))).toMatchObject({ code: 0, stderr: '' })
        expect((await rev.current()).rows).toEqual(['c3'])
        expect(await db.tables()).toEqual(['customers'])
      } finally {
        await db.knex().raw('drop database if exists ??', [schema])
      }
    })

    test('goes on with the table of Alembic, whose collation does not tell case apart', async () => {
      await db.empty()
      await db.knex().raw('create table alembic_version (version_num varchar(32) not null primary key)')
      await db.knex()('alembic_version').insert({ version_num: 'A1' })
      const config = { ...db.knexConfig(), rev: { versionTable: 'alembic_version' } }
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1'), creates('c'.repeat(33), 'b2')], { config })
      const script = await scriptOf(rev, { target: 'a1:b2' })
      expect((await mysql(db, script)).stderr).toContain('rev: need a1, is A1')
      await db.knex()('alembic_version').update({ version_num: 'a1' })
      expect(await mysql(db, script)).toMatchObject({ code: 0, stderr: '' })
      expect(await db.knex()('alembic_version').pluck('version_num')).toEqual(['b2'])

      const long = await mysql(db, await scriptOf(rev, { target: `b2:${'c'.repeat(33)}` }))
      expect(long.stdout).toContain('(33 characters); run once: alter table `alembic_version` modify version_num')
      expect(await tablesOf(db)).toEqual(['alembic_version', 'alembic_version_event', 'alembic_version_step', 'b2'])
    })

    test('without a guard is plain SQL', async () => {
      await db.empty()
      const rev = openRev(db, shop)
      const script = await scriptOf(rev, { guard: false })
      expect(script).not.toMatch(/@rev_(?:go|do|lock|why)|READ ONLY/)
      expect(await mysql(db, script)).toMatchObject({ code: 0, stderr: '' })
      const written = await eventsOf(db)
      expect(await rowsOf(db)).toEqual(['c3'])
      await db.empty()
      await rev.upgrade()
      expect(written).toEqual(await eventsOf(db))
    })
  },
  { only: ['mysql'] },
)
