import { expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { itemTables } from './item-tables.ts'
import { revError, revisionFile, runHandle, stepFailure } from './run-handle.ts'

describeEachDialect('the failure of a step', (db) => {
  const { applied, ids } = itemTables(db)

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
    expect(facts.position).toBe(25)
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
    expect(own.file).toMatch(/failures\.test\.ts$/)
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
})
