import { expect, test } from 'vitest'
import { describeEachDialect } from '../support/databases.ts'

describeEachDialect('a database of the tests', (db) => {
  test('starts empty, is dumped in full, and is empty again', async () => {
    expect(await db.tables()).toEqual([])
    const empty = await db.dump()
    await db.knex().schema.createTable('parents', (table) => {
      table.increments('id')
      table.string('name', 40).notNullable().defaultTo("it's")
    })
    const before = await db.dump()
    await db.knex().schema.alterTable('parents', (table) => table.index(['name']))
    await db.knex()('parents').insert({ name: 'x' })

    const after = await db.dump()

    expect(await db.tables()).toEqual(['parents'])
    expect(after).not.toBe(before)
    expect(after).toContain('"name":"x"')
    await db.knex()('parents').delete()
    await db.knex().schema.alterTable('parents', (table) => table.dropIndex(['name']))
    expect(await db.dump()).toBe(before)
    await db.empty()
    expect(await db.tables()).toEqual([])
    expect(await db.dump()).toBe(empty)
  })

  test('is reached by its own client, which stops at the first error', async () => {
    const good = await db.client('create table seen (id int); insert into seen values (7); select id from seen;')
    const bad = await db.client('select nothing from nowhere; create table never (id int);')

    expect(good).toMatchObject({ code: 0, stdout: '7\n' })
    expect(bad.code).not.toBe(0)
    expect(await db.tables()).toEqual(['seen'])
  })
})
