import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { CLIENTS, psql, scriptOf } from './postgresql-psql.ts'
import { ENGINES, line, NOWHERE, openFor, requestFor, shadowOf } from './shadow-project.ts'

const revisions = [
  {
    revision: 'a1',
    upgrade: `await knex.raw('create table things (at timestamptz, shown text default (now()::text))')`,
  },
  { revision: 'b2', down: 'a1', upgrade: `await knex('things').insert({ at: '01/02/2020 12:00' })` },
]
const schemaOf = async (db: TestDatabase, table: string): Promise<unknown> =>
  (await db.knex()('pg_tables').where({ tablename: table }).pluck('schemaname')).sort()

describeEachDialect(
  'what the connection asks for',
  (db) => {
    const objects = (options: string) => ({ ...(db.knexConfig().connection as object), options })

    test.each(['URL', 'object'])('holds in a script, too, from a connection that is an %s', async (shape) => {
      const options = '-c search_path=foo,public -c TimeZone=Asia/Tokyo -c DateStyle=SQL,DMY'
      const separator = db.url().includes('?') ? '&' : '?'
      const connection =
        shape === 'URL' ? `${db.url()}${separator}options=${encodeURIComponent(options)}` : objects(options)
      const config = { client: 'pg', connection }
      const dumps: string[] = []
      for (const way of ['online', 'script']) {
        await db.empty()
        await db.knex().raw('create schema foo')
        const rev = openRev(db, revisions, { config })
        if (way === 'online') await rev.upgrade()
        else expect(await psql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
        expect(await schemaOf(db, 'things')).toEqual(['foo'])
        expect(await schemaOf(db, 'rev_version')).toEqual(['foo'])
        const { rows } = await db.knex().raw(`select (at at time zone 'UTC')::text as at from foo.things`)
        dumps.push(JSON.stringify(rows))
      }
      expect(dumps[1]).toBe(dumps[0])
      expect(dumps[0]).toContain('2020-02-01 03:00:00')
    })

    test('is refused where a script cannot hold it, before anything is written', async () => {
      const rev = openRev(db, revisions, { config: { client: 'pg', connection: objects('-e') } })
      const error = await errorOf(scriptOf(rev))
      expect(error.code).toBe('REV_OFFLINE_CONNECTION_OPTIONS')
      expect(error.message).toContain('"-e"')
    })
  },
  { only: ['postgresql'] },
)

describe.each(ENGINES.filter(({ client }) => client === 'pg'))('the shadow on $title', (engine) => {
  test('has what the connection asks for, and the schemas of its path', async (context) => {
    const options = '-c search_path=foo,public -c TimeZone=Asia/Tokyo'
    const seen: unknown[] = []
    const ask = `select current_schema() as schema, current_setting('TimeZone') as zone`
    const revisions = line(async (knex) => {
      seen.push((await knex.raw(ask)).rows)
      await knex.schema.createTable('made', (table) => void table.increments('id'))
    })
    const usual = requestFor(engine, context)
    const connection = { ...NOWHERE, options }
    const shadow = await shadowOf({ ...usual, revisions, knexConfig: { ...usual.knexConfig, connection } })
    onTestFinished(() => shadow.close())
    seen.push(((await shadow.read(ask)) as { rows: unknown }).rows)
    const expected = [{ schema: 'foo', zone: 'Asia/Tokyo' }]
    expect(seen).toEqual([expected, expected])
    expect(await shadow.scalar(`select schemaname from pg_tables where tablename = 'made'`)).toBe('foo')
  })

  test('has nothing of the environment, which is about another server', async (context) => {
    vi.stubEnv('PGOPTIONS', '-c TimeZone=Asia/Tokyo')
    onTestFinished(() => void vi.unstubAllEnvs())
    const shadow = await openFor(engine, context, { revisions: line(() => undefined) })
    expect(await shadow.scalar(`select current_setting('TimeZone')`)).not.toBe('Asia/Tokyo')
  })
})

describeEachDialect(
  'settings of the client',
  (db) => {
    test.each(CLIENTS)('that would give values another meaning are refused, by a psql that %s', async (client) => {
      const cases: [Record<string, string>, string][] = [
        [{ PGTZ: 'Asia/Tokyo' }, 'TimeZone'],
        [{ PGDATESTYLE: 'SQL, DMY' }, 'DateStyle'],
        [{ PGOPTIONS: '-c intervalstyle=sql_standard' }, 'IntervalStyle'],
        [{ PGOPTIONS: '-c search_path=elsewhere' }, 'search_path'],
        [{ PGOPTIONS: '-c bytea_output=escape -c extra_float_digits=0' }, 'bytea_output, extra_float_digits'],
      ]
      await db.empty()
      await db.knex().raw('create schema elsewhere')
      const before = await db.dump({ ignore: /^$/ })
      const script = await scriptOf(openRev(db, revisions))
      for (const [env, names] of cases) {
        const result = await psql(db, script, client, env)
        expect(result.stderr).toContain(`ERROR:  rev: the client has set ${names} for this session`)
        expect(result.stderr).toMatch(/HINT: {2}.*PGTZ, PGDATESTYLE.*PGOPTIONS/)
        expect(await db.dump({ ignore: /^$/ })).toBe(before)
      }
    })

    test('that were set before in the same session are refused, too, unless they are back as they were', async () => {
      await db.empty()
      const before = await db.dump({ ignore: /^$/ })
      const script = await scriptOf(openRev(db, revisions))
      const result = await psql(db, `SET TimeZone = 'Asia/Tokyo';\n${script}`)
      expect(result.stderr).toContain('ERROR:  rev: the client has set TimeZone for this session')
      expect(await db.dump({ ignore: /^$/ })).toBe(before)
      const back = `SET TimeZone = 'Asia/Tokyo';\nSELECT set_config('timezone', reset_val, false) FROM pg_settings WHERE name = 'TimeZone';\n`
      expect(await psql(db, `${back}${script}`)).toMatchObject({ code: 0, stderr: '' })
    })

    test('that change nothing of it are let through', async () => {
      await db.empty()
      const env = {
        PGOPTIONS: '-c maintenance_work_mem=64MB -c statement_timeout=1 -c client_min_messages=warning',
        PGCLIENTENCODING: 'LATIN1',
      }
      expect(await psql(db, await scriptOf(openRev(db, revisions)), 'stops at errors', env)).toMatchObject({
        code: 0,
        stderr: '',
      })
      expect(await rowsOf(db)).toEqual(['b2'])
    })

    test('do not matter where the script sets them itself', async () => {
      await db.empty()
      const config = {
        client: 'pg',
        connection: { ...(db.knexConfig().connection as object), options: '-c TimeZone=UTC' },
      }
      const script = await scriptOf(openRev(db, revisions, { config }))
      expect(await psql(db, script, 'stops at errors', { PGTZ: 'Asia/Tokyo' })).toMatchObject({ code: 0, stderr: '' })
    })

    test('of the database itself hold, as online', async () => {
      await db.empty()
      await db.knex().raw(`alter database ?? set timezone = 'Asia/Tokyo'`, [db.name])
      try {
        expect(await psql(db, await scriptOf(openRev(db, revisions)))).toMatchObject({ code: 0, stderr: '' })
        const { rows } = await db.knex().raw(`select (at at time zone 'UTC')::text as at from things`)
        expect(rows).toEqual([{ at: '2020-01-02 03:00:00' }])
      } finally {
        await db.knex().raw(`alter database ?? reset timezone`, [db.name])
      }
    })

    test('cannot be told from those of the server in other clients, which the header says', async () => {
      const script = await scriptOf(openRev(db, revisions), { sqlClient: 'generic' })
      expect(script).toContain('-- the session must have the time zone, date style and search_path of the server')
      expect(script).not.toContain(`source = 'client'`)
    })
  },
  { only: ['postgresql'] },
)
