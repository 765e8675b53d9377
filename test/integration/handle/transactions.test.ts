import { beforeEach, describe, expect, it } from 'vitest'
import { dialectOf } from '../../../src/database/dialect.ts'
import { withOuterTransaction } from '../../../src/database/handle/outer-transaction.ts'
import { pin } from '../../../src/database/pin.ts'
import { createRedactor } from '../../../src/database/redactor.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { revError, revisionFile, runHandle, runOn, stepFailure, type Work } from './run-handle.ts'

describeEachDialect('the transaction of a step', (db) => {
  beforeEach(async () => {
    await db.empty()
    await db.knex().schema.createTable('applied', (t) => t.string('revision', 32))
    await db.knex().schema.createTable('item', (t) => {
      t.integer('id').primary()
      t.string('name')
    })
  })

  const applied = async () => (await db.knex()('applied')).length
  const ids = async () => (await db.knex()('item').orderBy('id')).map((row: { id: number }) => row.id)

  it('commits the work and the version rows together', async () => {
    const ran = await runHandle(db, async (knex) => {
      expect(knex.isTransaction).toBe(true)
      await knex('item').insert({ id: 1 })
    })

    expect(ran.error).toBeUndefined()
    expect(ran.facts).toEqual({ statements: 1, implicitCommit: false, committedStatements: 0 })
    expect(ran.statements).toMatchObject([{ bindings: 1 }])
    expect(ran.statements[0]?.sql).toMatch(/^insert into .item. \(.id.\) values \((\?|\$1)\)$/)
    expect(await ids()).toEqual([1])
    expect(await applied()).toBe(1)
  })

  it('rolls both back when the version rows cannot be written', async () => {
    const ran = await runHandle(db, (knex) => knex('item').insert({ id: 1 }), {
      inside: async (connection) => {
        await connection.query("insert into applied (revision) values ('a1')")
        throw new Error('no')
      },
    })

    expect(ran.error).toMatchObject({ message: 'no' })
    expect(await ids()).toEqual([])
    expect(await applied()).toBe(0)
  })

  it('tells file, line, statement and position of a statement that failed', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex('item').insert({ id: 1, name: 'geheim' })
  await helper(knex)
}
async function helper(knex) {
  await knex.raw('select * from item whre id = 1')
}
`)
    const ran = await runHandle(db, upgrade, { file })

    const facts = stepFailure(ran)
    expect(facts).toMatchObject({
      statement: 'select * from item whre id = 1',
      file,
      line: line('await knex.raw'),
      statements: 1,
      committedStatements: 0,
      rolledBack: true,
    })
    expect(facts.position).toBe(db.dialect === 'postgresql' ? 25 : db.dialect === 'mysql' ? 25 : 25)
    expect(facts.driverMessage).not.toContain('select *')
    expect(await ids()).toEqual([])
  })

  it('never shows values', async () => {
    const ran = await runHandle(db, async (knex) => {
      await knex('item').insert({ id: 4711, name: 'geheim' })
      await knex('item').insert({ id: 4711, name: 'geheim' })
    })

    const facts = stepFailure(ran)
    expect(JSON.stringify(facts)).not.toMatch(/geheim|4711/)
    expect(String((ran.error as Error).cause)).not.toMatch(/geheim/)
    expect(JSON.stringify(ran.statements)).not.toMatch(/geheim|4711/)
    expect(ran.statements).toHaveLength(2)
    expect(ran.statements[1]?.error).toBeDefined()
  })

  it('tells the line of an error that the function throws itself, and finds a statement in its causes', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  try {
    await knex.raw('nonsense')
  } catch (cause) {
    throw new Error('the import failed', { cause })
  }
}
export async function other() {
  throw new TypeError('thrown')
}
`)
    const wrapped = stepFailure(await runHandle(db, upgrade, { file }))
    expect(wrapped).toMatchObject({ statement: 'nonsense', line: line("knex.raw('nonsense')") })
    expect(wrapped.driverMessage).toMatch(/^the import failed: ./)

    const own = stepFailure(
      await runHandle(db, () => {
        throw new TypeError('thrown')
      }),
    )
    expect(own).toMatchObject({ statement: undefined, driverMessage: 'thrown', statements: 0, rolledBack: true })
    expect(own.file).toMatch(/transactions\.test\.ts$/)
  })

  it('lets nested transactions run one after the other, kept or undone', async () => {
    const ran = await runHandle(db, async (knex) => {
      await knex.transaction(async (trx: typeof knex) => {
        await trx('item').insert({ id: 1 })
        await trx.transaction((inner: typeof knex) => inner('item').insert({ id: 2 }))
      })
      await knex
        .transaction(async (trx: typeof knex) => {
          await trx('item').insert({ id: 3 })
          throw new Error('undo')
        })
        .catch(() => {})
      const trx = await knex.transaction()
      await trx('item').insert({ id: 4 })
      await trx.commit()
      await Promise.all([
        knex.transaction((one: typeof knex) => one('item').insert({ id: 5 })),
        knex.transaction((two: typeof knex) => two('item').insert({ id: 6 })),
      ])
      await knex('item').insert({ id: 7 })
    })

    expect(ran.error).toBeUndefined()
    expect(await ids()).toEqual([1, 2, 4, 5, 6, 7])
    expect(await applied()).toBe(1)
  })

  it('refuses a query on the outer handle while a transaction is open on it', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex.transaction(async (trx) => {
    await trx('item').insert({ id: 1 })
    await knex('item').insert({ id: 2 })
  })
}
`)
    const ran = await runHandle(db, upgrade, { file })

    const { details } = revError(ran, 'REV_STEP_CONCURRENT_TRANSACTION')
    expect(details).toMatchObject({ revision: 'a1', file, line: line("knex('item').insert({ id: 2 })") })
    expect(await ids()).toEqual([])
    expect(await applied()).toBe(0)
  })

  it('fails also when the refusal was caught', async () => {
    const ran = await runHandle(db, async (knex) => {
      await knex.transaction(async (trx: typeof knex) => {
        await knex('item')
          .insert({ id: 2 })
          .catch(() => {})
        await trx('item').insert({ id: 1 })
      })
    })

    revError(ran, 'REV_STEP_CONCURRENT_TRANSACTION')
    expect(await ids()).toEqual([])
  })

  it('refuses two transactions at once without an outer one', async () => {
    const ran = await runHandle(
      db,
      (knex) =>
        Promise.all(
          [1, 2].map((id) =>
            knex.transaction(async (trx: typeof knex) => {
              await trx('item').insert({ id })
            }),
          ),
        ),
      { transaction: false },
    )

    revError(ran, 'REV_STEP_CONCURRENT_TRANSACTION')
    expect(await applied()).toBe(0)
  })

  it('lets statements of one handle run at once', async () => {
    const ran = await runHandle(db, (knex) => Promise.all([1, 2, 3, 4].map((id) => knex('item').insert({ id }))))

    expect(ran.error).toBeUndefined()
    expect(await ids()).toEqual([1, 2, 3, 4])
  })

  it('waits for the other statements when one of several fails', async () => {
    const ran = await runHandle(db, (knex) =>
      Promise.all([knex.raw('nonsense'), ...[1, 2, 3, 4].map((id) => knex('item').insert({ id }))]),
    )

    expect(stepFailure(ran).statement).toBe('nonsense')
    expect(await ids()).toEqual([])
  })

  it.each([
    ['trx.commit()', (knex) => knex.commit()],
    ['trx.rollback()', (knex) => knex.rollback(new Error('x')).catch(() => {})],
    ['COMMIT', (knex) => knex.raw('commit')],
    ['ROLLBACK with a comment before it', (knex) => knex.raw('/* now */ ROLLBACK;')],
    ['BEGIN', (knex) => knex.raw('begin').catch(() => {})],
  ] as [string, Work][])('refuses %s', async (_, end) => {
    const ran = await runHandle(db, async (knex) => {
      await knex('item').insert({ id: 1 })
      await end(knex)
    })

    revError(ran, 'REV_STEP_TRANSACTION_ENDED')
    expect(await ids()).toEqual([])
    expect(await applied()).toBe(0)
  })

  it('refuses destroy() and stays usable for the run', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex('item').insert({ id: 1 })
  await knex.destroy()
}
`)
    let rows: unknown
    const ran = await runHandle(db, upgrade, {
      file,
      after: async (connection) => {
        rows = (await connection.query('select 1 as one')).rows
      },
    })

    expect(revError(ran, 'REV_STEP_DESTROYED_HANDLE').details).toMatchObject({ file, line: line('knex.destroy') })
    expect(rows).toMatchObject([{}])
    expect(await ids()).toEqual([])
  })

  it('gives the connection itself to a revision without a transaction, and its rows a transaction of their own', async () => {
    const failed = await runHandle(
      db,
      async (knex) => {
        expect(knex.isTransaction).toBeFalsy()
        await knex('item').insert({ id: 1 })
        await knex.transaction((trx: typeof knex) => trx('item').insert({ id: 2 }))
        await knex.raw('nonsense')
      },
      { transaction: false },
    )
    expect(stepFailure(failed)).toMatchObject({ statements: 2, committedStatements: 2, rolledBack: false })

    const ran = await runHandle(db, (knex) => knex('item').insert({ id: 3 }), {
      transaction: false,
      inside: async (connection) => {
        await connection.query("insert into applied (revision) values ('a1')")
        throw new Error('no')
      },
    })
    expect(ran.error).toMatchObject({ message: 'no' })
    expect(await ids()).toEqual([1, 2, 3])
    expect(await applied()).toBe(0)
  })

  it('rolls back what a revision without a transaction left open', async () => {
    const ran = await runHandle(
      db,
      async (knex) => {
        await knex.raw('begin')
        await knex('item').insert({ id: 1 })
      },
      { transaction: false },
    )

    revError(ran, 'REV_STEP_TRANSACTION_LEFT_OPEN')
    expect(await ids()).toEqual([])

    const ended = await runHandle(
      db,
      async (knex) => {
        await knex.raw('begin')
        await knex('item').insert({ id: 2 })
        await knex.raw('commit')
      },
      { transaction: false },
    )
    expect(ended.error).toBeUndefined()
    expect(await ids()).toEqual([2])
  })

  it('stops before the next statement when the run is interrupted', async () => {
    const stop = new AbortController()
    const ran = await runHandle(
      db,
      async (knex) => {
        await knex('item').insert({ id: 1 })
        stop.abort('SIGINT')
        await knex('item').insert({ id: 2 })
      },
      { signal: stop.signal },
    )

    expect(revError(ran, 'REV_INTERRUPTED').details.signal).toBe('SIGINT')
    expect(await ids()).toEqual([])
  })

  it('does not wait for ever for a function that never resolves', async () => {
    const stop = new AbortController()
    setTimeout(() => stop.abort('SIGTERM'), 20)
    const ran = await runHandle(db, () => new Promise(() => {}), { signal: stop.signal })

    revError(ran, 'REV_TERMINATED')
    expect(await applied()).toBe(0)
  })

  it('passes the queries on to whoever listens to the instance or the handle', async () => {
    const heard: string[] = []
    const ran = await runHandle(
      db,
      async (knex) => {
        knex.on('query', ({ sql }: { sql: string }) => heard.push(`handle ${sql}`))
        await knex.raw('select 1')
      },
      { prepare: async (_, knex) => knex.on('query', ({ sql }) => heard.push(`instance ${sql}`)) },
    )

    expect(ran.error).toBeUndefined()
    expect(heard).toContain('handle select 1')
    expect(heard).toContain('instance select 1')
  })

  it('keeps the mappers of the project', async () => {
    let row: unknown
    const ran = await runHandle(
      db,
      async (knex) => {
        await knex('ITEM').insert({ ID: 1, NAME: 'x' })
        row = await knex.transaction((trx: typeof knex) => trx('ITEM').first())
        await knex.schema.alterTable('ITEM', (t: { integer(name: string): void }) => t.integer('SIZE'))
      },
      {
        config: {
          wrapIdentifier: (value, wrap) => wrap(value.toLowerCase()),
          postProcessResponse: (result) =>
            result?.id === undefined ? result : { mapped: true, ID: result.id, NAME: result.name },
        },
      },
    )

    expect(ran.error).toBeUndefined()
    expect(row).toEqual({ mapped: true, ID: 1, NAME: 'x' })
    expect(await db.knex().schema.hasColumn('item', 'size')).toBe(true)
  })

  if (db.dialect !== 'mysql') {
    it('makes the steps of a single transaction savepoints of it', async () => {
      await runHandle(db, () => {}, {
        inside: async () => {},
        after: async (connection) => {
          const outer = withOuterTransaction(connection, async () => {
            expect((await runOn(connection, (knex) => knex('item').insert({ id: 1 }))).error).toBeUndefined()
            const failed = await runOn(connection, async (knex) => {
              await knex('item').insert({ id: 2 })
              await knex.raw('nonsense')
            })
            stepFailure(failed)
            expect((await runOn(connection, (knex) => knex('item').insert({ id: 3 }))).error).toBeUndefined()
            if ((await applied()) > 0) throw new Error('seen from outside')
          })
          await outer
        },
      })

      expect(await ids()).toEqual([1, 3])
      expect(await applied()).toBe(2)
    })

    it('leaves nothing of a single transaction that fails', async () => {
      await runHandle(db, () => {}, {
        inside: async () => {},
        after: async (connection) => {
          const outer = withOuterTransaction(connection, async () => {
            await runOn(connection, (knex) => knex('item').insert({ id: 1 }))
            throw new Error('stop')
          })
          await expect(outer).rejects.toThrow('stop')
        },
      })

      expect(await ids()).toEqual([])
      expect(await applied()).toBe(0)
    })
  }

  if (db.dialect !== 'mysql') {
    it("works inside a caller's transaction, which stays the caller's", async () => {
      const outer = db.knex().transaction(async (trx) => {
        const heard: string[] = []
        trx.on('query', ({ sql }) => heard.push(sql))
        const connection = pin({
          dialect: dialectOf(String(db.knexConfig().client)),
          client: trx.client,
          raw: await trx.client.acquireConnection(),
          joined: true,
          redactor: createRedactor(),
          database: db.name,
        })
        const failed = await runOn(connection, async (knex) => {
          await knex('item').insert({ id: 1 })
          await knex.raw('nonsense')
        })
        expect(stepFailure(failed).rolledBack).toBe(true)
        expect((await runOn(connection, (knex) => knex('item').insert({ id: 2 }))).error).toBeUndefined()
        const without = await runOn(connection, (knex) => knex('item').insert({ id: 3 }), { transaction: false })
        expect(without.error).toBeUndefined()
        await trx('item').insert({ id: 4 })
        expect(heard.filter((sql) => /^insert into .item/.test(sql))).toHaveLength(4)
        throw new Error('the caller rolls back')
      })
      await expect(outer).rejects.toThrow('the caller rolls back')

      expect(await ids()).toEqual([])
      expect(await applied()).toBe(0)
    })
  }

  describe.runIf(db.dialect === 'postgresql')('on PostgreSQL', () => {
    it('notices a failed statement whose error was caught', async () => {
      const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex('item').insert({ id: 1 })
  try {
    await knex.raw('select * from missing')
  } catch {}
}
`)
      const ran = await runHandle(db, upgrade, { file })

      expect(revError(ran, 'REV_STEP_TRANSACTION_ABORTED').details).toMatchObject({
        file,
        line: line('await knex.raw'),
        statement: 'select * from missing',
      })
      expect(await ids()).toEqual([])
      expect(await applied()).toBe(0)
    })

    it('accepts one that failed in a transaction of its own', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex.transaction((trx: typeof knex) => trx.raw('select * from missing')).catch(() => {})
        await knex('item').insert({ id: 1 })
      })

      expect(ran.error).toBeUndefined()
      expect(await ids()).toEqual([1])
    })

    it.each(['insert into item (id) values (1); commit', 'insert into item (id) values (1); commit; begin'])(
      'notices the end of the transaction inside "%s"',
      async (sql) => {
        const ran = await runHandle(db, (knex) => knex.raw(sql))

        revError(ran, 'REV_STEP_TRANSACTION_ENDED')
        expect(await applied()).toBe(0)
      },
    )

    it('accepts the body of a function', async () => {
      const ran = await runHandle(db, (knex) =>
        knex.raw('create function one() returns int language plpgsql as $$ begin return 1; end $$'),
      )

      expect(ran.error).toBeUndefined()
      expect(await applied()).toBe(1)
    })

    it('cancels the running statement when the run is interrupted', async () => {
      const stop = new AbortController()
      setTimeout(() => stop.abort('SIGINT'), 50)
      const started = Date.now()
      const ran = await runHandle(db, (knex) => knex.raw('select pg_sleep(20)'), { signal: stop.signal })

      revError(ran, 'REV_INTERRUPTED')
      expect(Date.now() - started).toBeLessThan(10_000)
    })

    it('reports a constraint that fails at COMMIT', async () => {
      await db.knex().raw('alter table item add constraint self unique (name) deferrable initially deferred')
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert([
          { id: 1, name: 'x' },
          { id: 2, name: 'x' },
        ])
      })

      expect(stepFailure(ran)).toMatchObject({ statement: 'COMMIT', rolledBack: true })
      expect(await applied()).toBe(0)
    })
  })

  describe.runIf(db.dialect === 'mysql')('on MariaDB/MySQL', () => {
    it('says what was committed when DDL ended the transaction', async () => {
      const ran = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
        await knex('item').insert({ id: 2 })
      })

      expect(ran.error).toBeUndefined()
      expect(ran.facts).toEqual({ statements: 3, implicitCommit: true, committedStatements: 3 })
      expect(await applied()).toBe(1)
    })

    it('keeps the version rows together after an implicit commit', async () => {
      const ran = await runHandle(
        db,
        (knex) => knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id')),
        {
          inside: async (connection) => {
            await connection.query("insert into applied (revision) values ('a1')")
            throw new Error('no')
          },
        },
      )

      expect(ran.error).toMatchObject({ message: 'no' })
      expect(await applied()).toBe(0)
    })

    it('counts what DDL committed before a failure, also when the DDL itself failed', async () => {
      const later = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 1 })
        await knex.schema.createTable('other', (t: { integer(name: string): void }) => t.integer('id'))
        await knex.raw('nonsense')
      })
      expect(stepFailure(later)).toMatchObject({ statements: 2, committedStatements: 2, rolledBack: false })

      const itself = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 2 })
        await knex.schema.dropTable('missing')
      })
      expect(stepFailure(itself)).toMatchObject({ committedStatements: 1, rolledBack: false })
      expect(await ids()).toEqual([1, 2])

      const rows = await runHandle(db, async (knex) => {
        await knex('item').insert({ id: 3 })
        await knex.raw('nonsense')
      })
      expect(stepFailure(rows)).toMatchObject({ statements: 1, committedStatements: 0, rolledBack: true })
      expect(await ids()).toEqual([1, 2])
    })
  })
})
