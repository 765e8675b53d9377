import { afterEach, describe, expect, test } from 'vitest'
import { withDatabase } from '../../../src/database/database.ts'
import { applyRowChanges, assertRowsFit } from '../../../src/database/version-table.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { contextOf, open } from './open.ts'

describeEachDialect('the version table', (db) => {
  afterEach(() => db.empty())

  test('is not there at first, and reading does not create it', async () => {
    const read = await withDatabase(contextOf(db), { readOnly: true }, (database) => database.readRows())

    expect(read).toEqual({ exists: false, rows: [] })
    expect(await db.tables()).toEqual([])
  })

  test('is created once', async () => {
    const first = await open(db, (database) => database.ensureVersionTable())
    const second = await open(db, (database) => database.ensureVersionTable())

    expect([first.created, second.created]).toEqual([true, false])
    expect(await db.tables()).toEqual(['rev_version'])
    expect(await open(db, (database) => database.readRows())).toEqual({ exists: true, rows: [] })
  })

  test('inserts, updates and deletes one row each', async () => {
    const rows = await open(db, async (database) => {
      await database.ensureVersionTable()
      const { connection, tables } = database
      await applyRowChanges(connection, tables.version, [
        { kind: 'insert', revision: 'a' },
        { kind: 'insert', revision: 'b' },
        { kind: 'update', from: 'a', to: 'c' },
        { kind: 'delete', revision: 'b' },
      ])
      return (await database.readRows()).rows
    })

    expect(rows).toEqual(['c'])
  })

  test('refuses a change that matches no row, or a row that is there already', async () => {
    const changes = [
      { kind: 'update', from: 'nobody', to: 'c' },
      { kind: 'delete', revision: 'nobody' },
      { kind: 'insert', revision: 'a' },
    ] as const

    for (const change of changes) {
      const attempt = open(db, async (database) => {
        await database.ensureVersionTable()
        const { connection, tables } = database
        if (change.kind === 'insert') await applyRowChanges(connection, tables.version, [change])
        await applyRowChanges(connection, tables.version, [change])
      })

      await expect(attempt).rejects.toMatchObject({ code: 'REV_DATABASE_ROW_MISMATCH', details: { found: 0 } })
    }
  })

  test('tells ids apart that differ in case', async () => {
    const rows = await open(db, async (database) => {
      await database.ensureVersionTable()
      const { connection, tables } = database
      await applyRowChanges(connection, tables.version, [
        { kind: 'insert', revision: 'abc' },
        { kind: 'insert', revision: 'ABC' },
        { kind: 'delete', revision: 'ABC' },
      ])
      return (await database.readRows()).rows
    })

    expect(rows).toEqual(['abc'])
  })

  test('works on an alembic_version as Alembic made it', async () => {
    await db
      .knex()
      .raw(
        'create table alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))',
      )
    await db.knex()('alembic_version').insert({ version_num: 'ae1027a6acf' })

    const rows = await open(
      db,
      async (database) => {
        const { created } = await database.ensureVersionTable()
        await applyRowChanges(database.connection, database.tables.version, [
          { kind: 'update', from: 'ae1027a6acf', to: 'b' },
        ])
        return { created, ...(await database.readRows()) }
      },
      { rev: { versionTable: 'alembic_version' } },
    )

    expect(rows).toEqual({ created: false, exists: true, rows: ['b'] })
  })

  test('says what is wrong with a table that is something else', async () => {
    await db.knex().schema.createTable('rev_version', (table) => {
      table.integer('id')
      table.string('name')
    })

    const reading = open(db, (database) => database.readRows())

    await expect(reading).rejects.toMatchObject({
      code: 'REV_DATABASE_VERSION_TABLE',
      details: { finding: expect.stringContaining('"id", "name"') },
    })
  })

  test('says that a column of fixed length fills rows up, where it does', async () => {
    await db.knex().schema.createTable('rev_version', (table) => table.specificType('version_num', 'char(20)'))
    await db.knex()('rev_version').insert({ version_num: 'a' })

    const reading = open(db, (database) => database.readRows())

    if (db.dialect === 'postgresql') {
      await expect(reading).rejects.toMatchObject({
        code: 'REV_DATABASE_VERSION_TABLE',
        details: { finding: expect.stringContaining('char(n)') },
      })
    } else expect(await reading).toEqual({ exists: true, rows: ['a'] })
  })

  test('says that a row is NULL, or there twice', async () => {
    for (const rows of [[null], ['a', 'a']]) {
      await db.empty()
      await db.knex().schema.createTable('rev_version', (table) => table.string('version_num'))
      await db
        .knex()('rev_version')
        .insert(rows.map((row) => ({ version_num: row })))

      const reading = open(db, (database) => database.readRows())

      await expect(reading).rejects.toMatchObject({ code: 'REV_DATABASE_VERSION_TABLE' })
    }
  })

  test('is read past the mappers of the project', async () => {
    const mapped = {
      ...db.knexConfig(),
      postProcessResponse: () => [{ versionNum: 'mapped' }],
      wrapIdentifier: (name: string, wrap: (name: string) => string) => wrap(`x_${name}`),
    }
    await open(db, async (database) => {
      await database.ensureVersionTable()
      await applyRowChanges(database.connection, database.tables.version, [{ kind: 'insert', revision: 'a' }])
    })

    const read = await open(db, (database) => database.readRows(), { knexConfig: mapped })

    expect(read.rows).toEqual(['a'])
  })
})

describeEachDialect(
  'the version table on a server',
  (db) => {
    afterEach(() => db.empty())

    test('notices an id that the column cannot hold', async () => {
      await db.knex().raw('create table alembic_version (version_num varchar(32) not null primary key)')

      const checking = open(db, (database) => assertRowsFit(database, ['a', 'b'.repeat(33)]), {
        rev: { versionTable: 'alembic_version' },
      })

      await expect(checking).rejects.toMatchObject({
        code: 'REV_DATABASE_ID_TOO_LONG',
        details: { length: 33, limit: 32 },
      })
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'the schema of the version table',
  (db) => {
    test('is created when it is missing', async () => {
      const made = await open(db, (database) => database.ensureVersionTable(), { rev: { schema: 'Über "rev"' } })

      expect(made).toEqual({ created: true, table: 'Über "rev".rev_version' })
      expect(await db.tables()).toEqual([])
      const read = await open(db, (database) => database.readRows(), { rev: { schema: 'Über "rev"' } })
      expect(read.exists).toBe(true)
    })

    test('is the first one of the search path that exists', async () => {
      await db.knex().raw('create schema own')
      const knexConfig = { ...db.knexConfig(), searchPath: ['nowhere', 'own', 'public'] }

      const made = await open(db, (database) => database.ensureVersionTable(), { knexConfig })

      expect(made.table).toBe('own.rev_version')
    })

    test('cannot be nowhere', async () => {
      const knexConfig = { ...db.knexConfig(), searchPath: ['nowhere'] }

      const reading = open(db, (database) => database.readRows(), { knexConfig })

      await expect(reading).rejects.toMatchObject({ code: 'REV_DATABASE_NO_SCHEMA' })
    })
  },
  { only: ['postgresql'] },
)

describe('a SQLite file that is not there', () => {
  test('is not created by reading', async () => {
    const { existsSync } = await import('node:fs')
    const { tempDirectory } = await import('../../support/temp-project.ts')
    const filename = `${tempDirectory()}/none.sqlite3`
    const db = { knexConfig: () => ({ client: 'better-sqlite3', connection: { filename }, useNullAsDefault: true }) }

    const read = await withDatabase(contextOf(db), { readOnly: true }, (database) => database.readRows())

    expect(read).toEqual({ exists: false, rows: [] })
    expect(existsSync(filename)).toBe(false)
  })
})
