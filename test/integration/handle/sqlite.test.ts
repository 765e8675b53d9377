import { beforeEach, describe, expect, it } from 'vitest'
import { dialectOf } from '../../../src/database/dialect.ts'
import { withOuterTransaction } from '../../../src/database/handle/outer-transaction.ts'
import { pin } from '../../../src/database/pin.ts'
import { createRedactor } from '../../../src/database/redactor.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { type RunOptions, revError, runHandle, runOn, stepFailure, type Work } from './run-handle.ts'

describeEachDialect(
  'tables of SQLite',
  (db) => {
    const foreignKeys: RunOptions = { prepare: (connection) => connection.query('PRAGMA foreign_keys = ON') }
    const one = async (sql: string) => Object.values((await db.knex().raw(sql))[0] ?? {})[0]
    const run = (work: Work, options: RunOptions = {}) => runHandle(db, work, { ...foreignKeys, ...options })

    beforeEach(async () => {
      await db.empty()
      for (const sql of [
        'create table applied (revision text)',
        'create table parent (id integer primary key autoincrement, name text not null, extra text)',
        'create table child (id integer primary key, parent_id integer references parent (id) on delete cascade)',
        'create table log (text text unique)',
        'create trigger parent_log after insert on parent begin insert into log values (new.name); end',
        'create view names as select name from parent',
        "insert into parent (id, name) values (1, 'a'), (2, 'b'), (50, 'c')",
        'delete from parent where id = 50',
        'insert into child values (1, 1), (2, 1), (3, 2)',
      ])
        await db.knex().raw(sql)
    })

    const rebuild: Work = (knex) => knex.schema.alterTable('parent', (t: Table) => t.dropColumn('extra'))

    it.each([
      ['dropColumn', (t: Table) => t.dropColumn('extra')],
      ['alter', (t: Table) => t.string('extra', 20).alter()],
      ['setNullable', (t: Table) => t.setNullable('name')],
      ['foreign', (t: Table) => t.foreign('extra').references('log.text')],
    ])('keeps children, triggers, views and the AUTOINCREMENT mark over %s', async (_, change) => {
      const ran = await run((knex) => knex.schema.alterTable('parent', change), {
        after: async (connection) => {
          expect((await connection.query('PRAGMA foreign_keys')).rows).toEqual([{ foreign_keys: 1 }])
          expect((await connection.query('PRAGMA legacy_alter_table')).rows).toEqual([{ legacy_alter_table: 0 }])
        },
      })

      expect(ran.error).toBeUndefined()
      expect(await one('select count(*) from child')).toBe(3)
      await db.knex()('parent').insert({ name: 'd' })
      expect(await one('select max(id) from parent')).toBe(51)
      expect(await one('select text from log order by rowid desc')).toBe('d')
      expect(await one('select count(*) from names')).toBe(3)
      expect(await one("select count(*) from pragma_foreign_key_list('child') where \"table\" = 'parent'")).toBe(1)
    })

    it('keeps the mark of a table that is empty', async () => {
      await db.knex()('child').del()
      await db.knex()('parent').del()
      expect((await run(rebuild)).error).toBeUndefined()

      await db.knex()('parent').insert({ name: 'd' })
      expect(await one('select max(id) from parent')).toBe(51)
    })

    it('keeps a table that refers to itself', async () => {
      await db
        .knex()
        .raw('create table tree (id integer primary key, up integer references tree (id) on delete cascade, x text)')
      await db.knex().raw('insert into tree values (1, null, null), (2, 1, null), (3, 2, null)')
      const ran = await run((knex) => knex.schema.alterTable('tree', (t: Table) => t.dropColumn('x')))

      expect(ran.error).toBeUndefined()
      expect(await one('select count(*) from tree')).toBe(3)
    })

    it('renames tables with the references of their children', async () => {
      const ran = await run((knex) => knex.schema.renameTable('parent', 'elder'), {
        prepare: async (connection) => {
          await connection.query('PRAGMA foreign_keys = ON')
          await connection.query('PRAGMA legacy_alter_table = ON')
        },
        after: async (connection) => {
          expect((await connection.query('PRAGMA legacy_alter_table')).rows).toEqual([{ legacy_alter_table: 1 }])
        },
      })

      expect(ran.error).toBeUndefined()
      expect(await one("select count(*) from pragma_foreign_key_list('child') where \"table\" = 'elder'")).toBe(1)
    })

    it('refuses a rebuild that breaks a view or a trigger', async () => {
      const view = await run((knex) => knex.schema.alterTable('parent', (t: Table) => t.dropColumn('name')))
      expect(revError(view, 'REV_STEP_SQLITE_REBUILD').details).toMatchObject({ revision: 'a1', table: 'parent' })

      await db.knex().raw('drop view names')
      const trigger = await run((knex) => knex.schema.alterTable('parent', (t: Table) => t.dropColumn('name')))
      expect(revError(trigger, 'REV_STEP_SQLITE_REBUILD').details.lost).toEqual(['triggers of "parent"'])
      expect(await one("select count(*) from pragma_table_info('parent')")).toBe(3)
      expect(await one('select count(*) from applied')).toBe(0)
    })

    it('accepts it when the view and the trigger are made again', async () => {
      const ran = await run(async (knex) => {
        await knex.schema.dropView('names')
        await knex.schema.alterTable('parent', (t: Table) => t.dropColumn('name'))
        await knex.raw('drop trigger parent_log')
        await knex.schema.createView('names', (v: Table) => v.as(knex('parent').select('id')))
      })

      expect(ran.error).toBeUndefined()
      expect(await one('select count(*) from names')).toBe(2)
    })

    it('does not blame a step for a view that was broken before', async () => {
      await db.knex().raw('create view broken as select missing from parent')

      expect((await run(rebuild)).error).toBeUndefined()
    })

    it('refuses rows that refer to nothing, naming them', async () => {
      const ran = await run((knex) => knex('parent').where({ id: 1 }).del())

      expect(revError(ran, 'REV_STEP_FOREIGN_KEYS').details).toEqual({
        revision: 'a1',
        file: undefined,
        total: 2,
        violations: [
          { table: 'child', rowid: 1, parent: 'parent' },
          { table: 'child', rowid: 2, parent: 'parent' },
        ],
      })
      expect(await one('select count(*) from parent')).toBe(2)
      expect(await one('select count(*) from applied')).toBe(0)
    })

    it('does not blame a step for rows that referred to nothing before it', async () => {
      await db.knex().raw('PRAGMA foreign_keys = OFF')
      await db.knex().raw('insert into child values (9, 999)')
      await db.knex().raw('PRAGMA foreign_keys = ON')
      expect((await run(rebuild)).error).toBeUndefined()

      const ran = await run((knex) => knex.raw('insert into child values (10, 998)'))
      expect(revError(ran, 'REV_STEP_FOREIGN_KEYS').details).toMatchObject({ total: 1, violations: [{ rowid: 10 }] })
    })

    it('leaves foreign keys off where they were off', async () => {
      const ran = await runHandle(db, (knex) => knex('parent').where({ id: 1 }).del(), {
        prepare: (connection) => connection.query('PRAGMA foreign_keys = OFF'),
        after: async (connection) => {
          expect((await connection.query('PRAGMA foreign_keys')).rows).toEqual([{ foreign_keys: 0 }])
        },
      })

      expect(ran.error).toBeUndefined()
    })

    it('restores foreign keys after a failure', async () => {
      const ran = await run((knex) => knex.raw('nonsense'), {
        after: async (connection) => {
          expect((await connection.query('PRAGMA foreign_keys')).rows).toEqual([{ foreign_keys: 1 }])
        },
      })

      stepFailure(ran)
    })

    it('rebuilds safely without a transaction, and inside a single one', async () => {
      expect((await run(rebuild, { transaction: false })).error).toBeUndefined()
      expect(await one('select count(*) from child')).toBe(3)

      await runHandle(db, () => {}, {
        ...foreignKeys,
        after: (connection) =>
          withOuterTransaction(connection, async () => {
            const change: Work = (knex) => knex.schema.alterTable('parent', (t: Table) => t.setNullable('name'))
            expect((await runOn(connection, change)).error).toBeUndefined()
            const orphans = await runOn(connection, (knex) => knex('parent').where({ id: 1 }).del())
            revError(orphans, 'REV_STEP_FOREIGN_KEYS')
          }),
      })
      expect(await one('select count(*) from child')).toBe(3)
      expect(await one('select count(*) from parent')).toBe(2)
      await db.knex()('parent').insert({ name: 'd' })
      expect(await one('select text from log order by rowid desc')).toBe('d')
    })

    it('refuses a rebuild that would delete rows inside a transaction of the caller', async () => {
      const knex = db.knex()
      await knex.raw('PRAGMA foreign_keys = ON')
      const outer = knex.transaction(async (trx) => {
        const client = trx.client
        const connection = pin({
          dialect: dialectOf('better-sqlite3'),
          client,
          raw: await client.acquireConnection(),
          joined: true,
          redactor: createRedactor(),
          database: db.name,
        })
        const refused = await runOn(connection, rebuild)
        expect(revError(refused, 'REV_STEP_SQLITE_REBUILD').details.lost).toEqual(['rows of "child"'])
        const ran = await runOn(connection, (handle) => handle('parent').insert({ name: 'joined' }))
        expect(ran.error).toBeUndefined()
      })
      await outer

      expect(await one('select count(*) from child')).toBe(3)
      expect(await one('select count(*) from applied')).toBe(1)
    })

    it('refuses a foreign key that fits no parent', async () => {
      const ran = await run((knex) =>
        knex.schema.alterTable('parent', (t: Table) => t.foreign('extra').references('child.parent_id')),
      )

      expect(revError(ran, 'REV_STEP_FOREIGN_KEYS').details.mismatch).toContain('mismatch')
      expect(await one('select count(*) from applied')).toBe(0)
    })

    it('refuses two rebuilds at once', async () => {
      const ran = await run((knex) =>
        Promise.all([rebuild(knex), knex.schema.alterTable('child', (t: Table) => t.dropForeign(['parent_id']))]),
      )

      revError(ran, 'REV_STEP_CONCURRENT_TRANSACTION')
      expect(await one('select count(*) from child')).toBe(3)
    })

    describe('statements', () => {
      it('begins with BEGIN IMMEDIATE', async () => {
        const begun: string[] = []
        await run(() => {}, {
          prepare: async (_, knex) => knex.on('query', ({ sql }) => begun.push(sql)),
        })

        expect(begun).toContain('BEGIN IMMEDIATE;')
      })

      it('reports a table that Knex cannot read, by its own words', async () => {
        await db.knex().raw('create table strict_one (id integer primary key, x text) strict')
        const ran = await run((knex) => knex.schema.alterTable('strict_one', (t: Table) => t.dropColumn('x')))

        expect(stepFailure(ran).rolledBack).toBe(true)
        expect(await one("select count(*) from pragma_table_info('strict_one')")).toBe(2)
      })

      it('passes on the failure when a database is locked', async () => {
        await db.knex().raw('BEGIN IMMEDIATE')
        const ran = await run(() => Promise.reject(new Error('must not run')), {
          config: { connection: { filename: db.name } },
          prepare: async (connection) => connection.query('PRAGMA busy_timeout = 1'),
        }).finally(() => db.knex().raw('ROLLBACK'))

        expect(stepFailure(ran)).toMatchObject({ statement: 'BEGIN', driverMessage: 'database is locked' })
      })
    })
  },
  { only: ['sqlite'] },
)

// biome-ignore lint/suspicious/noExplicitAny: Knex's own table builder, without its types
type Table = any
