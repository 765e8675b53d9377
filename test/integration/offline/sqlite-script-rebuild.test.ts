import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { nativeDump } from './native-dump.ts'
import { scriptOf } from './postgresql-psql.ts'
import { CLIENTS, sqlite } from './sqlite-client.ts'

const ALONE = { extra: 'export const transaction = false' }

const tables = creates('a1', null, {
  upgrade: `await knex.schema.createTable('owners', (table) => {
      table.increments('id')
      table.string('name')
      table.string('old')
    })
    await knex.schema.createTable('pets', (table) => {
      table.increments('id')
      table.integer('owner').references('owners.id').onDelete('CASCADE')
    })
    await knex.raw("CREATE TRIGGER owners_after AFTER UPDATE ON owners BEGIN UPDATE pets SET owner = owner; -- it's; one\\nEND")
    await knex.raw('CREATE VIEW names AS SELECT name FROM owners')`,
})
const dropsOld = (more: object = {}) =>
  creates('b2', 'a1', {
    upgrade: `await knex.schema.alterTable('owners', (table) => table.dropColumn('old'))`,
    ...more,
  })

describeEachDialect(
  'a table rebuilt by a script for sqlite3',
  (db) => {
    const fill = async (): Promise<void> => {
      await db.knex().raw(`insert into owners (id, name) values (1, 'one'), (2, 'two'), (9007199254740993, 'large')`)
      await db.knex().raw('delete from owners where id > 2')
      await db.knex().raw('insert into pets (owner) values (1), (2), (2)')
    }
    const afterA1 = async (...revisions: Parameters<typeof openRev>[1]) => {
      await db.empty()
      const rev = openRev(db, [tables, ...revisions])
      await rev.upgrade({ target: 'a1' })
      await fill()
      return rev
    }

    test('has the same name each time, also where Knex draws the same one twice', async () => {
      const drop = `await knex.schema.createTable('notes', (table) => { table.increments('id'); table.string('old') })
        for (const name of ['owners', 'notes']) await knex.schema.alterTable(name, (table) => table.dropColumn('old'))`
      const rev = openRev(db, [tables, dropsOld({ upgrade: drop })])
      const drawn = await scriptOf(rev)
      const lot = vi.spyOn(Math, 'random').mockReturnValue(0.5)
      onTestFinished(() => lot.mockRestore())

      const alike = await scriptOf(rev)

      expect(lot.mock.calls.length).toBeGreaterThan(5)
      expect(alike).toBe(drawn)
      expect(alike.match(/^CREATE TABLE `_knex_temp_alter\d+/gm)).toEqual([
        'CREATE TABLE `_knex_temp_alter1000',
        'CREATE TABLE `_knex_temp_alter1001',
      ])
    })

    test.each([
      ['in the transaction of its step', {}],
      ['in a transaction of its own', ALONE],
    ])('keeps rows, children, triggers, views and marks, %s, as online', async (_where, more) => {
      const rev = await afterA1(dropsOld(more))
      const result = await sqlite(db, await scriptOf(rev, { target: 'a1:b2' }))
      expect(result).toMatchObject({ code: 0, stderr: '' })
      const written = nativeDump(db)
      expect(written).toContain('CREATE TRIGGER owners_after')
      expect(written).toContain("('owners',9007199254740993)")
      expect(await db.knex()('pets').pluck('owner')).toEqual([1, 2, 2])

      const online = await afterA1(dropsOld(more))
      await online.upgrade()
      expect(written).toBe(nativeDump(db))
    })

    describe.each(CLIENTS)('in a client that %s', (client) => {
      const refuses = async (script: string, message: string): Promise<void> => {
        const before = await db.dump({ ignore: /^rev_event/ })
        const result = await sqlite(db, script, client)
        expect(result.stderr).toContain(message)
        expect(result.code).toBe(1)
        expect(await db.dump({ ignore: /^rev_event/ })).toBe(before)
        expect(await rowsOf(db)).toEqual(['a1'])
      }

      test('is taken back when the database has other triggers than would be put back', async () => {
        const rev = await afterA1(dropsOld())
        await db.knex().raw('create trigger another after insert on owners begin select 1; end')
        await refuses(
          await scriptOf(rev, { target: 'a1:b2' }),
          'rev: the triggers of owners are not those that b2 would put back',
        )
      })

      test('is taken back when not every row could be copied', async () => {
        const rev = await afterA1(
          creates('b2', 'a1', {
            upgrade: `await knex.schema.alterTable('owners', (table) => table.dropNullable('old'))`,
          }),
        )
        await refuses(await scriptOf(rev, { target: 'a1:b2' }), 'NOT NULL constraint failed')
      })

      test('is taken back when rows have no parents in a step without a transaction', async () => {
        const rev = await afterA1(dropsOld(ALONE))
        await db.knex().raw('pragma foreign_keys = off')
        await db.knex().raw('insert into pets (owner) values (77)')
        await db.knex().raw('pragma foreign_keys = on')
        await refuses(await scriptOf(rev, { target: 'a1:b2' }), 'b2 asks for rows whose parents do not exist')
      })
    })

    test('leaves violations that were there before, in a transaction', async () => {
      const rev = await afterA1(dropsOld())
      await db.knex().raw('pragma foreign_keys = off')
      await db.knex().raw('insert into pets (owner) values (77)')
      expect((await sqlite(db, await scriptOf(rev, { target: 'a1:b2' }))).code).toBe(0)
    })

    test('is refused while the script is written when a view would not work any more', async () => {
      const rev = await afterA1(
        creates('b2', 'a1', { upgrade: `await knex.schema.alterTable('owners', (table) => table.dropColumn('name'))` }),
      )
      const error = await errorOf(scriptOf(rev, { target: 'a1:b2' }))
      expect(error.code).toBe('REV_STEP_SQLITE_REBUILD')
      expect(error.details).toMatchObject({ revision: 'b2', table: 'owners', lost: ['view "names"'] })
      const online = await errorOf(rev.upgrade())
      expect(online.code).toBe('REV_STEP_SQLITE_REBUILD')
      expect(online.details).toMatchObject(error.details)
    })

    test('is refused where dropping the old table would delete its children', async () => {
      const rev = await afterA1(
        dropsOld({
          ...ALONE,
          upgrade: `await knex.transaction((trx) => trx.schema.alterTable('owners', (table) => table.dropColumn('old')))`,
        }),
      )
      const error = await errorOf(scriptOf(rev, { target: 'a1:b2' }))
      expect(error.code).toBe('REV_STEP_SQLITE_REBUILD')
      const online = await errorOf(rev.upgrade())
      expect(online.details).toMatchObject(error.details)
    })

    test('twice in one step, and with its savepoint given up, is like online', async () => {
      const twice = creates('b2', 'a1', {
        upgrade: `await knex.schema.alterTable('owners', (table) => table.dropColumn('old'))
          await knex.transaction(async (trx) => {
            await trx.schema.alterTable('owners', (table) => table.string('name').notNullable().alter())
            throw new Error('given up')
          }).catch(() => {})
          await knex.schema.alterTable('owners', (table) => table.string('name', 99).alter())`,
      })
      const rev = await afterA1(twice)
      expect(await sqlite(db, await scriptOf(rev, { target: 'a1:b2' }))).toMatchObject({ code: 0, stderr: '' })
      const written = nativeDump(db)
      const online = await afterA1(twice)
      await online.upgrade()
      expect(written).toBe(nativeDump(db))
    })
  },
  { only: ['sqlite'] },
)
