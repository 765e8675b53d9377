import { describe, expect, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { CLIENTS, mysql, startMysql } from './mysql-client.ts'
import { scriptOf } from './script-of.ts'

const ALONE = { extra: 'export const transaction = false' }
const table = (name: string): string => `await knex.schema.createTable('${name}', (table) => table.increments('id'))`
const row = (id: number): string => `await knex('a1').insert({ id: ${id} })`
const BREAKS = `await knex.raw('do missing()')`
const later = [
  creates('c3', 'b2', { upgrade: row(91) }),
  creates('d4', 'c3', { ...ALONE, upgrade: `${row(92)}\n${table('four')}` }),
  creates('e5', 'd4'),
]

describeEachDialect(
  'a script for mariadb that fails half way',
  (db) => {
    describe('and has something of a step in the database', () => {
      const halfWay = `${row(1)}\n${table('one')}\n${BREAKS}`
      const project = (upgrade: string, more: object = {}) =>
        openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade, ...more })])
      const ids = (): Promise<number[]> => db.knex()('a1').orderBy('id').pluck('id')

      test.each([
        ['rows and a table', halfWay, {}],
        [
          'a table that a prepared text makes',
          `await knex.raw("prepare p from 'create table one (id int)'")\nawait knex.raw('execute p')\n${BREAKS}`,
          {},
        ],
        ['a table alone', `${table('one')}\n${BREAKS}`, {}],
        ['rows without a transaction', `${row(1)}\n${BREAKS}`, ALONE],
        [
          'a transaction of its own',
          `await knex.transaction(async (trx) => { await trx('a1').insert({ id: 1 }) })\n${BREAKS}`,
          ALONE,
        ],
      ])('is refused the second time, and by a run: %s', async (_, upgrade, more) => {
        await db.empty()
        const rev = project(upgrade, more)
        const script = await scriptOf(rev)
        await mysql(db, script)
        const left = [await tablesOf(db), await ids()]
        expect(left).not.toEqual([['a1'], []])

        const again = await mysql(db, await scriptOf(rev, { target: 'a1:head' }))

        expect(again.code).toBe(1)
        expect(again.stderr + again.stdout).toContain('revision b2 was begun and is not finished')
        expect(await errorOf(rev.upgrade())).toMatchObject({
          code: 'REV_JOURNAL_BY_SCRIPT',
          details: { revision: 'b2', direction: 'upgrade' },
          hint: expect.stringContaining('rev repair b2 --rerun'),
        })
        expect((await errorOf(rev.repair({ revision: 'b2', action: 'resume', unknown: 'done' }))).code).toBe(
          'REV_JOURNAL_BY_SCRIPT',
        )
        expect((await errorOf(rev.downgrade({ target: 'base' }))).code).toBe('REV_JOURNAL_BY_SCRIPT')
        expect((await errorOf(rev.stamp({ targets: ['b2'] }))).code).toBe('REV_JOURNAL_BY_SCRIPT')
        const found = (await rev.status()).revisions.find(({ revision }) => revision === 'b2')
        expect(found).toMatchObject({ state: 'INTERRUPTED', unfinished: { direction: 'upgrade', byScript: true } })
        const findings = (await rev.doctor()).findings.filter(({ code }) => code === 'REV_FINDING_UNFINISHED')
        expect(findings).toMatchObject([{ revision: 'b2', hint: expect.stringContaining('rev repair b2 --rerun') }])
        expect([await tablesOf(db), await ids()]).toEqual(left)
      })

      test('is told as before when it is run from its beginning and fails at once', async () => {
        await db.empty()
        const rev = project(`${table('one')}\n${BREAKS}`)
        await mysql(db, await scriptOf(rev))

        const error = await errorOf(rev.repair({ revision: 'b2', action: 'rerun' }))

        expect(error).toMatchObject({ code: 'REV_STEP_FAILED', hint: expect.stringContaining('rev repair b2 --rerun') })
        expect(error.hint).not.toContain('--resume')
        expect(error.details).toMatchObject({ rolledBack: false, byScript: true, kept: [] })
        expect(error.details).not.toHaveProperty('unknown')
        expect((await errorOf(rev.upgrade())).code).toBe('REV_JOURNAL_BY_SCRIPT')
        await db.knex().schema.dropTable('one')
        const after = await errorOf(rev.repair({ revision: 'b2', action: 'rerun' }))
        expect(after.details).toMatchObject({ committedStatements: 1 })
        expect(after.details).not.toHaveProperty('byScript')
      })

      test('goes through again when somebody has said that it is put right', async () => {
        await db.empty()
        const rev = project(`${row(1)}\n${table('one')}\nawait knex('a1').insert({ id: 7 })`)
        await rev.upgrade({ target: 'a1' })
        await db.knex()('a1').insert({ id: 7 })
        const script = await scriptOf(rev, { target: 'a1:head' })
        expect((await mysql(db, script)).code).toBe(1)
        await db.knex().schema.dropTable('one')
        await db.knex()('a1').del()
        await rev.repair({ revision: 'b2', action: 'reverted', reason: 'taken back by hand' })

        expect(await mysql(db, script)).toMatchObject({ code: 0 })
        expect(await rowsOf(db)).toEqual(['b2'])
        expect(await db.knex()('rev_step')).toEqual([])
      })

      test.each([
        ['nothing but rows, which are taken back', `${row(1)}\n${BREAKS}`],
        ['nothing, because the first statement fails', `await knex.raw('create table a1 (id int)')`],
        ['nothing, because tables were locked', `await knex.raw('lock tables a1 write')\n${BREAKS}`],
      ])('is run again where there is %s', async (_, upgrade) => {
        await db.empty()
        const rev = project(upgrade)
        await mysql(db, await scriptOf(rev))
        expect([await tablesOf(db), await ids()]).toEqual([['a1'], []])

        const { stderr, stdout } = await mysql(db, await scriptOf(rev, { target: 'a1:head' }))

        expect(stderr + stdout).not.toContain('was begun')
      })

      test('is told where a run had failed at the same revision before, with nothing of it left', async () => {
        await db.empty()
        const rev = project(`${table('one')}\n${BREAKS}`)
        await rev.upgrade({ target: 'a1' })
        await db.knex().schema.createTable('one', (made) => made.increments('id'))
        expect(await errorOf(rev.upgrade())).toMatchObject({ details: { rolledBack: true } })
        await db.knex().schema.dropTable('one')

        const { stderr } = await mysql(db, await scriptOf(rev, { target: 'a1:head' }))

        expect(stderr).toContain('missing')
        expect(await tablesOf(db)).toEqual(['a1', 'one'])
        expect((await errorOf(rev.upgrade())).code).toBe('REV_JOURNAL_BY_SCRIPT')
        await db.knex().schema.dropTable('one')
        await rev.repair({ revision: 'b2', action: 'reverted', reason: 'taken back by hand' })
        expect(await db.knex()('rev_step')).toEqual([])
      })

      test('goes through where a run had failed at the same revision before, with nothing of it left', async () => {
        await db.empty()
        const rev = project(`${table('one')}\n${row(1)}`)
        await rev.upgrade({ target: 'a1' })
        await db.knex().schema.createTable('one', (made) => made.increments('id'))
        await errorOf(rev.upgrade())
        await db.knex().schema.dropTable('one')

        expect(await mysql(db, await scriptOf(rev, { target: 'a1:head' }))).toMatchObject({ code: 0 })
        expect(await rowsOf(db)).toEqual(['b2'])
        expect(await db.knex()('rev_step')).toEqual([])
      })

      test('is not told by a revision that has taken a role, which may not write it', async () => {
        const upgrade = `await knex.raw('set role none')\n${table('one')}`
        const script = await scriptOf(project(upgrade))
        expect(script.match(/^REPLACE INTO `rev_step`$/gm)).toHaveLength(1)
      })

      test('works where a revision locks tables and changes the schema', async () => {
        await db.empty()
        const locked = `await knex.raw('lock tables a1 write')\nawait knex.raw('alter table a1 add n int')\nawait knex.raw('unlock tables')\n${table('one')}`
        expect(await mysql(db, await scriptOf(project(locked)))).toMatchObject({ code: 0 })
        expect(await rowsOf(db)).toEqual(['b2'])
      })
    })

    describe.each(CLIENTS)('in a client that %s', (client) => {
      /** Runs the script up to a step b2 that fails. */
      const breaks = async (upgrade: string, more: object = {}): Promise<string> => {
        await db.empty()
        const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade, ...more }), ...later])
        const result = await mysql(db, await scriptOf(rev), client)
        expect(result.code).toBe(client === 'stops at errors' ? 1 : 0)
        expect(await rowsOf(db)).toEqual(['a1'])
        const done = await db.knex()('rev_event').where({ outcome: 'done' }).pluck('revision')
        expect(done).toEqual(['a1'])
        if (client !== 'stops at errors') {
          const words = `rev: database "${db.name}" is at a1; the script did NOT get through to e5`
          expect(result.stdout).toContain(words)
        }
        return result.stderr
      }
      const ids = (): Promise<number[]> => db.knex()('a1').orderBy('id').pluck('id')

      test('among rows takes them back, and what is committed stays', async () => {
        await breaks(`${row(1)}\n${table('one')}\n${row(2)}\n${BREAKS}\n${row(3)}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1', 'one'])
        expect(await ids()).toEqual([1])
      })

      test('at a change of the schema does nothing after it', async () => {
        await breaks(`${row(1)}\n${table('a1')}\n${row(3)}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([1])
      })

      test('at a trigger does nothing after it', async () => {
        const trigger = 'create trigger t before insert on nowhere for each row begin do 1; do 2; end'
        await breaks(`await knex.raw('${trigger}')\n${row(3)}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([])
      })

      test('changes no settings of the server after it', async () => {
        const tries = async (): Promise<unknown> => {
          const [rows] = await db.knex().raw('select @@global.net_retry_count as tries')
          return rows[0].tries
        }
        const set = (text: string): string =>
          `await knex.raw(${JSON.stringify(`set global net_retry_count = length('${text}')`)})`
        try {
          // Two characters as MySQL reads them.
          await breaks(`${set(String.raw`\\''`)}\n${BREAKS}\n${set(';;;')}`)
          expect(await tries()).toBe(2)
        } finally {
          await db.knex().raw('set global net_retry_count = default')
        }
      })

      test('without a transaction does nothing after the failure', async () => {
        await breaks(`${row(1)}\n${BREAKS}\n${row(2)}\n${table('two')}`, ALONE)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([1])
      })

      test('without a transaction, in one of its own, takes that one back', async () => {
        const own = `await knex.transaction(async (trx) => {
          await trx('a1').insert({ id: 1 })
          await trx.raw('do missing()')
          await trx('a1').insert({ id: 2 })
        })`
        await breaks(`${own}\n${row(3)}\n${table('two')}`, ALONE)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([])
      })

      test.each(['commit', 'COMMIT /* all */ work', 'begin', 'lock tables a1 write', 'create table one (id int)'])(
        'without a transaction, in one that it begins by itself, takes that one back (%s)',
        async (ending) => {
          const end = `await knex.raw('${ending}')${ending === 'begin' ? "\nawait knex.raw('rollback')" : ''}`
          await breaks(
            `await knex.raw('begin')\n${row(1)}\n${BREAKS}\n${row(2)}\n${end}\n${row(3)}\n${table('two')}`,
            ALONE,
          )
          expect(await tablesOf(db)).toEqual(['a1'])
          expect(await ids()).toEqual([])
        },
      )

      test('without a transaction, in one of its own that a change of the schema ends, takes that one back', async () => {
        const own = `await knex.transaction(async (trx) => {
          await trx('a1').insert({ id: 1 })
          await trx.raw('do missing()')
          await trx('a1').insert({ id: 2 })
          await trx.raw('create table one (id int)')
          await trx('a1').insert({ id: 3 })
        })`
        await breaks(own, ALONE)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([])
      })

      test('at a savepoint takes the rows back', async () => {
        const nested = `await knex.transaction(async (trx) => {
          await trx('a1').insert({ id: 2 })
          await trx.raw('do missing()')
        })`
        await breaks(`${row(1)}\n${nested}\n${row(3)}\n${table('two')}`)
        expect(await tablesOf(db)).toEqual(['a1'])
        expect(await ids()).toEqual([])
      })

      test('because the version rows were moved under it does not say that the step was done', async () => {
        const stderr = await breaks(`${row(1)}\nawait knex.raw("update rev_version set version_num = 'zz'")`)
        expect(stderr).toContain('rev: not committed: an error above, or changed version rows')
        expect(await ids()).toEqual([])
      })

      test('because its transaction is gone does not write what follows one by one', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1', { upgrade: `${table('more')}\n${row(1)}\n${row(2)}` }),
          creates('c3', 'b2', {
            // Like a deadlock: the statement fails, and everything before it in the transaction is taken back.
            upgrade: `await knex('a1').where({ id: 1 }).update({ id: 11 })
              await knex('a1').where({ id: 2 }).update({ id: 12 })
              await knex('a1').insert({ id: 3 })`,
          }),
        ])
        await rev.upgrade({ target: 'b2' })
        const script = await scriptOf(rev, { target: 'b2:c3' })
        const knex = db.knex()
        const isWaiting = async (): Promise<boolean> => {
          const [rows] = await knex.raw(
            'select trx_query as query from information_schema.innodb_trx where trx_state = ?',
            ['LOCK WAIT'],
          )
          return rows.some(({ query }: { query: string }) => query.includes('`id` = 12'))
        }
        const other = await knex.transaction()
        let running: ReturnType<typeof mysql> | undefined
        try {
          await other('a1').where({ id: 2 }).update({ id: 22 })
          running = mysql(db, script, client)
          // The server looks again only for those who let it be for a while.
          await expect.poll(isWaiting, { timeout: 5_000, interval: 300 }).toBe(true)
          // The server takes back the one of the two that has done less.
          await other('more').insert(Array.from({ length: 100 }, (_, id) => ({ id: id + 1 })))
          await other('a1').where({ id: 1 }).update({ id: 33 })
          await other.commit()
        } finally {
          if (!other.isCompleted()) await other.rollback()
        }
        const result = await running
        expect(result.stderr).toContain('Deadlock found')
        expect(await rowsOf(db)).toEqual(['b2'])
        expect(await ids()).toEqual([22, 33])
      })

      test('because somebody uses a table for too long gives up, and does nothing after it', async () => {
        await db.empty()
        const rev = openRev(db, [
          creates('a1', null),
          creates('b2', 'a1', { upgrade: `await knex.raw('alter table a1 add n int')\n${table('two')}` }),
        ])
        await rev.upgrade({ target: 'a1' })
        const script = await scriptOf(rev, { target: 'a1:b2' })
        const other = await db.knex().transaction()
        try {
          await other('a1').select()
          const result = await mysql(db, script.replace('lock_wait_timeout = 60', 'lock_wait_timeout = 1'), client)
          expect(result.stderr).toContain('Lock wait timeout exceeded')
        } finally {
          await other.rollback()
        }
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1'])
      })

      test('because its connection is gone does nothing after it', async () => {
        await db.empty()
        const killing = `await knex.raw('kill connection_id()')`
        const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: `${killing}\n${table('two')}` })])
        const result = await mysql(db, await scriptOf(rev), client)
        expect(result.stderr).toContain('Connection was killed')
        expect(await rowsOf(db)).toEqual(['a1'])
        expect(await tablesOf(db)).toEqual(['a1'])
      })
    })

    test('does nothing more in a session that its client has opened again', async () => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: row(1) }), ...later])
      await rev.upgrade({ target: 'b2' })
      const script = await scriptOf(rev, { target: 'b2:e5' })
      // What a terminal sends after it has connected again: nothing of what was set before is there.
      const lost = script.slice(script.indexOf('insert into `a1`'))
      const result = await mysql(db, lost.slice(lost.indexOf('\n') + 1), 'ignores errors')
      expect(result.stdout).toContain(`rev: database "${db.name}" is at b2; the script did NOT get through to e5`)
      expect(await rowsOf(db)).toEqual(['b2'])
      expect(await tablesOf(db)).toEqual(['a1'])
      expect(await db.knex()('a1').pluck('id')).toEqual([1])
    })

    test.each([
      ['the version rows', "UPDATE `rev_version` SET version_num = 'b2'"],
      ['the mark of the step', "DELETE FROM `rev_step` WHERE revision = 'b2'"],
    ])('moves no version row where its client connects again right before %s', async (_, statement) => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: `${table('two')}\n${row(1)}` })])
      await rev.upgrade({ target: 'a1' })
      const script = await scriptOf(rev, { target: 'a1:b2' })
      const again = script.replace(statement, '\\r\n$&')
      expect(again).not.toBe(script)
      await mysql(db, again, 'ignores errors')
      expect(await rowsOf(db)).toEqual(['a1'])
      expect(await db.knex()('a1').pluck('id')).toEqual([])
      expect((await errorOf(rev.upgrade())).code).toBe('REV_JOURNAL_BY_SCRIPT')
    })

    test('is noticed by the next online run, which goes on', async () => {
      await db.empty()
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: BREAKS })])
      expect((await mysql(db, await scriptOf(rev))).code).toBe(1)
      await db.knex().raw('create function missing() returns int deterministic return 1')
      try {
        expect((await rev.upgrade()).rows).toEqual(['b2'])
      } finally {
        await db.knex().raw('drop function missing')
      }
      const ends = await db
        .knex()('rev_event')
        .whereNull('revision')
        .whereNot({ outcome: 'started' })
        .orderBy('started_at')
      expect(ends.map(({ outcome, rows_before, rows_after }) => [outcome, rows_before, rows_after])).toEqual([
        ['interrupted', '', 'a1'],
        ['done', 'a1', 'b2'],
      ])
    })

    test('is refused before the work when the user may not write the version rows', async () => {
      await db.empty()
      const role = 'rev_test_reader'
      const rev = openRev(db, [creates('a1', null), creates('b2', 'a1', { upgrade: table('two') })], {
        config: { ...db.knexConfig(), rev: { project: 'shop' } },
      })
      await rev.upgrade({ target: 'a1' })
      const script = await scriptOf(rev, { target: 'a1:b2' })
      const knex = db.knex()
      const user = `${role}_${db.name.slice(-6)}`
      await knex.raw(`create user ${user}@'%', ${user}@localhost`)
      try {
        for (const host of ["'%'", 'localhost']) {
          await knex.raw(`grant create on ??.* to ${user}@${host}`, [db.name])
          await knex.raw(`grant select on ??.rev_version to ${user}@${host}`, [db.name])
          await knex.raw(`grant select, insert on ??.rev_event to ${user}@${host}`, [db.name])
          await knex.raw(`grant select, insert, delete on ??.rev_step to ${user}@${host}`, [db.name])
          // As for a run: what is recorded of the project is only read.
          await knex.raw(`grant select on ??.rev_meta to ${user}@${host}`, [db.name])
        }
        for (const args of [[], ['--force']]) {
          const result = await startMysql(db, script, [`--user=${user}`, '--skip-password', ...args]).done
          expect(result.stderr).toMatch(/UPDATE command denied to user .* for table .*rev_version/)
          expect(await tablesOf(db)).toEqual(['a1'])
        }
        for (const host of ["'%'", 'localhost']) {
          await knex.raw(`grant update on ??.rev_version to ${user}@${host}`, [db.name])
        }
        const done = await startMysql(db, script, [`--user=${user}`, '--skip-password']).done
        expect(done).toMatchObject({ code: 0, stderr: '' })
        const log = await knex('rev_event').where({ revision: 'b2' }).first()
        expect(log.database_user).toBe(user)
      } finally {
        await knex.raw(`drop user ${user}@'%', ${user}@localhost`)
      }
    })
  },
  { only: ['mysql'] },
)
