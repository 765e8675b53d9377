import { beforeEach, expect, it } from 'vitest'
import { isRevError } from '../../../src/errors/index.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { pitfallsOf } from '../handle/pitfalls/index.ts'
import { type Operation, scriptOf } from './history.ts'
import { runScript } from './run-script.ts'

describeEachDialect('what Knex gets wrong, in a script', (db) => {
  beforeEach(() => db.empty())

  it.each(pitfallsOf(db.dialect))('$title', async ({ before = [], work, read, gives, refused }) => {
    const made: Operation = {
      title: 'the tables',
      upgrade: async (knex) => {
        for (const sql of before) await knex.raw(sql)
      },
    }
    const shadow = db.dialect === 'sqlite' ? {} : { shadowUrl: db.url() }
    const script = scriptOf([made, { title: 'the work', upgrade: work }], String(db.knexConfig().client), {
      knexConfig: db.knexConfig(),
      ...shadow,
    })
    if (refused === undefined) {
      await runScript(db, await script)
      expect(await read?.(db.knex())).toEqual(gives)
      return
    }
    const error = await script.then(
      () => undefined,
      (thrown: unknown) => thrown,
    )
    if (!isRevError(error, 'REV_STEP_SILENT_CHANGE')) throw error ?? new Error('nothing was refused')
    expect(error.details.what).toMatch(refused)
  })
})
