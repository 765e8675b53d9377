import { randomBytes } from 'node:crypto'
import createKnex, { type Knex } from 'knex'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { ADVISORY_CLASS, advisoryKeySql } from '../../../src/database/lock/advisory.ts'
import { lockNameSql } from '../../../src/database/lock/get-lock.ts'
import { takeLock } from '../../../src/database/lock/take-lock.ts'
import { run } from '../../../src/database/run.ts'
import { creates, errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { open } from './open.ts'
import { openUntilEnd } from './open-until-end.ts'
import { upgradeTo } from './run-options.ts'
import { scriptsOf, threeTables } from './scripts.ts'

const ROLE = `rev_test_role_${randomBytes(4).toString('hex')}`
const USER = `rev_test_user_${randomBytes(4).toString('hex')}`
const PASSWORD = 'w/e@ir#d%20'

const as = (db: TestDatabase, user: string): Knex.Config => {
  const { connection, ...config } = db.knexConfig()
  return { ...config, connection: { ...Object(connection), user, password: PASSWORD } }
}

const rawAll = async (db: TestDatabase, statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await db.knex().raw(statement)
}

describeEachDialect(
  'roles and privileges',
  (db) => {
    const isPg = db.dialect === 'postgresql'

    beforeAll(() =>
      rawAll(
        db,
        isPg
          ? [
              `create role ${ROLE}`,
              `grant create, usage on schema public to ${ROLE}`,
              `create role ${USER} login password '${PASSWORD}'`,
              `grant usage on schema public to ${USER}`,
            ]
          : [
              `create role ${ROLE}`,
              `grant all on ${db.name}.* to ${ROLE}`,
              `grant ${ROLE} to current_user()`,
              `create user ${USER} identified by '${PASSWORD}'`,
              `grant select, create on ${db.name}.* to ${USER}`,
            ],
      ),
    )
    afterAll(() =>
      rawAll(
        db,
        isPg
          ? [`drop owned by ${ROLE}, ${USER}`, `drop role ${ROLE}, ${USER}`]
          : [`drop role ${ROLE}`, `drop user ${USER}`],
      ),
    )

    const currentRole = async (knex: Knex): Promise<unknown> => {
      const answer = await knex.raw(isPg ? 'select current_user as role' : 'select current_role() as role')
      return (isPg ? answer.rows : answer[0])[0].role
    }

    test('the role of the settings does the work, and goes no further than the run', async () => {
      const seen: unknown[] = []
      const knex = createKnex({ ...db.knexConfig(), pool: { min: 1, max: 1 } })
      onTestFinished(() => knex.destroy())
      const before = await currentRole(knex)
      const scripts = scriptsOf([
        {
          revision: 'a',
          upgrade: async (trx) => {
            seen.push(await currentRole(trx))
          },
        },
      ])

      await open(db, (database) => run(database, upgradeTo(scripts)), { knex, rev: { role: ROLE } })

      expect(seen).toEqual([ROLE])
      expect(await currentRole(knex)).toEqual(before)
      await db.empty()
      if (isPg)
        await rawAll(db, [`grant create, usage on schema public to ${ROLE}`, `grant usage on schema public to ${USER}`])
    })

    test('a missing privilege is told before the first step, with its remedy', async () => {
      await open(db, (database) => database.ensureVersionTable())
      await db.knex().raw(isPg ? `grant select on rev_version to ${USER}` : 'do 0')

      const failing = open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), {
        knexConfig: as(db, USER),
      })

      await expect(failing).rejects.toMatchObject({
        code: 'REV_DATABASE_QUERY_FAILED',
        details: { sql: expect.stringContaining('rev_version') },
        hint: expect.stringContaining('privilege'),
      })
      expect(await db.tables()).toEqual(['rev_version'])
    })

    test('tables of rev that the user may not see are never taken for missing ones', async () => {
      await openRev(db, [creates('aaaa1111', null)]).upgrade()
      const hidden = `${USER}_2`
      await rawAll(
        db,
        isPg
          ? [`create role ${hidden} login password '${PASSWORD}'`, `grant usage on schema public to ${hidden}`]
          : [`create user ${hidden} identified by '${PASSWORD}'`, `grant select on ${db.name}.aaaa1111 to ${hidden}`],
      )
      try {
        const before = await db.dump()
        const project = openRev(db, [creates('aaaa1111', null)], { config: as(db, hidden) })
        for (const work of [
          () => project.current(),
          () => project.status(),
          () => project.log(),
          () => project.check({ database: true }),
          () => project.doctor(),
          () => project.sql({ direction: 'upgrade', target: 'current:head', write: () => {} }),
          () => project.upgrade(),
        ]) {
          expect(await errorOf(work())).toMatchObject({
            code: 'REV_DATABASE_QUERY_FAILED',
            details: { sql: expect.stringMatching(/rev_(?:version|event)/) },
            hint: expect.stringContaining('privilege'),
          })
        }
        expect(await db.dump()).toBe(before)
      } finally {
        await db.knex().raw(isPg ? `drop owned by ${hidden}` : 'do 0')
        await db.knex().raw(isPg ? `drop role ${hidden}` : `drop user ${hidden}`)
        await db.empty()
        if (isPg)
          await rawAll(db, [
            `grant create, usage on schema public to ${ROLE}`,
            `grant usage on schema public to ${USER}`,
          ])
      }
    })

    test('a wrong password is told without it', async () => {
      const wrong = { ...as(db, USER) }
      Object.assign(Object(wrong.connection), { password: `${PASSWORD}wrong` })

      const error = await open(db, (database) => database.readRows(), { knexConfig: wrong }).catch((failure) => failure)

      // A server that trusts everybody lets anybody in.
      if (Array.isArray(error.rows)) return
      expect(error).toMatchObject({ code: 'REV_DATABASE_CONNECT_FAILED', details: { user: USER } })
      expect(JSON.stringify([error.message, error.stack, error.details])).not.toContain(PASSWORD)
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'the key of the lock',
  (db) => {
    test('is the same for a script that computes it on the server', async () => {
      const database = await openUntilEnd(db)
      const lock = await takeLock(database, { timeoutMs: 0 })
      const sql =
        db.dialect === 'postgresql'
          ? `select pg_try_advisory_lock(${ADVISORY_CLASS}, ${advisoryKeySql('current_schema()', "'rev_version'")})::int as taken`
          : `select get_lock(${lockNameSql('database()', "'rev_version'")}, 0) as taken`
      const ask = async (): Promise<unknown> => {
        const answer = await db.knex().raw(sql)
        return (answer.rows ?? answer[0])[0].taken
      }

      expect(await ask()).toBe(0)
      await lock.release()
      expect(await ask()).toBe(1)
    })
  },
  { only: ['postgresql', 'mysql'] },
)

describeEachDialect(
  'a server that takes no writes',
  (db) => {
    describe('is refused before anything is tried', () => {
      test('when the session is read-only', async () => {
        const { connection, ...config } = db.knexConfig()
        const knexConfig = {
          ...config,
          connection: { ...Object(connection), options: '-c default_transaction_read_only=on' },
        }

        const failing = open(db, (database) => run(database, upgradeTo(scriptsOf(threeTables()))), { knexConfig })

        await expect(failing).rejects.toMatchObject({ code: 'REV_DATABASE_READ_ONLY' })
        expect(await db.tables()).toEqual([])
      })
    })
  },
  { only: ['postgresql'] },
)
