import { expect, test } from 'vitest'
import type { Rev } from '../../../src/index.ts'
import { openRev, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { runScript } from './run-script.ts'
import { scriptOf } from './script-of.ts'

const NAMES = ['back\\slash', 'line\nend', `quo'te`, 'line\u2028separator', '$rev$']

describeEachDialect('checks of tables with odd names', (db) => {
  const shadowUrl =
    db.dialect === 'sqlite'
      ? {}
      : { shadowUrl: db.url().replace(/\/[^/?]*(\?|$)/, db.dialect === 'mysql' ? '/$1' : '/postgres$1') }

  test.each(NAMES)('hold for %j', async (name) => {
    const odd = JSON.stringify(name)
    const made = (when: string, table: string) =>
      `if (${when}) await knex.schema.createTable('${table}', (table) => { table.integer('id') })`
    const rev = openRev(db, [
      { revision: 'a1', upgrade: `await knex.schema.createTable(${odd}, (table) => { table.integer('id') })` },
      {
        revision: 'b2',
        down: 'a1',
        upgrade: [
          made(`await knex.schema.hasTable(${odd})`, 'has_table'),
          made(`!(await knex.schema.hasTable(${odd} + 'x'))`, 'has_no_other'),
          made(`await knex.schema.hasColumn(${odd}, 'id')`, 'has_column'),
          made(`!(await knex.schema.hasColumn(${odd}, 'name'))`, 'has_no_other_column'),
          made(`'id' in (await knex(${odd}).columnInfo())`, 'has_info'),
        ].join('\n'),
      },
    ])
    const tables = ['has_column', 'has_info', 'has_no_other', 'has_no_other_column', 'has_table']
    await db.empty()
    await runScript(db, await scriptOf(rev, shadowUrl))
    expect((await tablesOf(db)).filter((table) => table.startsWith('has_'))).toEqual(tables)

    await db.empty()
    await runScript(db, await scriptOf(rev, { target: 'a1' }))
    await db.knex().schema.dropTable(name)
    const before = await db.dump({ ignore: /^$/ })
    expect((await db.client(await scriptOf(rev, { target: 'a1:b2', ...shadowUrl }))).code).not.toBe(0)
    expect(await db.dump({ ignore: /^$/ })).toBe(before)
  })
})

describeEachDialect(
  'a definition of SQLite',
  (db) => {
    /** Goes to a1 by a run and by a script, which must leave the same definitions, and to b2 by another script. */
    const expectSameDefinitions = async (rev: Rev): Promise<void> => {
      const definitions = (): Promise<string[]> =>
        db
          .knex()('sqlite_master')
          .whereNotIn('tbl_name', ['rev_version', 'rev_event', 'rev_meta'])
          .orderBy('name')
          .pluck('sql')
      await db.empty()
      await rev.upgrade({ target: 'a1' })
      const online = await definitions()
      await db.empty()
      await runScript(db, await scriptOf(rev, { target: 'a1' }))
      expect(await definitions()).toEqual(online)
      await runScript(db, await scriptOf(rev, { target: 'a1:b2' }))
    }

    test('with two dashes in quotes is kept as a run keeps it, so that a later rebuild finds what it was written for', async () => {
      const rev = openRev(db, [
        {
          revision: 'a1',
          upgrade: [
            `await knex.schema.createTable('dash--dash', (table) => { table.integer('id').index(); table.text('note') })`,
            `await knex.raw(\`create view seen as select * from "dash--dash"\`)`,
          ].join('\n'),
        },
        {
          revision: 'b2',
          down: 'a1',
          upgrade: [
            `await knex.raw('drop view seen')`,
            `await knex.schema.alterTable('dash--dash', (table) => { table.dropColumn('note') })`,
          ].join('\n'),
        },
      ])
      await expectSameDefinitions(rev)
      expect(await db.knex()('dash--dash').columnInfo()).not.toHaveProperty('note')
    })

    test.each([
      ['a line end', '`\n  create index by_id on t (id)\n`'],
      ['white space before its semicolon', '`create index by_id on t (id) ; create index by_note on t (note)\n ;`'],
    ])('of an index keeps %s, as in a run', async (_title, sql) => {
      const table = `await knex.schema.createTable('t', (table) => { table.integer('id'); table.text('note'); table.text('x') })`
      const drop = `await knex.schema.alterTable('t', (table) => { table.dropColumn('x') })`
      const rev = openRev(db, [
        { revision: 'a1', upgrade: `${table}\nfor (const text of ${sql}.split(/(?<=;)/)) await knex.raw(text)` },
        { revision: 'b2', down: 'a1', upgrade: drop },
      ])
      await expectSameDefinitions(rev)
      expect(await db.knex()('t').columnInfo()).not.toHaveProperty('x')
    })
  },
  { only: ['sqlite'] },
)
