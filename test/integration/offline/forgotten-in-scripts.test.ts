import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { type Operation, scriptOf, type Work } from './history.ts'
import { runScript } from './run-script.ts'

/** What the script would hold as done although nobody has waited for it; `here` is the line that is to be blamed. */
const FORGOTTEN: readonly (readonly [string, body: string, statement: RegExp])[] = [
  ['a statement', `knex('t').insert({ n: 5 }).then(() => {}) // here`, /^insert into .t. /],
  ['one that others hang on', `knex('t').insert({ n: 5 }).then(() => knex('t').del()) // here`, /^insert into .t. /],
  [
    'what is begun when another is through',
    `await knex('t').insert({ n: 1 })
    knex('t').del().then(() => knex('t').insert({ n: 2 })) // here`,
    /^delete from .t./,
  ],
  ['a raw statement', `void knex.raw('delete from t').then(() => {}) // here`, /^delete from t$/],
  [
    'a change of the schema',
    `knex.schema.alterTable('t', (t) => t.integer('m')).then(() => {}) // here`,
    /^alter table .t. add /,
  ],
  ['a transaction', `knex.transaction(async (trx) => { await trx('t').del() }) // here`, /^knex\.transaction/],
  ['the end of one', `const trx = await knex.transaction() // here\n  trx.commit()`, /^knex\.transaction/],
  ['batchInsert', `knex.batchInsert('t', [{ n: 1 }, { n: 2 }], 1) // here`, /^batchInsert\("t"\)/],
]

/** Ways to have everything waited for, each with how many rows are there then. */
const AWAITED: readonly (readonly [string, Work, rows: number])[] = [
  ['await', async (knex) => void (await knex('t').insert({ n: 1 })), 1],
  ['a returned statement', (knex) => knex('t').insert({ n: 1 }), 1],
  ['a returned statement of an async function', async (knex) => knex('t').insert({ n: 1 }), 1],
  ['a returned change of the schema', (knex) => knex.schema.createTable('u', (t) => void t.integer('n')), 0],
  ['a returned raw statement', (knex) => knex.raw('insert into t (n) values (1)'), 1],
  [
    'a returned chain',
    (knex) =>
      knex('t')
        .insert({ n: 1 })
        .then(() => knex('t').insert({ n: 2 }))
        .finally(() => {}),
    2,
  ],
  ['a returned `then` alone', (knex) => knex('t').insert({ n: 1 }).then(), 1],
  ['Promise.all', (knex) => Promise.all([knex('t').insert({ n: 1 }), knex('t').insert({ n: 2 })]), 2],
  [
    'Promise.all of helpers',
    async (knex) => {
      const add = async (n: number): Promise<void> => void (await knex('t').insert({ n }))
      const twice = async (n: number): Promise<void> => {
        await add(n)
        return add(n + 1)
      }
      await Promise.all([twice(1), add(3), twice(4)])
    },
    5,
  ],
  [
    'Promise.allSettled',
    async (knex) => void (await Promise.allSettled([knex('t').insert({ n: 1 }), Promise.reject(new Error('no'))])),
    1,
  ],
  [
    'a callback',
    (knex) =>
      new Promise<void>((done, fail) => {
        knex('t')
          .insert({ n: 1 })
          .asCallback((error: unknown) => (error ? fail(error) : done()))
      }),
    1,
  ],
  ['a transaction', (knex) => knex.transaction(async (trx) => void (await trx('t').insert({ n: 1 }))), 1],
  [
    'a transaction that ends itself',
    (knex) =>
      knex.transaction((trx) => {
        trx('t').insert({ n: 1 }).then(trx.commit, trx.rollback)
      }),
    1,
  ],
  [
    'a transaction by hand',
    async (knex) => {
      const trx = await knex.transaction()
      await trx('t').insert({ n: 1 })
      await trx.commit()
    },
    1,
  ],
  [
    'a transaction that is taken back',
    async (knex) => {
      const trx = await knex.transaction()
      await trx('t').insert({ n: 1 })
      await trx.rollback()
      await knex('t').insert({ n: 2 })
    },
    1,
  ],
  [
    'transactions within transactions',
    (knex) =>
      knex.transaction(async (trx) => {
        await trx('t').insert({ n: 1 })
        return trx.transaction((inner) => inner('t').insert({ n: 2 }))
      }),
    2,
  ],
  ['batchInsert', (knex) => knex.batchInsert('t', [{ n: 1 }, { n: 2 }, { n: 3 }], 2), 3],
  [
    'what is built and never run',
    async (knex) => {
      void knex('t').where({ n: 1 })
      await knex('t').insert({ n: knex.raw('1 + 1') })
    },
    1,
  ],
  [
    'a read of the schema',
    async (knex) => {
      if (!(await knex.schema.hasTable('u'))) await knex.schema.createTable('u', (t) => void t.integer('n'))
      return knex.schema.hasColumn('t', 'n')
    },
    0,
  ],
  [
    'turns of the loop in between',
    async (knex) => {
      await new Promise((resolve) => setImmediate(resolve))
      const later = knex('t').insert({ n: 1 }).then()
      await new Promise((resolve) => setTimeout(resolve, 5))
      await later
    },
    1,
  ],
]

const TABLE = (knex: Parameters<Work>[0]) => knex.schema.createTable('t', (t) => void t.integer('n'))

const FIRST = { revision: 'aaa', down: null, upgrade: '' }

/** A revision whose function is asynchronous only where it has to be; `transaction` is what its `config` says. */
const textOf = (body: string, transaction: boolean): string => `export const revision = 'bbb'
export const down_revision = 'aaa'
export const config = { transaction: ${transaction} }
export ${body.includes('await knex') ? 'async ' : ''}function upgrade(knex) {
  ${body}
}
export async function downgrade() {}
`

describeEachDialect('forgotten work in a script', (db) => {
  test.each(FORGOTTEN)('is refused, and nothing is written: %s', async (_, body, statement) => {
    for (const text of [textOf(body, true), textOf(body, false), textOf(`${body}\n  void 'await knex'`, true)]) {
      const rev = openRev(db, [FIRST])
      rev.project.write('versions/bbb_b.mjs', text)
      const written: string[] = []

      const error = await errorOf(rev.sql({ direction: 'upgrade', write: (piece) => void written.push(piece) }))

      expect(error.code).toBe('REV_STEP_FORGOTTEN')
      expect(error.details).toMatchObject({
        revision: 'bbb',
        file: join(rev.project.path, 'versions/bbb_b.mjs'),
        line: text.split('\n').findIndex((line) => line.includes('// here')) + 1,
        state: 'pending',
        statement: expect.stringMatching(statement),
      })
      expect(written).toEqual([])
      await rev.close()
    }
  })

  test('is refused in a downgrade, with the revision that forgot it among others', async () => {
    const rev = openRev(db, [
      { revision: 'aaa', down: null, upgrade: '', downgrade: '' },
      { revision: 'bbb', down: 'aaa', upgrade: '', downgrade: `knex('t').del().then(() => {})` },
      { revision: 'ccc', down: 'bbb', upgrade: '', downgrade: '' },
    ])

    const error = await errorOf(rev.sql({ direction: 'downgrade', target: 'ccc:base', write: () => {} }))

    expect(error.code).toBe('REV_STEP_FORGOTTEN')
    expect(error.details).toMatchObject({ revision: 'bbb', line: expect.any(Number) })
    await rev.close()
  })
})

describeEachDialect('awaited work in a script', (db) => {
  beforeEach(() => db.empty())

  test.each(AWAITED)('is written: %s', async (title, upgrade, rows) => {
    for (const transaction of [undefined, false] as const) {
      await db.empty()
      const line: Operation[] = [
        { title: 'the table', upgrade: TABLE },
        { title, upgrade, ...(transaction === undefined ? {} : { transaction }) },
      ]
      const shadow = db.dialect === 'sqlite' ? {} : { shadowUrl: db.url() }
      await runScript(
        db,
        await scriptOf(line, String(db.knexConfig().client), { knexConfig: db.knexConfig(), ...shadow }),
      )

      expect(await db.knex()('t').select('n')).toHaveLength(rows)
    }
  })
})
