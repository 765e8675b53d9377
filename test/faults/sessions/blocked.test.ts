import { expect, test } from 'vitest'
import { type DialectName, describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { useField } from '../use-field.ts'

/**
 * A statement that commits by itself, that somebody else's transaction holds up, and how the server says so. On PostgreSQL the
 * next run may wait in what takes the unfinished index away.
 */
const BLOCKED: Readonly<Record<Exclude<DialectName, 'sqlite'>, { statement: string; isWaiting: string }>> = {
  postgresql: {
    statement: 'create index concurrently blocked_w on blocked (w)',
    isWaiting: `select pid from pg_stat_activity where wait_event_type = 'Lock' and lower(query) like '%index concurrently%blocked_w%'`,
  },
  mysql: {
    statement: 'alter table blocked add column c int not null default 0, algorithm = copy',
    isWaiting: `select id from information_schema.processlist where state like 'Waiting for table metadata lock%' and info like 'alter table blocked%'`,
  },
}

const LEDGER = `
  await knex.schema.createTable('ledger', (table) => { table.integer('part') })
  await knex.schema.createTable('blocked', (table) => { table.integer('w') })`

describeEachDialect(
  'a statement that waits for a transaction of somebody else',
  (db) => {
    const field = useField(db)
    const { statement, isWaiting } = BLOCKED[db.dialect === 'mysql' ? 'mysql' : 'postgresql']

    test('and whose process is killed is done once by the next run', async () => {
      field.project.revision({ revision: 'aaa', upgrade: LEDGER })
      field.project.revision({
        revision: 'bbb',
        down: 'aaa',
        extra: 'export const transaction = false',
        upgrade: `
          await knex('ledger').insert({ part: 1 })
          await knex.raw('${statement}')
          await knex('ledger').insert({ part: 2 })`,
      })
      await field.rev(['upgrade', 'aaa'])

      // PostgreSQL and MariaDB notice sooner or later that nobody listens any more: until then the next run waits for the
      // lock, and from then on its own statement waits for this transaction.
      const next = await db.knex().transaction(async (trx) => {
        await trx('blocked').insert({ w: 1 })
        const run = field.start(['upgrade', 'head'])
        await expect.poll(() => rowsOf(db, isWaiting), { timeout: 30_000 }).toHaveLength(1)
        const before = await rowsOf(db, isWaiting)
        run.process.kill('SIGKILL')
        await run.done
        const waiting = field.start(['upgrade', 'head', '--wait'])
        let isLocked = false
        waiting.saw(/waiting for the lock/).then(
          () => {
            isLocked = true
          },
          () => {},
        )
        const isHeldUp = async () => isLocked || !isSubset(await rowsOf(db, isWaiting), before)
        await expect.poll(isHeldUp, { timeout: 30_000 }).toBe(true)
        return { done: waiting.done }
      })
      const { code, stderr } = await next.done

      expect(code, stderr).toBe(0)
      expect(await field.rows()).toEqual(['bbb'])
      expect(await db.knex()('ledger').orderBy('part').pluck('part')).toEqual([1, 2])
      const state =
        db.dialect === 'postgresql'
          ? `select 1 from pg_index where indexrelid = 'blocked_w'::regclass and indisvalid`
          : `select 1 from information_schema.columns where table_schema = database() and table_name = 'blocked' and column_name = 'c'`
      expect(await rowsOf(db, state)).toHaveLength(1)
      await field.settle()
      expect(await field.leftovers()).toEqual([])
    })
  },
  { only: ['postgresql', 'mysql'] },
)

const isSubset = (rows: readonly unknown[], of: readonly unknown[]): boolean => {
  const known = of.map((row) => JSON.stringify(row))
  return rows.every((row) => known.includes(JSON.stringify(row)))
}

async function rowsOf(db: TestDatabase, sql: string): Promise<unknown[]> {
  const answer = await db.knex().raw(sql)
  return db.dialect === 'postgresql' ? answer.rows : answer[0]
}
