import { afterAll, describe, expect, type TestContext, test } from 'vitest'
import { rowsOfResponse } from '../../../src/offline/rows-of-response.ts'
import type { Shadow } from '../../../src/offline/shadow/shadow.ts'
import type { SqlFamily } from '../../../src/sql/sql-family.ts'
import { recordingReporter } from '../../support/recording-reporter.ts'
import { ENGINES, type Engine, line, NOWHERE, openFor } from './shadow-project.ts'

const FAMILY_OF = { pg: 'postgresql', mysql2: 'mysql', 'better-sqlite3': 'sqlite' } as const
const TABLES: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'select table_name as name from information_schema.tables where table_schema = current_schema()',
  mysql: 'select table_name as name from information_schema.tables where table_schema = database()',
  sqlite: "select name from sqlite_master where type = 'table' and name not like 'sqlite_%'",
}
const familyOf = ({ client }: Engine): SqlFamily => FAMILY_OF[client]

const users = line(
  (knex) => knex.schema.createTable('users', (table) => void table.increments('id')),
  (knex) => knex.schema.alterTable('users', (table) => void table.string('name')),
  (knex) => knex.schema.createTable('jobs', (table) => void table.increments('id')),
)

describe.each(ENGINES)('the shadow on $title', (engine) => {
  const family = familyOf(engine)
  // One for all the tests that leave each other alone: some take seconds to start.
  let opened: Promise<Shadow> | undefined
  const shared = (context: TestContext): Promise<Shadow> => {
    opened ??= openFor(engine, context, { revisions: users, closes: 'by hand' })
    return opened
  }
  afterAll(async () => (await opened)?.close())

  const namesIn = (response: unknown): string[] =>
    rowsOfResponse(response, family)
      .map(({ name }) => String(name))
      .filter((name) => !name.startsWith('rev_'))
      .sort()

  test('has the schema that the history leaves, up to the rows, and says once that it is ready', async (context) => {
    const { report, of, events } = recordingReporter()
    const shadow = await openFor(engine, context, { revisions: users, rows: ['r2'], report })
    expect(namesIn(await shadow.read(TABLES[family]))).toEqual(['users'])
    expect(events).toEqual(of('notice'))
    expect(of('notice').map(({ code }) => code)).toEqual(['REV_NOTICE_SHADOW'])
    expect(of('notice')[0]?.message).toContain(`${shadow.name} answers for the schema: 2 revisions replayed, ready in `)
    expect(shadow.name).not.toContain(NOWHERE.password)
  })

  test('is empty at base', async (context) => {
    const shadow = await openFor(engine, context, { revisions: users, rows: [] })
    expect(rowsOfResponse(await shadow.read(TABLES[family]), family)).toEqual([])
  })

  test('answers in the form that Knex makes its results of', async (context) => {
    const answers: unknown[] = []
    const revisions = line(async (knex) => {
      await knex.schema.createTable('t', (table) => void table.increments('id'))
      await knex('t').insert({ id: 41 })
      answers.push(await knex.raw('select id, null as empty from t'))
    })
    const shadow = await openFor(engine, context, { revisions })
    const response = await shadow.read('select id, null as empty from t')
    const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
    if (family === 'sqlite') expect(response).toEqual(answers[0])
    else if (family === 'mysql') expect(plain(response)).toEqual(plain(answers[0]))
    else {
      const { command, rowCount, rows, fields } = response as Record<string, unknown>
      expect({ command, rowCount, rows, fields }).toEqual(
        Object.fromEntries(
          ['command', 'rowCount', 'rows', 'fields'].map((key) => [key, (answers[0] as Record<string, unknown>)[key]]),
        ),
      )
    }
    expect(rowsOfResponse(response, family)).toEqual([{ id: 41, empty: null }])
  })

  test('carries statements out as they stand, several at once and with a question mark in them', async (context) => {
    const shadow = await shared(context)
    const text = family === 'mysql' ? 'varchar(40)' : 'text'
    await shadow.execute(
      `create table a (id int, x ${text} default 'why? :really \\? $1'); create table b (y int); insert into a (id) values (1);`,
    )
    expect(await shadow.scalar('select x from a')).toBe(
      family === 'mysql' ? 'why? :really ? $1' : 'why? :really \\? $1',
    )
    await shadow.execute('begin')
    await shadow.execute('insert into b (y) values (1)')
    await shadow.execute('rollback')
    expect(await shadow.scalar('select count(*) from b')).toBe('0')
  })

  test('carries out a trigger, semicolons and all', async (context) => {
    const shadow = await shared(context)
    await shadow.execute('create table log (x int)')
    if (family === 'postgresql') {
      await shadow.execute(
        'create function f() returns trigger language plpgsql as $$ begin insert into log values (7); return new; end $$; create trigger t after insert on jobs for each row execute function f()',
      )
      await shadow.execute('DO $rev$ begin insert into jobs default values; end $rev$')
    } else {
      await shadow.execute(
        'create trigger t after insert on jobs for each row begin insert into log values (7); insert into log values (8); end',
      )
      await shadow.execute('insert into jobs (id) values (1)')
    }
    expect(await shadow.scalar('select min(x) from log')).toBe('7')
  })

  test('gives one value as text, and NULL as null', async (context) => {
    const shadow = await shared(context)
    expect(await shadow.scalar("select 'a;b'")).toBe('a;b')
    expect(await shadow.scalar('select 12')).toBe('12')
    expect(await shadow.scalar('select null')).toBeNull()
  })

  test("throws the driver's own error, and goes on after it", async (context) => {
    const shadow = await shared(context)
    for (const send of [shadow.execute, shadow.read, shadow.scalar]) {
      await expect(send('select x from missing')).rejects.toThrow(/missing/)
    }
    expect(await shadow.scalar('select 1')).toBe('1')
  })

  test('closes once, and takes no more statements then', async (context) => {
    const shadow = await openFor(engine, context, { revisions: users })
    await Promise.all([shadow.close(), shadow.close()])
    await expect(shadow.scalar('select 1')).rejects.toThrow()
  })
})

describe.each(ENGINES.filter(({ client }) => client === 'pg'))('the shadow on $title', (engine) => {
  test('has the schemas that the configuration names, and uses them', async (context) => {
    const shadow = await openFor(engine, context, {
      revisions: users,
      knexConfig: { searchPath: ['app', '$user', 'public'] },
      settings: { versionTable: 'rev_version', schema: 'bookkeeping' },
    })
    const tables = "select string_agg(table_schema || '.' || table_name, ' ' order by table_schema, table_name)"
    expect(
      await shadow.scalar(`${tables} from information_schema.tables where table_schema !~ '^(pg_|information_)'`),
    ).toBe('app.jobs app.users bookkeeping.rev_event bookkeeping.rev_meta bookkeeping.rev_version')
  })

  test('has the extensions of PostgreSQL itself', async (context) => {
    const names = ['pgcrypto', 'uuid-ossp', 'citext', 'hstore', 'pg_trgm']
    const create = async (shadow: { execute(sql: string): Promise<void> }): Promise<void> => {
      for (const name of names) await shadow.execute(`create extension "${name}"`)
    }
    await create(await openFor(engine, context, { revisions: [], rows: [] }))
  })
})

describe.each(ENGINES.filter(({ client }) => client === 'mysql2'))('the shadow on $title', (engine) => {
  test('keeps the tables of rev in its own database, wherever the configuration has them', async (context) => {
    const settings = { versionTable: 'rev_version', schema: 'rev_shadow_nobody_made_this' }
    const shadow = await openFor(engine, context, { revisions: users, settings })
    expect(await shadow.scalar('select version_num from rev_version')).toBe('r3')
  })

  test('reads values as the project has told its driver', async (context) => {
    const connection = { ...NOWHERE, dateStrings: true, host: 'elsewhere.invalid' }
    const shadow = await openFor(engine, context, { revisions: [], rows: [], knexConfig: { connection } })
    expect(await shadow.scalar("select timestamp '2020-01-02 03:04:05'")).toMatch(/^2020-01-02 03:04:05/)
  })
})
