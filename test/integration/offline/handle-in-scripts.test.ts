import createKnex, { type Knex } from 'knex'
import { beforeEach, expect, test } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { type Operation, runOnline, scriptOf, type Work } from './history.ts'

// A script has a transaction of its own making, and its handle has to be like Knex's in every way that a revision can see.

/** What can be seen of a handle, of any kind. */
type Seen = Record<string, unknown>

const TABLE: Work = (knex) => knex.schema.createTable('t', (table) => void table.integer('n'))

async function look(knex: Knex): Promise<Seen> {
  const trx = knex as Knex.Transaction
  const names: string[] = []
  for (const name in trx) names.push(name)
  const seen: Seen = {
    type: typeof trx,
    names: names.filter((name) => !name.startsWith('_')).sort(),
    isTransaction: trx.isTransaction,
    isCompleted: trx.isCompleted(),
    userParams: trx.userParams,
    transacting: trx.client.transacting,
    executionPromise: trx.executionPromise instanceof Promise,
    table: String(trx('t').where({ n: 1 })),
    options: String(trx('t', { only: true })),
    alias: String(trx({ a: 't' }).select('a.n')),
    method: String(trx.select('n').from('t')),
    builder: String(trx.queryBuilder().from('t')),
    piece: String(trx.raw('?? = ?', ['n', 1])),
    reference: String(trx.ref('t.n').as('m')),
    now: String(trx.fn.now()),
    parentOfItself: trx.parentTransaction,
  }
  try {
    trx.withUserParams({ a: 1 })
  } catch (error) {
    seen.withUserParams = error instanceof Error
  }
  return seen
}

/** What is told of each statement. A script has no placeholders that are numbered, and no connection to tell of. */
function listen(knex: Knex): string[] {
  const heard: string[] = []
  knex.on('start', () => heard.push('start'))
  knex.on('query-response', (_response: unknown, { sql }: { sql: string }) => heard.push(sql.replaceAll(/\$\d/g, '?')))
  return heard
}

describeEachDialect('the handle of a revision in a script', (db) => {
  beforeEach(() => db.empty())

  /** What the function gives, in a run and in a script. */
  async function both<T>(work: (knex: Knex) => Promise<T>): Promise<{ run: T; script: T }> {
    const results: T[] = []
    const line: Operation[] = [
      { title: 'the table', upgrade: TABLE },
      { title: 'the work', upgrade: async (knex) => void results.push(await work(knex)) },
    ]
    await runOnline(db, line)
    await scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })
    const [run, script] = results as [T, T]
    expect(results).toHaveLength(2)
    return { run, script }
  }

  test('looks as it does in a run', async () => {
    const { run, script } = await both(look)

    expect(run).toMatchObject({ type: 'function', isTransaction: true, isCompleted: false, withUserParams: true })
    expect(script).toEqual(run)
  })

  test('tells whoever listens what a run tells', async () => {
    const { run, script } = await both(async (knex) => {
      const heard = listen(knex)
      await knex('t').insert({ n: 1 })
      await knex.raw('delete from t where n = ?', [1])
      return heard
    })

    expect(run).toHaveLength(4)
    expect(script).toEqual(run)
  })

  test('begins transactions in each way that a run knows, and these are children of it', async () => {
    const { run, script } = await both(async (knex) => {
      const seen: unknown[] = []
      const note = async (trx: Knex.Transaction): Promise<void> => {
        seen.push([trx.isTransaction, trx.isCompleted(), trx.parentTransaction === knex, trx.client.transacting])
        await trx('t').insert({ n: seen.length })
      }
      await knex.transaction(note)
      await (knex as Knex.Transaction).savepoint(note)
      const byHand = await knex.transaction()
      await note(byHand)
      await byHand.commit()
      seen.push(byHand.isCompleted())
      const provided = await knex.transactionProvider()()
      await note(provided)
      await provided.rollback()
      seen.push(await provided.executionPromise.then(() => 'given up', String))
      seen.push(await knex.transaction((trx) => trx.rollback(), { doNotRejectOnRollback: false }).catch(String))
      await Promise.all([knex.transaction(note), knex.transaction(note)])
      return seen
    })

    expect(run).toContainEqual([true, false, true, true])
    expect(script).toEqual(run)
  })

  test('has methods of its own, which libraries look for and copy', async () => {
    const { run, script } = await both(async (knex) => {
      const copy = Object.assign((table: string) => knex(table), knex, { queryBuilder: () => knex.queryBuilder() })
      // As plain JavaScript may do it.
      const Constructor = knex as unknown as new (table: string) => Knex.QueryBuilder
      const constructed = new Constructor('t')
      return {
        name: knex.name,
        keys: Object.keys(knex)
          .filter((name) => !name.startsWith('_'))
          .sort(),
        isOwn: Object.hasOwn(knex, 'insert'),
        copied: String(copy.select('n').from('t')),
        constructed: String(constructed),
      }
    })

    expect(run).toMatchObject({ name: 'knex', isOwn: true })
    expect(script).toEqual(run)
  })

  test('has the methods that a revision has given to all builders', async () => {
    const name = `add_${db.dialect}`
    const extended = (knex: Knex): Record<string, (n: number) => Promise<unknown>> => knex as never
    const line: Operation[] = [
      { title: 'the table', upgrade: TABLE },
      {
        title: 'extends Knex',
        upgrade: (knex) => {
          createKnex.QueryBuilder.extend(name, function (this: Knex.QueryBuilder, n: number) {
            return this.from('t').insert({ n })
          })
          return knex('t').insert({ n: 1 })
        },
      },
      { title: 'uses it', upgrade: (knex) => extended(knex)[name]?.(2) },
    ]
    const script = await scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })
    expect(script.match(/^insert into .t. \(.n.\)/gm)).toHaveLength(2)
  })

  test('takes null for no settings of a transaction', async () => {
    const { run, script } = await both(async (knex) => {
      const insert = (trx: Knex.Transaction) => trx('t').insert({ n: 1 })
      await knex.transaction(insert, null as never)
      await (knex as Knex.Transaction & { savepoint(...all: unknown[]): unknown }).savepoint(insert, null)
      return 'through'
    })

    expect([run, script]).toEqual(['through', 'through'])
  })

  test('sends nothing over another connection', async () => {
    const statement = (knex: Knex): Knex.QueryBuilder => knex('t').insert({ n: 77 }).connection({ foreign: 1 })
    const { run, script } = await both((knex) =>
      statement(knex).then(String, (error: unknown) => error instanceof Error),
    )
    expect([run, script]).toEqual([true, true])

    const line: Operation[] = [
      { title: 'the table', upgrade: TABLE },
      { title: 'elsewhere', upgrade: (knex) => statement(knex).catch(() => {}), transaction: false },
    ]
    await expect(scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })).rejects.toMatchObject(
      { code: 'REV_OFFLINE_STATEMENT' },
    )
  })

  test('ends nothing any more when it has ended', async () => {
    const handles: Knex.Transaction[] = []
    const line: Operation[] = [
      { title: 'the table', upgrade: TABLE },
      { title: 'is kept', upgrade: (knex) => void handles.push(knex as Knex.Transaction) },
      {
        title: 'ends it',
        upgrade: async (knex) => {
          for (const handle of handles) await Promise.all([handle.commit(), handle.rollback()])
          await knex('t').insert({ n: 1 })
        },
      },
    ]
    await runOnline(db, line)
    expect(await db.knex()('t')).toEqual([{ n: 1 }])
    handles.length = 0

    expect(await scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })).toContain(
      'insert into',
    )
  })

  test('is one of its own for each revision, and ends with it', async () => {
    const handles: Knex.Transaction[] = []
    const heard: string[][] = []
    const keep: Work = async (knex) => {
      Object.assign(knex, { mine: handles.length })
      handles.push(knex as Knex.Transaction)
      heard.push(listen(knex))
      await knex('t').insert({ n: handles.length })
    }
    const line: Operation[] = [
      { title: 'the table', upgrade: TABLE },
      { title: 'one', upgrade: keep },
      { title: 'two', upgrade: keep },
      { title: 'neither', upgrade: (knex) => void handles.push(knex as Knex.Transaction) },
    ]
    await scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })

    expect(heard.map(({ length }) => length)).toEqual([2, 2])
    expect(handles.map((handle) => (handle as unknown as { mine?: number }).mine)).toEqual([0, 1, undefined])
    expect(new Set(handles.map(({ client }) => client)).size).toBe(3)
    expect(handles.map((handle) => handle.isCompleted())).toEqual([true, true, true])
    expect(await Promise.all(handles.map(({ executionPromise }) => executionPromise))).toHaveLength(3)
  })

  test('hears why its transaction has failed', async () => {
    let ended: Promise<unknown> | undefined
    const line: Operation[] = [
      {
        title: 'fails',
        upgrade: (knex) => {
          ended = (knex as Knex.Transaction).executionPromise
          throw new Error('on purpose')
        },
      },
    ]
    await expect(scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig() })).rejects.toMatchObject(
      { code: 'REV_OFFLINE_FAILED' },
    )

    await expect(ended).rejects.toThrow('on purpose')
  })
})
