import createKnex, { type Knex } from 'knex'
import { createPool } from 'mysql2'
import { expect, test } from 'vitest'
import type { CreateRevOptions, SqlOptions } from '../../../src/index.ts'
import { creates, errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { mysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

type Form = (db: TestDatabase) => NonNullable<Knex.Config['connection']>

const asObject = (settings: object): Form => {
  return (db) => ({ ...(db.knexConfig().connection as object), ...settings })
}
const asUrl = (query: string): Form => {
  return (db) => `${db.url()}${db.url().includes('?') ? '&' : '?'}${query}`
}
const FORMS: readonly (readonly [string, Form])[] = [
  ['nothing', asObject({})],
  ['no charset', asObject({ charset: null })],
  ['utf8mb4', asObject({ charset: 'utf8mb4' })],
  ['UTF8MB4_GENERAL_CI', asObject({ charset: 'UTF8MB4_GENERAL_CI' })],
  ['utf8mb4_bin', asObject({ charset: 'utf8mb4_bin' })],
  ['utf8', asObject({ charset: 'utf8' })],
  ['UTF8_UNICODE_CI', asObject({ charset: 'UTF8_UNICODE_CI' })],
  ['charsetNumber', asObject({ charsetNumber: 46 })],
  ['a URL', asUrl('')],
  ['charset of a URL', asUrl('charset=utf8mb4')],
  ['the last charset of a URL', asUrl('charset=utf8&charset=%22utf8mb4_bin%22')],
  [
    'a URL of the driver',
    (db) =>
      asUrl('charset=utf8_unicode_ci')(db)
        ?.toString()
        .replace(/^mysql:/, 'mysql2:') ?? '',
  ],
  ['a uri', (db) => ({ uri: String(asUrl('charset=utf8mb4_bin&charset=utf8')(db)) }) as Knex.MySql2ConnectionConfig],
]

const BOTH = `knex.raw("create table names as select @@character_set_client as client, @@collation_connection as collation, 'x' as literal, ? as bound", ['y'])`
const WORK = `
  await ${BOTH}
  await knex.raw("create view seen as select 'x' as literal")
  await knex.raw('create table item (id int primary key, doc longtext)')
  await knex('item').insert(['Straße', 'Strasse', 'Strase', 'STRASE '].map((doc, id) => ({ id, doc: JSON.stringify({ doc }) })))
  await knex.raw('create table tag (name varchar(50))')
  await knex.raw("insert into tag select min(t) from (select json_value(doc, '$.doc') as t from item) as x group by t")
  await knex('tag').insert({ name: knex.raw("if (? = 'STRASSE', 'ünlike €', 'like')", ['straße']) })
  if (!(await knex.schema.hasTable('naïve'))) {
    await knex.raw('create trigger noted before insert on tag for each row begin set new.name = lower(new.name); end')
  }`

describeEachDialect(
  'the character set of a connection',
  (db) => {
    const result = async () => {
      const own = (table: string, columns: string, schema: string) =>
        db
          .knex()
          .select(db.knex().raw(columns))
          .from(`information_schema.${table}`)
          .where(schema, db.name)
          .orderByRaw('1, 2')
      return {
        session: await db.knex()('names').select('client', 'collation'),
        tags: await db.knex()('tag').orderByRaw('cast(name as binary)').pluck('name'),
        columns: (await own('columns', 'table_name as name, column_name, collation_name', 'table_schema')).filter(
          ({ name }) => !name.startsWith('rev_'),
        ),
        views: await own('views', 'character_set_client, collation_connection, view_definition', 'table_schema'),
        triggers: await own(
          'triggers',
          'character_set_client, collation_connection, action_statement',
          'trigger_schema',
        ),
      }
    }
    const run = async (made: CreateRevOptions, ...options: Partial<SqlOptions>[]) => {
      const rev = openRev(
        db,
        [
          { revision: 'a1', upgrade: `await knex.raw('create table a1 (id int)')` },
          { revision: 'b2', down: 'a1', upgrade: WORK },
        ],
        made,
      )
      await db.empty()
      await rev.upgrade()
      const online = await result()
      for (const option of options) {
        await db.empty()
        const script = await scriptOf(rev, { shadowUrl: db.url(), ...option })
        expect(await mysql(db, script)).toMatchObject({ code: 0, stderr: '' })
        expect(await result()).toEqual(online)
        if (option.guard === false) continue
        expect((await mysql(db, script, 'ignores errors')).stdout).toMatch(
          /^rev: this script starts at base.* is at b2$/m,
        )
        expect(await result()).toEqual(online)
      }
    }

    test.each(FORMS)('is that of a script: %s', async (_title, connection) => {
      await run({ config: { client: 'mysql2', connection: connection(db) } }, {}, { guard: false })
    })

    test('is that of a script: a pool of the project', async () => {
      const pool = createPool({ ...(asObject({ charset: 'utf8mb4' })(db) as object), connectionLimit: 2 })
      const knex = createKnex({ client: 'mysql2', connectionPool: pool } as Knex.Config)
      try {
        await run({ knex }, {})
      } finally {
        await knex.destroy()
        await pool.promise().end()
      }
    })

    test.each<[string, object | string]>([
      ['latin1', { charset: 'latin1' }],
      ['BINARY', 'charset=BINARY'],
      ['28', { charsetNumber: 28 }],
      ['utf8x', { charset: 'utf8x' }],
    ])('is refused where it is no UTF-8: %s', async (charset, form) => {
      const connection = (typeof form === 'string' ? asUrl(form) : asObject(form))(db)
      const rev = openRev(db, [creates('a1', null)], { config: { client: 'mysql2', connection } })
      for (const guard of [true, false]) {
        const refused = await errorOf(scriptOf(rev, { guard }))
        expect(refused).toMatchObject({ code: 'REV_OFFLINE_CHARSET', details: { charset } })
      }
    })
  },
  { only: ['mysql'] },
)
