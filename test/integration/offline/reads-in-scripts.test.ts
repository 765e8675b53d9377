import { expect, test } from 'vitest'
import { creates, openRev } from '../../support/behaviour.ts'
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
