import { expect, test } from 'vitest'
import { openRev } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, mysql } from './mysql-client.ts'
import { runScript } from './run-script.ts'
import { scriptOf } from './script-of.ts'

const TEXTS = [
  'C:\\dir',
  '\\',
  "\\'",
  "it's",
  '"\\"',
  'a\r\nb',
  '\r',
  '\x1a',
  '\b',
  '\x01\x0b\x0c\x1b\x7f',
  '\\0\\n\\Z',
  '\\\n',
  '%\\_',
]
const PLAIN_BACKSLASHES = "set @m = concat(@@sql_mode, ',NO_BACKSLASH', '_ESCAPES'); set session sql_mode = @m"

describeEachDialect(
  'texts with backslashes and control characters',
  (db) => {
    const result = async () => ({
      // What a column, a table or an index has for a text, and which collation.
      tables: await db
        .knex()('information_schema.tables')
        .where('table_schema', db.name)
        .where('table_name', 'like', 't%')
        .orderBy('table_name')
        .select('table_name', 'table_comment'),
      columns: await db
        .knex()('information_schema.columns')
        .where('table_schema', db.name)
        .where('table_name', 'like', 't%')
        .orderBy('table_name')
        .orderBy('ordinal_position')
        .select('table_name', 'column_name', 'column_type', 'column_default', 'collation_name'),
      rows: await db.knex()('t_rows').orderBy('id'),
    })
    const same = async (upgrade: string, more: object = {}) => {
      const config = { client: 'mysql2', connection: { ...(db.knexConfig().connection as object), ...more } }
      const rev = openRev(
        db,
        [
          {
            revision: 'a1',
            upgrade: `await knex.raw('create table t_rows (id int auto_increment primary key, x longtext)')\n${upgrade}`,
          },
        ],
        { config },
      )
      await db.empty()
      await rev.upgrade()
      const online = await result()
      for (const client of CLIENTS) {
        await db.empty()
        const done = await mysql(db, await scriptOf(rev, { shadowUrl: db.url() }), client)
        expect(done).toMatchObject({ code: 0, stderr: '' })
        expect(await result()).toEqual(online)
      }
      return online
    }

    test('stand where the grammar takes nothing but a string', async () => {
      const online = await same(`
        for (const [n, text] of ${JSON.stringify(TEXTS)}.entries()) {
          await knex.raw('create table t' + n + ' (e enum(?, ?), s set(?), d varchar(50) default ?) comment = ?', [text, 'c', text, text, text])
        }
        await knex('t_rows').insert([{ x: 'a' }, { x: 'b' }])
        await knex.raw('insert into t_rows (x) select group_concat(x separator ?) from t_rows', ['\\\\'])`)
      expect(online.tables).toHaveLength(TEXTS.length + 1)
      expect(online.rows.map(({ x }) => x)).toEqual(['a', 'b', 'a\\b'])
    })

    test.each([undefined, 'utf8mb4', 'utf8'])('have the collation of the connection (charset %s)', async (charset) => {
      const online = await same(
        `for (const [n, text] of ${JSON.stringify(TEXTS)}.entries()) {
          await knex.raw('create table t' + n + ' as select ? as a, concat(?, ?) as b', ['plain', text, 'plain'])
          const like = [text + 'Straße', text + 'Strasse']
          await knex.raw("insert into t_rows (x) values (concat_ws(' ', hex(?), charset(?), collation(?), ? = ?))", [text, text, text, ...like])
        }`,
        { charset },
      )
      expect(online.columns).toHaveLength(TEXTS.length * 2 + 2)
    })

    test('are read alike by a shadow whose sessions take a backslash for a plain character', async () => {
      const afterCreate = (connection: { query(sql: string, done: () => void): void }, done: () => void): void => {
        connection.query("set session sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')", done)
      }
      const config = { ...db.knexConfig(), pool: { min: 0, max: 1, afterCreate } }
      const upgrade = `await knex.raw('create table t_rows (id int) comment = ?', ['C:\\\\dir'])
        const [[{ text }]] = await knex.raw("select table_comment as text from information_schema.tables where table_schema = database() and table_name = 't_rows'")
        await knex('t_rows').insert({ id: text.length })`
      await db.empty()
      await runScript(
        db,
        await scriptOf(openRev(db, [{ revision: 'a1', upgrade }], { config }), { shadowUrl: db.url() }),
      )
      expect(await db.knex()('t_rows').pluck('id')).toEqual([6])
    })

    test('mean the same where a revision makes a backslash a plain character', async () => {
      const online = await same(
        `await knex.raw(${JSON.stringify(PLAIN_BACKSLASHES)})
        for (const x of ${JSON.stringify(TEXTS)}) {
          await knex('t_rows').insert({ x })
          await knex.raw('insert into t_rows (x) values (?)', [x])
        }`,
        { multipleStatements: true },
      )
      expect(online.rows.map(({ x }) => x)).toEqual(TEXTS.flatMap((text) => [text, text]))
    })
  },
  { only: ['mysql'] },
)
