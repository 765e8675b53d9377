import createKnex, { type Knex } from 'knex'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createRev } from '../../../src/index.ts'
import { mysqlCommand } from '../../support/database-clients.ts'
import { run } from '../../support/run-cli.ts'
import { mysqlConnection } from '../../support/server-connection.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { startMysql, type ThrowAwayServer } from '../../support/throw-away-servers.ts'
import { scriptOf } from './script-of.ts'

type Work = (knex: Knex) => unknown

const MODE = 'STRICT_TRANS_TABLES,NO_BACKSLASH_ESCAPES'
const DATABASE = 'rev_mends_backslashes'
const TABLE = 'create table t (id int primary key, x varchar(50))'

/** SQL of a revision's own. */
const OTHERWISE: readonly (readonly [string, Work])[] = [
  ['text of a statement', (knex) => knex.raw("insert into t values (1, 'b\\nc')")],
  ['text in double quotes', (knex) => knex.raw('insert into t values (1, "b\\\\c")')],
  ['a piece of a query', (knex) => knex('t').insert({ id: 1, x: knex.raw("'b\\tc'") })],
  ['a condition', (knex) => knex('t').whereRaw("x = 'b\\\\c'").delete()],
  ['a default', (knex) => knex.schema.alterTable('t', (t) => t.string('y').defaultTo(knex.raw("'b\\\\c'")))],
  ['a type', (knex) => knex.schema.alterTable('t', (t) => t.specificType('y', "enum('b\\\\c')"))],
  ['a check', (knex) => knex.schema.alterTable('t', (t) => t.check("x <> 'b\\\\c'"))],
  ['the query of a view', (knex) => knex.schema.createView('v', (v) => v.as(knex('t').whereRaw("x = 'b\\\\c'")))],
  ['a trigger', (knex) => knex.raw("create trigger u before insert on t for each row begin set new.x = 'b\\\\c'; end")],
  ['a bound pattern', (knex) => knex('t').where('x', 'like', 'b\\_%').delete()],
  ['a pattern that is computed', (knex) => knex.raw("update t set id = 2 where x like concat(x, '_')")],
]

/** What is the same: values, what Knex writes, and what holds no backslash. */
const work: Work = async (knex) => {
  const text = 'it\'s "a\\b"\n\t\\'
  await knex.schema.createTable('u', (t) => {
    t.increments('id')
    t.string('x').defaultTo(text).comment(text)
    t.enu('e', [text]).defaultTo(text)
    t.comment(text)
    t.string('c').checkIn([text])
  })
  await knex('u').insert([{ x: text, c: text }, {}])
  await knex.raw('insert into t values (?, ?)', [1, text])
  await knex.raw("insert into t values (2, 'it''s /* \"') /* 'a\\n' */")
  await knex('t')
    .where('x', 'like', 'it%')
    .update({ id: knex.raw('id + 5') })
}

describe('a script for a server that takes backslashes as they are', () => {
  let server: ThrowAwayServer
  let missing: string | undefined
  let knex: Knex
  beforeAll(async () => {
    try {
      server = await startMysql({ options: [`--sql-mode=${MODE}`] })
    } catch (error) {
      missing = (error as Error).message
      if (!/is not installed/.test(missing)) throw error
    }
  }, 90_000)
  beforeEach((context) => {
    if (missing !== undefined) skipAloud(context, missing)
  })
  afterAll(async () => {
    await knex?.destroy()
    await server?.stop()
  })

  const config = (database: string | undefined): Knex.Config => ({
    client: 'mysql2',
    connection: mysqlConnection(server.address, database),
  })
  const empty = async (): Promise<void> => {
    await knex?.destroy()
    const admin = createKnex(config('mysql'))
    await admin.raw(`drop database if exists ${DATABASE}`)
    await admin.raw(`create database ${DATABASE}`)
    await admin.destroy()
    knex = createKnex(config(DATABASE))
  }
  const revOf = (upgrade: Work) =>
    createRev({
      config: config(DATABASE),
      revisions: [
        { revision: 'a1', down_revision: null, irreversible: 'a test', upgrade: (handle: Knex) => handle.raw(TABLE) },
        { revision: 'b2', down_revision: 'a1', irreversible: 'a test', upgrade },
      ],
    } as never)
  const apply = (script: string) => {
    const { program, args, env } = mysqlCommand(server.address, DATABASE)
    return run(program, args, { cwd: '/', env, input: script })
  }
  const stored = async () => {
    const tables = await knex('information_schema.tables').where({ table_schema: DATABASE, table_name: 'u' })
    const columns = await knex('information_schema.columns')
      .where({ table_schema: DATABASE, table_name: 'u' })
      .orderBy('ordinal_position')
      .select('column_name', 'column_type', 'column_default', 'column_comment')
    const checks = await knex('information_schema.check_constraints').where({ constraint_schema: DATABASE })
    const rows = [await knex('u').orderBy('id'), await knex('t').orderBy('id')]
    return { comments: tables.map((table) => table.TABLE_COMMENT), columns, checks, rows }
  }

  test.each(OTHERWISE)('is refused where a revision has a backslash of its own in %s', async (_, upgrade) => {
    await empty()
    const { code, stdout, stderr } = await apply(await scriptOf(revOf(upgrade)))
    expect(code).toBe(1)
    const words =
      'the sql_mode of the server has NO_BACKSLASH_ESCAPES, by which a run reads SQL of revision b2 otherwise'
    expect(stdout).toContain(words)
    expect(stderr).toContain('the sql_mode of the server has NO_BACKSLASH_ESCAPES')
    expect(await knex('information_schema.tables').where({ table_schema: DATABASE })).toEqual([])
  })

  test('does the same as a run elsewhere', async () => {
    await empty()
    await revOf(work).upgrade()
    const online = await stored()
    await empty()
    expect(await apply(await scriptOf(revOf(work)))).toMatchObject({ code: 0, stderr: '' })
    expect(await stored()).toEqual(online)
  })

  test('goes by what the server sets for each connection', async () => {
    await empty()
    const [, upgrade] = OTHERWISE[0] as (typeof OTHERWISE)[number]
    const script = await scriptOf(revOf(upgrade))
    try {
      await knex.raw("set global init_connect = 'set sql_mode = strict_all_tables'")
      expect(await apply(script)).toMatchObject({ code: 0, stderr: '' })
      await empty()
      await knex.raw('set global init_connect = ?, global sql_mode = ?', ['set sql_mode = no_backslash_escapes', ''])
      expect((await apply(script)).stdout).toContain('has NO_BACKSLASH_ESCAPES')
    } finally {
      await knex.raw('set global init_connect = ?, global sql_mode = ?', ['', MODE])
    }
  })
})
