import { beforeEach, expect, it } from 'vitest'
import { describeEachDialect } from '../../support/databases.ts'
import { createApplied } from './item-tables.ts'
import { revError, revisionFile, runHandle, type Work } from './run-handle.ts'

describeEachDialect('what Knex gets wrong', (db) => {
  beforeEach(async () => {
    await db.empty()
    await createApplied(db.knex())
  })

  const succeed = async (work: Work, config = {}) => {
    const ran = await runHandle(db, work, { config })
    expect(ran.error).toBeUndefined()
  }

  it('keeps question marks in literals of statements without values', async () => {
    await succeed(async (knex) => {
      await knex.schema.createTable('ask', (t: Table) => {
        t.integer('id').primary()
        t.string('text').defaultTo('a?b').comment('why?')
        t.string('answer').checkIn(['yes?', 'no'])
      })
      await knex.raw(`insert into ask (id, answer) values (1, 'yes?') -- really?`)
      await knex('ask').insert({ id: 2, text: 'c?d', answer: 'no' })
    })

    expect(await db.knex()('ask').orderBy('id')).toEqual([
      { id: 1, text: 'a?b', answer: 'yes?' },
      { id: 2, text: 'c?d', answer: 'no' },
    ])
  })

  it('escapes enum values and table comments, and leaves what is escaped already', async () => {
    await succeed(async (knex) => {
      await knex.schema.createTable('quoted', (t: Table) => {
        t.comment("it's a table")
        t.enu('kind', ["o'clock", "o''ther", 'plain'])
      })
      await knex('quoted').insert([{ kind: "o'clock" }, { kind: "o'ther" }])
      await knex.schema.alterTable('quoted', (t: Table) => t.comment("it's changed"))
    })

    expect(await db.knex()('quoted').pluck('kind')).toEqual(["o'clock", "o'ther"])
  })

  it('changes nullability on a pool of one', async () => {
    await succeed(
      async (knex) => {
        await knex.schema.createTable('one', (t: Table) => t.integer('id').notNullable())
        await knex.schema.alterTable('one', (t: Table) => t.setNullable('id'))
        await knex('one').insert({ id: null })
        expect(await knex.schema.hasColumn('one', 'id')).toBe(true)
      },
      { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 2000 },
    )
  })

  if (db.dialect === 'postgresql') {
    it('keeps escaped operators and refuses the others', async () => {
      await succeed(async (knex) => {
        const { rows } = await knex.raw(
          `select '{"a": 1}'::jsonb \\? 'a' as found, 'b?' as literal, E'it\\'s?' as escaped`,
        )
        expect(rows).toEqual([{ found: true, literal: 'b?', escaped: "it's?" }])
        const bound = await knex.raw(`select ?::jsonb \\? 'a' as found`, ['{"a": 1}'])
        expect(bound.rows).toEqual([{ found: true }])
      })

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
    it('renames a column without losing its definition or the foreign keys', async () => {
      await succeed(async (knex) => {
        await knex.raw(
          `create table parent (id int primary key, at timestamp not null default current_timestamp on update current_timestamp comment 'it''s kept')`,
        )
        await knex.raw('create table child (id int primary key, p int, foreign key (p) references parent (id))')
        await knex.schema.alterTable('parent', (t: Table) => t.renameColumn('at', 'changed'))
        await knex.schema.alterTable('parent', (t: Table) => t.renameColumn('id', 'number'))
      })

      const [[parent]] = await db.knex().raw('show create table parent')
      const [[child]] = await db.knex().raw('show create table child')
      expect(parent['Create Table']).toMatch(
        /`changed` timestamp .*on update current_timestamp.* COMMENT 'it''s kept'/i,
      )
      expect(child['Create Table']).toMatch(/references `parent` \(`number`\)/i)
    })

    it('drops a unique key that may not exist, on MariaDB too', async () => {
      await succeed(async (knex) => {
        await knex.schema.createTable('u', (t: Table) => t.integer('id'))
        await knex.transaction((trx: typeof knex) =>
          trx.schema.alterTable('u', (t: { dropUniqueIfExists(c: string[]): void }) => t.dropUniqueIfExists(['id'])),
        )
      })
    })
  }
})

// biome-ignore lint/suspicious/noExplicitAny: Knex's own table builder, without its types
type Table = any
