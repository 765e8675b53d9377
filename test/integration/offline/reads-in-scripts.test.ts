import type { Knex } from 'knex'
import { expect, test } from 'vitest'
import { creates, errorOf, openRev, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { type Operation, scriptOf } from './history.ts'
import { runScript } from './run-script.ts'
import { scriptOf as scriptOfRev } from './script-of.ts'

const shadowOf = (db: TestDatabase): { shadowUrl?: string } => (db.dialect === 'mysql' ? { shadowUrl: db.url() } : {})

const users: Operation = {
  title: 'users and their notes',
  upgrade: async (knex) => {
    await knex.schema.createTable('users', (table) => table.integer('id').primary())
    await knex.schema.createTable('notes', (table) => {
      table.integer('user_id').references('users.id')
    })
  },
}

describeEachDialect('a revision that asks for the schema', (db) => {
  const write = (operations: readonly Operation[], start: number): Promise<string> =>
    scriptOf(operations, String(db.knexConfig().client), { knexConfig: db.knexConfig(), start, ...shadowOf(db) })

  test('may change rows before that only the real database has the parents of', async () => {
    const notes: Operation = {
      title: 'a note of somebody',
      upgrade: async (knex) => {
        await knex('notes').insert({ user_id: 1 })
        if (await knex.schema.hasTable('notes')) await knex('notes').insert({ user_id: 2 })
      },
    }
    await db.empty()
    await runScript(db, await scriptOf([users], String(db.knexConfig().client), { knexConfig: db.knexConfig() }))
    await db
      .knex()('users')
      .insert([{ id: 1 }, { id: 2 }])
    await runScript(db, await write([users, notes], 1))

    expect(await db.knex()('notes').select().orderBy('user_id')).toEqual([{ user_id: 1 }, { user_id: 2 }])
  })

  test('is answered in each of several scripts by what those before it leave', async () => {
    const first = {
      ...creates('a1', null),
      upgrade: `await knex.schema.createTable('a1', (table) => table.integer('id'))`,
      downgrade: `await knex.schema.createTable('passing', (table) => table.integer('id'))
        if (await knex.schema.hasColumn('a1', 'kept')) await knex.schema.renameTable('a1', 'has_kept')
        else await knex.schema.dropTable('a1')
        await knex.schema.dropTable('passing')`,
    }
    // Its downgrade leaves the column, as those do that must not lose anything.
    const second = {
      ...creates('b2', 'a1'),
      upgrade: `await knex.schema.alterTable('a1', (table) => table.integer('kept'))`,
      downgrade: '',
    }
    await db.empty()
    const rev = openRev(db, [first, second])
    await rev.upgrade()
    const scripts = new Map<string, string>()

    await rev.sql({
      ...{ direction: 'downgrade', target: 'head:base', split: true, ...shadowOf(db) },
      write: (text, { name }) => void scripts.set(name, (scripts.get(name) ?? '') + text),
    })

    expect(scripts.size).toBe(2)
    for (const script of scripts.values()) await runScript(db, script)
    expect(await tablesOf(db)).toEqual(['has_kept'])
    await rev.close()
  })

  test('may forbid what rows of earlier revisions had, once it has put them right', async () => {
    const titles: Operation = {
      title: 'rows without a title, some of them twice, in a table that another one refers to',
      upgrade: async (knex) => {
        await knex.schema.createTable('books', (table) => {
          table.integer('id').primary()
          table.string('title', 50)
          table.string('shelf', 50)
        })
        await knex.schema.createTable('copies', (table) => table.integer('book_id').references('books.id'))
        const rows = [1, 2, 3].map((id) => ({ id, title: id === 3 ? 'three' : null, shelf: 'same' }))
        await knex('books').insert(rows)
        await knex('copies').insert({ book_id: 3 })
      },
    }
    const putRight: Operation = {
      title: 'a title and a shelf of its own for each',
      upgrade: async (knex) => {
        if (!(await knex.schema.hasColumn('books', 'title'))) return
        await knex('books').whereNull('title').update({ title: 'untitled' })
        await knex('books').update({ shelf: knex.ref('id') })
        await knex.schema.alterTable('books', (table) => table.unique(['shelf']))
        await knex.schema.alterTable('books', (table) => table.dropNullable('title'))
      },
    }
    await db.empty()
    await runScript(db, await scriptOf([titles], String(db.knexConfig().client), { knexConfig: db.knexConfig() }))
    await runScript(db, await write([titles, putRight], 1))

    expect(await db.knex()('books').select().orderBy('id')).toEqual([
      { id: 1, title: 'untitled', shelf: '1' },
      { id: 2, title: 'untitled', shelf: '2' },
      { id: 3, title: 'three', shelf: '3' },
    ])
  })

  test('after a change has a shadow stand at the start, too, and hears of shadows once', async () => {
    const { report, of } = recordingReporter()
    const asks = `${creates('a1', null).upgrade}\nawait knex.schema.hasTable('a1')`
    const rev = openRev(db, [creates('a1', null, { upgrade: asks })], { reporter: report })

    await scriptOfRev(rev, shadowOf(db))

    expect(of('notice').filter(({ code }) => code === 'REV_NOTICE_SHADOW')).toHaveLength(1)
    await rev.close()
  })

  test('in a way that the database refuses is told with its words and the shadow that said them', async () => {
    const wrong: Operation = {
      title: 'no such column',
      upgrade: async (knex) => {
        const table = db.dialect === 'sqlite' ? 'sqlite_master' : 'information_schema.tables'
        const answer: unknown = await knex.raw(`select no_such_column from ${table}`)
        return knex.raw(`-- ${JSON.stringify(answer)}`)
      },
    }
    await expect(write([users, wrong], 1)).rejects.toMatchObject({
      code: 'REV_OFFLINE_SHADOW_STATEMENT',
      details: { revision: 'r002', reason: expect.stringContaining('no_such_column') },
    })
  })
})

describeEachDialect(
  'a statement that the shadow refuses',
  (db) => {
    test('is told with all the words of the database', async () => {
      const quoted: Operation = {
        title: 'an index on what is no column',
        upgrade: async (knex) => {
          await knex.schema.hasTable('users')
          await knex.raw('create index names on users ("no_such_column")')
        },
      }
      const written = scriptOf([users, quoted], 'better-sqlite3', { knexConfig: db.knexConfig(), start: 1 })
      await expect(written).rejects.toMatchObject({
        code: 'REV_OFFLINE_SHADOW_STATEMENT',
        details: { revision: 'r002', reason: expect.stringContaining('no_such_column') },
      })
    })
  },
  { only: ['sqlite'] },
)

describeEachDialect(
  'a script for a server whose default collation is another than that of the shadow',
  (db) => {
    test('changes the nullability of a column that names none', async () => {
      const headline: Operation = {
        title: 'a headline that may be missing',
        upgrade: async (knex) => {
          await knex.schema.createTable('posts', (table) =>
            table.string('headline').notNullable().comment('said first'),
          )
          await knex.schema.alterTable('posts', (table) => table.setNullable('headline'))
        },
      }
      await db.empty()
      await db.knex().raw('alter database ?? collate utf8mb4_unicode_520_ci', [db.name])
      await runScript(db, await scriptOf([headline], 'mysql2', { knexConfig: db.knexConfig(), shadowUrl: db.url() }))

      const [[column]] = await db.knex().raw('show full columns from posts')
      expect(column).toMatchObject({ Null: 'YES', Collation: 'utf8mb4_unicode_520_ci', Comment: 'said first' })
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'an id of an object that the shadow has answered',
  (db) => {
    const asking = (work: (knex: Knex, oid: number, attribute: Record<string, unknown>) => unknown): Operation => ({
      title: 'looks into the catalogue',
      upgrade: async (knex) => {
        const table = await knex('pg_class').where({ relname: 'users' }).first('oid')
        const attribute = await knex('pg_attribute')
          .whereRaw("attrelid = 'users'::regclass and attname = 'id'")
          .first('attrelid', 'atttypid')
        await work(knex, table.oid, attribute)
      },
    })
    // The ids of that server are those of the scratch database on it.
    const write = (operation: Operation, start = 1): Promise<string> =>
      scriptOf([users, operation], 'pg', { knexConfig: db.knexConfig(), start, shadowUrl: db.url() })

    test.each<[string, Parameters<typeof asking>[0]]>([
      ['bound', (knex, oid) => knex.raw('update pg_attribute set atttypmod = 54 where attrelid = ?', [oid])],
      ['of a column', (knex, _, { attrelid }) => knex('pg_attribute').where({ attrelid }).del()],
      ['as a text', (knex, oid) => knex('notes').insert({ user_id: String(oid) })],
      ['in a list', (knex, oid) => knex.raw('delete from pg_depend where objid = any (?)', [[1, oid]])],
      ['in SQL', (knex, oid) => knex.raw(`delete from pg_depend where objid in (1,${oid}) -- all`)],
      ['in a body', (knex, oid) => knex.raw(`do $$ begin delete from pg_depend where objid=${oid}; end $$`)],
      ['in a read', (knex, oid) => knex('pg_index').where({ indrelid: oid }).first('indisunique')],
    ])('is refused in a statement: %s', async (_, work) => {
      const refused = await errorOf(write(asking(work)))
      expect(refused).toMatchObject({ code: 'REV_OFFLINE_STATEMENT', details: { revision: 'r002' } })
      expect(refused.message).toContain("let the statement look it up: 'name'::regclass")
    })

    test('may be tested for, and what PostgreSQL itself has numbered may be used', async () => {
      const operation = asking(async (knex, oid, { atttypid, attrelid }) => {
        if (oid && attrelid) await knex('notes').insert({ user_id: null })
        const type = await knex('pg_type').where({ oid: atttypid }).first('typname')
        await knex.raw(`comment on table notes is '${type.typname} has number ${atttypid}'`)
      })
      await db.empty()
      await runScript(db, await write(operation, 0))
      expect(await db.knex()('notes')).toEqual([{ user_id: null }])
      const { rows } = await db.knex().raw("select obj_description('notes'::regclass) as said")
      expect(rows).toEqual([{ said: 'int4 has number 23' }])
    })

    test('is no matter in the next revision', async () => {
      let seen = 0
      const first = asking((_, oid) => {
        seen = oid
      })
      const next: Operation = { title: 'the same number', upgrade: (knex) => knex('notes').insert({ user_id: seen }) }
      const script = await scriptOf([users, first, next], 'pg', { knexConfig: db.knexConfig(), shadowUrl: db.url() })
      expect(script).toContain(`values ('${seen}')`)
    })
  },
  { only: ['postgresql'] },
)
