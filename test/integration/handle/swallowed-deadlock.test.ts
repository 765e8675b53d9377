import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { creates, errorOf, openRev, rowsOf } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'

const FIRST = `await knex('log').insert({ id: 1 })\nawait knex('aaa').update({ id: 11 }).where({ id: 1 })\ncontext.log('first')`
const DEADLOCK = `knex('aaa').update({ id: 12 }).where({ id: 2 })`
const LAST = `await knex('log').insert({ id: 2 })`
const on = (trx: string, text: string): string => text.replaceAll('knex(', `${trx}(`)

describeEachDialect(
  'a deadlock for which the server has rolled the whole transaction back',
  (db) => {
    beforeEach(async () => {
      await db.empty()
      await openRev(db, [creates('aaa', null), creates('log', 'aaa')]).upgrade()
      await db
        .knex()('aaa')
        .insert([{ id: 1 }, { id: 2 }])
    })

    /** A run of `bbb`, which another session leads into a deadlock once. */
    async function deadlocked(upgrade: string, extra = '') {
      const second = await db.knex().transaction()
      const done: Promise<unknown>[] = []
      onTestFinished(() => Promise.all(done).then(() => undefined))
      // The one that has changed less is chosen to end it.
      await second('aaa').insert(Array.from({ length: 50 }, (_, index) => ({ id: 100 + index })))
      await second('aaa').update({ id: 22 }).where({ id: 2 })
      const bbb = { revision: 'bbb', down: 'log', extra, upgrade }
      return openRev(db, [creates('aaa', null), creates('log', 'aaa'), bbb], {
        reporter(event) {
          if (event.type !== 'log' || done.length > 0) return
          done.push(
            second('aaa')
              .update({ id: 21 })
              .where({ id: 1 })
              .then(() => second.rollback()),
          )
        },
      })
    }

    describe.each([
      ['', ''],
      [', outside of a transaction', 'export const transaction = false'],
    ])('and whose error was caught%s', (_, extra) => {
      const own = (text: string): string => `await knex.transaction(async (trx) => {\n${on('trx', text)}\n})`
      const around = extra === '' ? (text: string): string => text : own

      test.each([
        ['ends the step, which goes on', around(`${FIRST}\nawait ${DEADLOCK}.catch(() => {})\n${LAST}`)],
        ['ends the step, which does nothing more', around(`${FIRST}\nawait ${DEADLOCK}.catch(() => {})`)],
        [
          'ends the step, which caught the error of a nested transaction',
          around(
            `${FIRST}\nawait knex.transaction((inner) => ${on('inner', DEADLOCK)}).catch(() => {})\n${LAST}`,
          ).replaceAll(extra === '' ? '\0' : 'await knex.transaction((inner)', 'await trx.transaction((inner)'),
        ],
      ])('%s', async (_what, upgrade) => {
        const error = await errorOf(
          (await deadlocked(upgrade, `${extra}\nexport const config = { tableLockTimeout: 0 }`)).upgrade(),
        )

        expect(error.code).toBe('REV_STEP_TRANSACTION_ABORTED')
        expect(error.hint).toContain('catch it around the whole transaction')
        expect(error.details).toMatchObject({ outcome: { failed: 'bbb', rolledBack: true, committedStatements: 0 } })
        expect(await rowsOf(db)).toEqual(['log'])
        expect(await db.knex()('log').pluck('id')).toEqual([])
        expect((await db.knex()('aaa').pluck('id')).sort()).toEqual([1, 2])
      })
    })

    test('ends the step, also where a transaction before it has changed the schema', async () => {
      const before = `await knex.transaction((trx) => trx.schema.createTable('made', (table) => { table.increments() }))`
      const caught = on('trx', `${FIRST}\nawait ${DEADLOCK}.catch(() => {})\n${LAST}`)
      const upgrade = `${before}\nawait knex.transaction(async (trx) => {\n${caught}\n})`
      const extra = 'export const transaction = false\nexport const config = { tableLockTimeout: 0 }'

      const error = await errorOf((await deadlocked(upgrade, extra)).upgrade())

      expect(error.code).toBe('REV_STEP_TRANSACTION_ABORTED')
      expect(error.details).toMatchObject({ outcome: { rolledBack: false, kept: [{ number: 1 }] } })
      expect(await rowsOf(db)).toEqual(['log'])
      expect(await db.knex()('log').pluck('id')).toEqual([])
    })

    test.each([
      ['a read', `knex('aaa').where({ id: 2 }).forUpdate()`],
      ['a change', DEADLOCK],
    ])('begun by SQL of the revision is not gone on with behind the back of the revision: %s', async (_, deadlock) => {
      const upgrade = `await knex.raw('begin')\n${FIRST}\nawait ${deadlock}\n${LAST}\nawait knex.raw('commit')`
      const made = await deadlocked(upgrade, 'export const transaction = false')

      const error = await errorOf(made.upgrade())

      expect(error.code).toBe('REV_STEP_FAILED')
      expect(error.message).toContain('Deadlock')
      expect(error.details).toMatchObject({ rolledBack: true, committedStatements: 0 })
      expect(await rowsOf(db)).toEqual(['log'])
      expect(await db.knex()('log').pluck('id')).toEqual([])
      expect((await db.knex()('aaa').pluck('id')).sort()).toEqual([1, 2])
    })

    test('lets a transaction of the revision be tried again by the revision', async () => {
      const attempt = `knex.transaction(async (trx) => {\n${on('trx', `${FIRST}\nawait ${DEADLOCK}\n${LAST}`)}\n})`
      const upgrade = `const attempt = () => ${attempt}\nawait attempt().catch(attempt)`
      const extra = 'export const transaction = false\nexport const config = { tableLockTimeout: 0 }'

      await (await deadlocked(upgrade, extra)).upgrade()

      expect(await rowsOf(db)).toEqual(['bbb'])
      expect((await db.knex()('log').pluck('id')).sort()).toEqual([1, 2])
      expect((await db.knex()('aaa').pluck('id')).sort()).toEqual([11, 12])
      expect(await db.knex()('rev_step')).toEqual([])
    })
  },
  { only: ['mysql'] },
)
