import { describe, expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { revError, revisionFile, runHandle, type Work } from './run-handle.ts'

describeEachDialect('forgotten work', (db) => {
  const { applied, ids } = itemTables(db)

  it('fails with file, line and SQL when a write was built and never run', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex('item').insert({ id: 1 })
  knex('item')
    .insert({ id: 2 })
}
`)
    const ran = await runHandle(db, upgrade, { file })

    const { details } = revError(ran, 'REV_STEP_FORGOTTEN')
    expect(details).toMatchObject({ revision: 'a1', file, line: line("knex('item')\n"), state: 'never-run', more: 0 })
    expect(details.statement).toMatch(/^insert into .item. \(.id.\) values \(\?\)/)
    expect(await applied()).toBe(0)
    expect(await ids()).toEqual([])
  })

  it.each([
    ['an update', (knex) => void knex('item').update({ name: 'x' })],
    ['a delete', (knex) => void knex('item').del()],
    ['a raw statement', (knex) => void knex.raw('delete from item')],
    [
      'a schema change',
      (knex) => void knex.schema.createTable('other', (t: { integer(n: string): void }) => t.integer('id')),
    ],
    ['a raw schema statement', (knex) => void knex.schema.raw('drop table item')],
    ['a clone that writes', (knex) => void knex('item').where({ id: 1 }).clone().del()],
    ['an array of builders', (knex) => [knex('item').insert({ id: 1 }), knex('item').insert({ id: 2 })]],
  ] as [string, Work][])('counts %s as forgotten', async (_, work) => {
    const ran = await runHandle(db, async (knex) => work(knex))

    expect(revError(ran, 'REV_STEP_FORGOTTEN').details.state).toBe('never-run')
    expect(await applied()).toBe(0)
  })

  it('fails when a chain was started and not awaited', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  knex('item').insert({ id: 1 })
    .then(() => new Promise((resolve) => setTimeout(resolve, 20)))
    .then(() => knex('item').insert({ id: 2 }))
  knex.transaction(async (trx) => {
    await new Promise(() => {})
    await trx('item').insert({ id: 3 })
  })
}
`)
    const ran = await runHandle(db, upgrade, { file })

    const { details } = revError(ran, 'REV_STEP_FORGOTTEN')
    expect(details.state).toBe('pending')
    expect([line("knex('item').insert({ id: 1 })"), line('knex.transaction')]).toContain(details.line)
    expect(await ids()).toEqual([])
    expect(await applied()).toBe(0)
  })

  // SQLite may be through with it before the function's end is noticed, and then nothing is lost: a rule for servers.
  if (db.dialect !== 'sqlite') {
    it('fails when batchInsert is not awaited', async () => {
      const ran = await runHandle(db, async (knex) => {
        knex.batchInsert('item', [{ id: 1 }, { id: 2 }], 1)
      })

      expect(revError(ran, 'REV_STEP_FORGOTTEN').details).toMatchObject({
        state: 'pending',
        statement: 'batchInsert("item")',
      })
      expect(await ids()).toEqual([])
    })
  }

  it('rejects what comes after the step was done, naming the revision', async () => {
    let begin: () => void = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    let later: Promise<unknown> | undefined
    const ran = await runHandle(
      db,
      (knex) => {
        later = begun.then(() => knex('item').insert({ id: 9 }))
      },
      {
        after: async () => {
          begin()
          await expect(later).rejects.toMatchObject({
            code: 'REV_STEP_FORGOTTEN',
            details: { revision: 'a1', state: 'late' },
          })
        },
      },
    )

    expect(ran.error).toBeUndefined()
    expect(await ids()).toEqual([])
  })

  it('fails when something is sent while the version rows are written', async () => {
    let handle: (() => Promise<unknown>) | undefined
    const ran = await runHandle(
      db,
      (knex) => {
        handle = async () => knex('item').insert({ id: 9 })
      },
      { inside: async () => handle?.().catch(() => {}) },
    )

    expect(revError(ran, 'REV_STEP_FORGOTTEN').details.state).toBe('late')
    expect(await ids()).toEqual([])
  })

  describe('what is not forgotten', () => {
    it.each([
      ['a select that was never run', (knex) => void knex('item').where({ id: 1 })],
      [
        'pieces of raw text',
        (knex) => void [knex.raw('now()'), knex.fn.now(), knex.ref('item.id'), knex.raw('count(*) as n')],
      ],
      ['an empty schema builder', (knex) => void knex.schema],
      ['a builder turned into text', (knex) => void knex('item').del().toString()],
      ['a builder compiled by hand', (knex) => void knex.schema.dropTable('item').toSQL()],
      ['a returned builder', (knex) => knex('item').insert({ id: 1, name: knex.raw('?', ['x']) })],
      [
        'a callback',
        (knex) =>
          new Promise((done, fail) =>
            knex('item')
              .insert({ id: 1 })
              .asCallback((e: unknown) => (e ? fail(e) : done(1))),
          ),
      ],
      [
        'a chain',
        (knex) =>
          knex('item')
            .insert({ id: 1 })
            .then(() => knex('item').del())
            .finally(() => {}),
      ],
      [
        'a base query that is cloned',
        async (knex) => {
          const base = knex('item').where({ id: 1 })
          await base.clone().update({ name: 'y' })
          await base.clone().del()
        },
      ],
      [
        'builders used inside others',
        async (knex) => {
          await knex('item').insert({ id: 1, name: 'a' })
          const sub = knex('item')
            .select('id')
            .where('name', knex.raw('?', ['a']))
          await knex('item')
            .whereIn('id', knex.select('id').from(sub.as('s')))
            .update({ name: 'b' })
          await knex('item').insert(knex('item').select(knex.raw('id + 10'), 'name'))
          await knex.select('*').from(knex.raw('(select 1 as one) as t'))
          await knex.schema.raw('select 1')
        },
      ],
      ['an insert with missing values', (knex) => knex('item').insert([{ id: 1 }, { id: 2, name: 'x' }])],
    ] as [string, Work][])('%s', async (_, work) => {
      const ran = await runHandle(db, async (knex) => work(knex))

      expect(ran.error).toBeUndefined()
      expect(await applied()).toBe(1)
    })

    it('batchInsert and streams that are awaited', async () => {
      const names: string[] = []
      const ran = await runHandle(db, async (knex) => {
        await knex.batchInsert(
          'item',
          [
            { id: 1, name: 'a' },
            { id: 2, name: 'b' },
            { id: 3, name: 'c' },
          ],
          2,
        )
        if (db.dialect === 'postgresql') return
        for await (const row of knex('item').orderBy('id').stream()) names.push(row.name)
        await knex('item')
          .orderBy('id')
          .stream((stream: NodeJS.ReadableStream) => stream.resume())
        for await (const _ of knex('item').orderBy('id').stream()) break
      })

      expect(ran.error).toBeUndefined()
      expect(await ids()).toHaveLength(3)
      if (db.dialect !== 'postgresql') expect(names).toEqual(['a', 'b', 'c'])
    })
  })
})
