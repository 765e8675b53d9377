import { expect, test } from 'vitest'
import { openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { CLIENTS, mysql } from './mysql-client.ts'
import { nativeDump } from './native-dump.ts'
import { runScript } from './run-script.ts'
import { scriptOf } from './script-of.ts'

const TABLE = 'create table a1 (\r\n  id int, -- the id\r\n\r\n  x varchar(9)\r\n)\r\n'
// Each with what its database keeps as it was written.
const MADE: Readonly<Record<TestDatabase['dialect'], readonly string[]>> = {
  postgresql: [
    TABLE,
    'create function f() returns int language plpgsql as $$\r\nbegin\r\n  -- note\r\n  return 1;\r\n\r\nend $$\r\n',
  ],
  mysql: [
    TABLE,
    "create procedure p()\r\nbegin\r\n\r\n  -- note\r\n  select ';'; # and\rmore\r\n /* c\r\r\n */\r\nend\r\n",
    'create trigger t before insert on a1 for each row\r\n  set new.x = 1\r\n',
    'create view v as\r\n  select 1 as one /* x\r\n */',
  ],
  sqlite: [
    TABLE,
    'create trigger t after insert on a1 begin\r\n\r\n  -- note\r\n  update a1 set x = 1\r\r\n;\r\nend\r\n',
    'create view v as -- and\rmore\r\n  select 1 as one\r\n',
  ],
}
const READ: Readonly<Record<TestDatabase['dialect'], string>> = {
  postgresql: "select prosrc from pg_catalog.pg_proc where proname = 'f'",
  mysql: 'select routine_definition from information_schema.routines where routine_schema = database()',
  sqlite: "select sql from sqlite_master where name = 'a1'",
}

describeEachDialect('carriage returns outside of quotes', (db) => {
  const shadow = db.dialect === 'sqlite' ? {} : { shadowUrl: db.url() }
  const revisions = [
    { revision: 'a1', upgrade: `for (const sql of ${JSON.stringify(MADE[db.dialect])}) await knex.raw(sql)` },
    {
      revision: 'b2',
      down: 'a1',
      upgrade: `await knex.raw(${JSON.stringify(READ[db.dialect])})
        await knex.raw('create table b2 (id int)')`,
    },
  ]

  test('are in the database as online, so that a check of what it keeps holds', async () => {
    const rev = openRev(db, revisions)
    await db.empty()
    await rev.upgrade()
    const online = nativeDump(db)
    expect(online).toMatch(/\r\n/)
    const script = await scriptOf(rev, shadow)
    await db.empty()
    await runScript(db, script)
    expect(nativeDump(db)).toBe(online)
    if (db.dialect !== 'mysql') return
    for (const client of CLIENTS) {
      await db.empty()
      expect(await mysql(db, script, client)).toMatchObject({ code: 0, stderr: '' })
      expect(nativeDump(db)).toBe(online)
    }
  })

  test('stay what they are for a client that nobody knows', async () => {
    const script = await scriptOf(openRev(db, revisions), { ...shadow, sqlClient: 'generic' })
    expect(script).toContain(MADE[db.dialect][0]?.trim())
  })
})
