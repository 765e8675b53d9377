import { describe, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, mysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

const ALONE = { extra: 'export const transaction = false' }

describeEachDialect(
  'what stands in a script for mariadb',
  (db) => {
    test('brings settings of the session back after each revision', async () => {
      await db.empty()
      const mode = `await knex.raw("set session sql_mode = ''")`
      const rev = openRev(db, [
        creates('a1', null, {
          upgrade: `${mode}
            await knex.raw("set foreign_key_checks = 0, time_zone = '+05:00', autocommit = 0, auto_increment_increment = 7")
            await knex.raw('set timestamp = 1000000000')
            await knex.raw('set role none')
            await knex.schema.createTable('a1', (table) => table.increments('id'))`,
        }),
        creates('b2', 'a1', {
          upgrade: `await knex.raw('create table b2 as select @@sql_mode as m, @@foreign_key_checks as f, @@time_zone as t, @@autocommit as a, @@auto_increment_increment as i, year(now()) > 2001 as clock')`,
        }),
      ])
      expect(await mysql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
      const written = await db.knex()('b2').first()
      await db.empty()
      await rev.upgrade()
      expect(written).toEqual(await db.knex()('b2').first())
      expect(written).toMatchObject({ f: 1, a: 1, i: 1, clock: 1 })
    })

    test('does the same whatever the SQL mode of the server makes of quotes', async () => {
      const text = 'back\\slash "quoted" it\'s'
      const rev = openRev(db, [
        creates('a1', null, {
          message: text,
          upgrade: `await knex.schema.createTable('a1', (table) => table.string('name').defaultTo(${JSON.stringify(text)}))
            await knex('a1').insert({})
            await knex('a1').insert({ name: ${JSON.stringify(text)} })`,
        }),
      ])
      for (const mode of [
        '',
        'ANSI_QUOTES',
        'NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES',
        'ORACLE',
        'HIGH_NOT_PRECEDENCE',
      ]) {
        await db.empty()
        const result = await mysql(db, `SET SESSION sql_mode = '${mode}';\n${await scriptOf(rev)}`)
        expect(result).toMatchObject({ code: 0, stderr: '' })
        expect(await db.knex()('a1').pluck('name')).toEqual([text, text])
      }
    })

    test('hands bodies over whole: with a delimiter for mariadb, without one for any client', async () => {
      await db.empty()
      const body = `create procedure p() begin do 1; select '$$;' as x; end`
      const rev = openRev(db, [creates('a1', null, { upgrade: `await knex.raw(${JSON.stringify(body)})` })])
      const script = await scriptOf(rev)
      expect(script).toContain(`DELIMITER $$$\n${body}$$$\nDELIMITER ;\n`)
      expect(await mysql(db, script)).toMatchObject({ code: 0, stderr: '' })
      await db.knex().raw('drop procedure p')

      const generic = await scriptOf(rev, { sqlClient: 'generic' })
      expect(generic).toContain('-- run with: any client, all of it in one session\n')
      expect(generic).toContain('-- Some statements hold semicolons (triggers, routines)')
      expect(generic).toContain(`\n${body};\n`)
      expect(generic).not.toContain('DELIMITER')
    })

    test('keeps whatever a message holds within its comment', async () => {
      await db.empty()
      const message = `/* drop table a1; /*! drop table a1 -- \\\\! ls; ' \` $$ ? # DELIMITER // :x`
      const rev = openRev(db, [creates('a1', null, { message }), creates('b2', 'a1', { message })])
      expect(await mysql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
      expect(await tablesOf(db)).toEqual(['a1', 'b2'])
    })

    test('is refused where it would leave its database or its guard', async () => {
      for (const statement of [
        '/* x */ use mysql',
        '/*!50100 use `mysql` */',
        'do 1; use mysql',
        'set session transaction read write',
        'set transaction isolation level read committed, read write',
        'start transaction read write',
        'set @@session.tx_read_only = 0',
        "set @a = 1, @rev_go = 'DO 0'",
        'select 1;\ndelimiter //\nselect 2 //',
      ]) {
        const upgrade = `\n\n  await knex.raw(${JSON.stringify(statement)})`
        const refused = await errorOf(scriptOf(openRev(db, [creates('a1', null, { ...ALONE, upgrade })])))
        expect(refused.code).toBe('REV_OFFLINE_STATEMENT')
        expect(refused.details).toMatchObject({ revision: 'a1', query: statement, line: expect.any(Number) })
      }
      const harmless = `await knex.raw("insert into a1 values ('use it; use that; read write transaction; @rev_go; \\ndelimiter //\\n')")`
      expect(await scriptOf(openRev(db, [creates('a1', null, { upgrade: harmless })]))).toContain('use it; use that')
    })

    test('is refused where it would leave UTF-8, in which the driver goes along and a file cannot', async () => {
      const revisionWith = (...statements: readonly string[]) =>
        openRev(db, [
          creates('a1', null, {
            upgrade: `await knex.schema.createTable('a1', (table) => table.string('name').collate('utf8mb4_bin'))
              for (const sql of ${JSON.stringify(statements)}) await knex.raw(sql)
              await knex('a1').insert({ name: 'é€' })`,
          }),
        ])
      for (const statement of [
        'set names latin1',
        "/* x */ SET /* y */ NAMES 'latin1' collate latin1_bin",
        '/*!40101 SET NAMES latin1 */',
        'set names default',
        'set character set cp1250',
        'set charset binary',
        'set foreign_key_checks = 1,names greek',
        'set character_set_client=latin1',
        'set @@session . character_set_client := latin1',
        'set session `character_set_client` = "cp1251"',
        'set @a = @@character_set_client, @@character_set_client = @@global.character_set_client',
      ]) {
        for (const guard of [true, false]) {
          const refused = await errorOf(scriptOf(revisionWith(statement), { guard }))
          expect(refused).toMatchObject({ code: 'REV_OFFLINE_STATEMENT', details: { query: statement } })
          expect(refused.message).toContain('choose utf8mb4')
        }
      }
      for (const statement of [
        'set names utf8mb4',
        '/*!40101 SET NAMES utf8 */',
        "set character_set_client = 'utf8mb4'",
        'SET @old=@@CHARACTER_SET_CLIENT; SET CHARACTER_SET_CLIENT=@old',
        "set @a = 'x, names latin1', @names = 'latin1'",
        'set global character_set_client = utf8mb4',
      ]) {
        const rev = revisionWith(...statement.split('; '))
        await db.empty()
        await rev.upgrade()
        const online = await db.knex()('a1').select(db.knex().raw('hex(name) as name'))
        await db.empty()
        expect(await mysql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
        expect(await db.knex()('a1').select(db.knex().raw('hex(name) as name'))).toEqual(online)
        expect(online).toEqual([{ name: 'C3A9E282AC' }])
      }
    })

    test('keeps to the transactions that a revision begins by itself, and to what ends them', async () => {
      const insert = (id: number): string => `insert into a1 values (${id})`
      const nested = `await knex.transaction(async (trx) => {
        await trx('a1').insert({ id: 20 })
        await trx.raw('create table c (id int)')
        await trx.transaction(async (inner) => { await inner('a1').insert({ id: 21 }) })
      })`
      const statements = [
        ...['begin', insert(1), 'create table b (id int)', insert(2), 'commit'],
        ...[
          'start transaction with consistent snapshot',
          insert(3),
          'savepoint s',
          insert(4),
          'rollback to s',
          'commit work',
        ],
        ...['begin', insert(5), 'rollback', insert(6), 'begin', insert(7), 'begin', insert(8), 'rollback', 'commit'],
      ]
      const upgrade = `for (const sql of ${JSON.stringify(statements)}) await knex.raw(sql)\n${nested}`
      const rev = openRev(db, [
        { revision: 'a1', upgrade: `await knex.raw('create table a1 (id int)')` },
        { revision: 'b2', down: 'a1', upgrade, extra: 'export const transaction = false' },
      ])
      const rows = (): Promise<number[]> => db.knex()('a1').orderBy('id').pluck('id')
      await db.empty()
      await rev.upgrade()
      expect(await rows()).toEqual([1, 2, 3, 6, 7, 20, 21])
      for (const guard of [true, false]) {
        await db.empty()
        expect(await mysql(db, await scriptOf(rev, { guard }))).toMatchObject({ code: 0, stderr: '' })
        expect(await rows()).toEqual([1, 2, 3, 6, 7, 20, 21])
      }
      for (const chain of ['commit and chain', 'rollback release', 'COMMIT WORK AND NO CHAIN RELEASE']) {
        const refused = await errorOf(
          scriptOf(openRev(db, [creates('a1', null, { ...ALONE, upgrade: `await knex.raw('${chain}')` })])),
        )
        expect(refused.code).toBe('REV_OFFLINE_STATEMENT')
      }
    })

    test('is refused where it asks for counts that the driver and the client have the server count differently', async () => {
      const revisionWith = (...statements: readonly string[]) =>
        openRev(db, [
          creates('a1', null, {
            upgrade: `await knex.raw('create table a1 (id int primary key, row_count int)')
              await knex('a1').insert({ id: 1, row_count: 7 })
              for (const sql of ${JSON.stringify(statements)}) await knex.raw(sql)`,
          }),
        ])
      const same = 'update a1 set row_count = 7'
      for (const statement of [
        'insert into a1 select 9, row_count()',
        'create table b as select Row_Count ( ) as n',
        '/*!50000 create temporary table b as select row_count() as n */',
        'do if(row_count() = 0, 1, 2)',
        'begin not atomic if row_count() = 0 then insert into a1 values (9, 9); end if; end',
        'insert into a1 select 9, found_rows()',
      ]) {
        for (const guard of [true, false]) {
          const refused = await errorOf(scriptOf(revisionWith(same, statement), { guard }))
          expect(refused).toMatchObject({ code: 'REV_OFFLINE_STATEMENT', details: { query: statement } })
          expect(refused.message).toContain('count')
        }
      }
      const rev = revisionWith(
        'create procedure p() begin update a1 set id = 1; if row_count() = 0 then do 1; end if; end',
        'create or replace view v as select row_count() as n',
        'create table row_count (id int)',
        'insert into row_count (id) values (1)',
        "insert into a1 select 2, length('row_count()')",
      )
      await db.empty()
      expect(await mysql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
      expect(await db.knex()('a1').pluck('row_count')).toEqual([7, 11])
    })

    describe('a rollback that a run would not have', () => {
      const table = `await knex.raw('create table b (id int)')`
      const inner = (...work: readonly string[]): string =>
        `await knex.transaction(async (knex) => { await knex('a1').insert({ id: 1 }); ${work.join(';')}; throw new Error('x') }).catch(() => {})`
      const outcomeOf = async (upgrade: string, extra: string): Promise<(string | undefined)[]> => {
        await db.empty()
        const rev = openRev(db, [
          { revision: 'a1', upgrade: `await knex.raw('create table a1 (id int)')` },
          { revision: 'b2', down: 'a1', upgrade: `${upgrade}\nawait knex('a1').insert({ id: 3 })`, extra },
        ])
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:b2' }).catch((error: unknown) => error)
        const online = await rev.upgrade().then(
          () => undefined,
          (error: unknown) => (error as { code?: string }).code,
        )
        const rows = await db.knex()('a1').orderBy('id').pluck('id')
        if (typeof script !== 'string') return [online, (script as { code?: string }).code]
        await db.empty()
        await rev.upgrade({ target: 'a1' })
        expect(await mysql(db, script)).toMatchObject({ code: 0, stderr: '' })
        expect(await db.knex()('a1').orderBy('id').pluck('id')).toEqual(rows)
        return [online, undefined]
      }

      test.each([
        ['a change of the schema within a transaction', inner(table)],
        ['a change of the schema before a transaction', `${table}\n${inner()}`],
        [
          'a change of the schema within a transaction in it',
          inner(`await knex.transaction(async (knex) => { ${table} })`),
        ],
      ])('is refused after %s', async (_, upgrade) => {
        const lost = 'REV_STEP_ROLLBACK_LOST'
        expect(await outcomeOf(upgrade, '')).toEqual([lost, lost])
        if (!upgrade.startsWith(table)) expect(await outcomeOf(upgrade, ALONE.extra)).toEqual([lost, lost])
      })

      test('passes where a run has it', async () => {
        const temporary = `await knex.raw('create temporary table b (id int)')`
        const empty = 'await knex.transaction(async () => { throw new Error() }).catch(() => {})'
        for (const upgrade of [inner(), inner(temporary), `${inner()}\n${table}`, `${table}\n${empty}`]) {
          expect(await outcomeOf(upgrade, '')).toEqual([undefined, undefined])
        }
        for (const upgrade of [
          inner(),
          `${table}\n${inner()}`,
          `await knex.raw('set autocommit = 0')\n${inner()}\nawait knex.raw('set autocommit = 1')`,
        ]) {
          expect(await outcomeOf(upgrade, ALONE.extra)).toEqual([undefined, undefined])
        }
      })

      test('is refused for savepoints of its own, too', async () => {
        const points = (sql: string): string =>
          `await knex.raw('savepoint s'); ${sql}; await knex.raw('rollback to savepoint s')`
        expect(await outcomeOf(points(`await knex('a1').insert({ id: 1 })`), '')).toEqual([undefined, undefined])
        expect(await outcomeOf(points(table), '')).toEqual(['REV_STEP_FAILED', 'REV_OFFLINE_STATEMENT'])
        expect(await outcomeOf(`${table}\n${points('')}`, '')).toEqual(['REV_STEP_FAILED', 'REV_OFFLINE_STATEMENT'])
      })
    })

    test.each(CLIENTS)('ends where rows are read, in a client that %s', async (client) => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null),
        creates('b2', 'a1', {
          upgrade: `await knex.raw('create table half (id int)')
            await knex('a1').insert({ id: 1 })
            await knex('a1').select()
            await knex('a1').insert({ id: 2 })`,
        }),
      ])
      const held = 'SELECT IFNULL(IS_USED_LOCK(@rev_lock), 0);\nINSERT INTO a1 VALUES (9);\n'
      const script = await scriptOf(rev, { onDataRead: 'comment' })
      const result = await mysql(db, client === 'stops at errors' ? script : `${script}\n${held}`, client)
      expect(result.stdout).toContain('rev: revision b2 reads rows here; run it with rev upgrade')
      if (client === 'stops at errors') expect(result.code).toBe(1)
      else expect(result.stdout).toMatch(/\n0\n$/)
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await db.knex()('a1').pluck('id')).toEqual([])
      expect(await tablesOf(db)).toEqual(['a1'])
    })

    test('stays fast with many rows', async () => {
      await db.empty()
      const rev = openRev(db, [
        creates('a1', null, {
          upgrade: `await knex.schema.createTable('a1', (table) => table.string('name'))
            await knex.batchInsert('a1', Array.from({ length: 20000 }, (_, n) => ({ name: 'x'.repeat(200) + n })), 1000)
            for (let n = 0; n < 500; n++) await knex('a1').insert({ name: String(n) })`,
        }),
      ])
      const started = performance.now()
      expect(await mysql(db, await scriptOf(rev))).toMatchObject({ code: 0, stderr: '' })
      expect(performance.now() - started).toBeLessThan(20_000)
      expect(await db.knex()('a1').count({ n: '*' }).first()).toEqual({ n: 20500 })
    })
  },
  { only: ['mysql'] },
)

describeEachDialect(
  'what a script for mariadb has been told of the schema',
  (db) => {
    const make = (table: string): string => `await knex.raw('create table ${table} (id int)')`
    const ifMissing = (table: string, what: string): string =>
      `if (!(await knex.schema.hasTable('${table}'))) { ${what} }`

    test.each(CLIENTS)('is proven by the guard, in a client that %s', async (client) => {
      await db.empty()
      const rev = openRev(db, [
        { revision: 'a1', upgrade: make('a1') },
        { revision: 'b2', down: 'a1', upgrade: ifMissing('extra', make('b2')) },
      ])
      const script = await scriptOf(rev, { target: 'a1:b2', shadowUrl: db.url() })
      await rev.upgrade({ target: 'a1' })
      await db.knex().raw('create table extra (id int)')
      const before = await db.dump({ ignore: /^$/ })
      const result = await mysql(db, script, client)
      expect(result.stdout).toMatch(/rev: revision b2 asks .*extra.*: the script was written for .*, but the database /)
      expect(result.stderr).toContain('rev: revision b2 asks ')
      expect(await db.dump({ ignore: /^$/ })).toBe(before)

      await db.knex().raw('drop table extra')
      expect(await mysql(db, script, client)).toMatchObject({ code: 0, stderr: '' })
      expect(await tablesOf(db)).toEqual(['a1', 'b2'])
    })

    test.each(CLIENTS)('is proven again in its place, in a client that %s', async (client) => {
      await db.empty()
      // What the database answers after the first statement cannot be known by the guard.
      const hidden = `await knex.raw('create table hidden (id int)')\n${ifMissing('hidden', make('late'))}`
      const rev = openRev(db, [
        { revision: 'a1', upgrade: make('a1') },
        { revision: 'b2', down: 'a1', upgrade: `${hidden}\n${make('b2')}` },
      ])
      const script = await scriptOf(rev, { target: 'a1:b2', shadowUrl: db.url() })
      await rev.upgrade({ target: 'a1' })
      expect(script).toContain('-- revision b2 relies on the answer to ')
      const otherwise = script.replace('create table hidden (id int);', 'do 0;')
      const result = await mysql(db, otherwise, client)
      expect(result.stderr).toContain('rev: another answer than expected to ')
      expect(await tablesOf(db)).toEqual(['a1'])
      expect(await rowsOf(db)).toEqual(['a1'])
      // Where the statement stood that was left out, the script took the step for begun.
      await db.knex()('rev_step').del()
      expect(await mysql(db, script, client)).toMatchObject({ code: 0, stderr: '' })
      expect(await tablesOf(db)).toEqual(['a1', 'b2', 'hidden'])
    })
  },
  { only: ['mysql'] },
)
