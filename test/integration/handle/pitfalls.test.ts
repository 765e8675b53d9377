import { beforeEach, expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { createApplied } from './item-tables.ts'
import { onlinePitfallsOf, pitfallsOf } from './pitfalls/index.ts'
import { revError, revisionFile, runHandle } from './run-handle.ts'

describeEachDialect('what Knex gets wrong, online', (db) => {
  beforeEach(async () => {
    await db.empty()
    await createApplied(db.knex())
  })

  it.each([...pitfallsOf(db.dialect), ...onlinePitfallsOf(db.dialect)])('$title', async (pitfall) => {
    const { before = [], work, config = {}, read, gives, refused } = pitfall
    for (const sql of before) await db.knex().raw(sql)
    const schema = await db.dump()
    const ran = await runHandle(db, work, { config })
    if (refused === undefined) {
      expect(ran.error).toBeUndefined()
      expect(await read?.(db.knex())).toEqual(gives)
      return
    }
    expect(revError(ran, 'REV_STEP_SILENT_CHANGE').details.what).toMatch(refused)
    expect(await db.dump()).toBe(schema)
  })

  if (db.dialect === 'postgresql') {
    it('an operator that was not escaped is refused, with its place', async () => {
      const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex.raw("select 'what?', '{}'::jsonb ? 'a'")
}
`)
      const ran = await runHandle(db, upgrade, { file })
      expect(revError(ran, 'REV_STEP_UNBOUND_PLACEHOLDER').details).toMatchObject({
        file,
        line: line('await knex.raw'),
        statement: "select 'what?', '{}'::jsonb ? 'a'",
      })
    })
  }

  if (db.dialect === 'mysql') {
    it("rev's own values are right on a session that takes backslashes as they are", async () => {
      const own = "it's a\\b"
      const ran = await runHandle(db, () => {}, {
        prepare: (connection) => connection.query("set session sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"),
        inside: (connection) => connection.query('insert into applied (revision) values (?)', [own]),
      })
      expect(ran.error).toBeUndefined()
      expect(await db.knex()('applied').pluck('revision')).toEqual([own])
    })
  }

  it('what is refused is told with its place, also when the revision catches it', async () => {
    const { file, upgrade, line } = await revisionFile(`
export async function upgrade(knex) {
  await knex.schema.createTable('wrong', (t) => t.string('a').defaultTo({ a: 1 })).catch(() => {})
}
`)
    const ran = await runHandle(db, upgrade, { file })
    expect(revError(ran, 'REV_STEP_SILENT_CHANGE').details).toMatchObject({ file, line: line('createTable') })
  })
})
