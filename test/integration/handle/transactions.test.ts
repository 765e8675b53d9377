import { expect, it } from 'vitest'
import { dialectOf } from '../../../src/database/dialect.ts'
import { withOuterTransaction } from '../../../src/database/handle/outer-transaction.ts'
import { pin } from '../../../src/database/pin.ts'
import { createRedactor } from '../../../src/database/redactor.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { revError, revisionFile, runHandle, runOn, stepFailure, type Work } from './run-handle.ts'

describeEachDialect('the transaction of a step', (db) => {
  const { applied, ids } = itemTables(db)

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
})
