import createKnex from 'knex'
import { expect, test } from 'vitest'
import { creates } from '../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../support/databases.ts'
import { CTRL_C, CTRL_D, ENTER, revOnTerminal, type Typed } from '../support/on-terminal.ts'
import type { RunResult } from '../support/run-cli.ts'
import { spareDatabase } from '../support/spare-database.ts'
import { createTempProject } from '../support/temp-project.ts'

const QUESTION = /\? \[y\/N\] /

/** A database that was set up, with a row that nobody agrees to lose, and a terminal before it. */
async function seated(db: TestDatabase) {
  const spare = spareDatabase(db)
  const project = createTempProject()
  const config = spare.knexConfig()
  const environments = { development: config, production: { ...config, rev: { protected: true } } }
  project.write('knexfile.json', JSON.stringify(environments))
  project.revision(creates('things', null))
  expect(await project.rev(['setup'])).toMatchObject({ code: 0 })
  const withKnex = async <T>(use: (knex: ReturnType<typeof createKnex>) => PromiseLike<T>): Promise<T> => {
    const knex = createKnex(config)
    try {
      return await use(knex)
    } finally {
      await knex.destroy()
    }
  }
  await withKnex((knex) => knex('things').insert({ id: 41 }))
  return {
    spare,
    project,
    withKnex,
    kept: () => withKnex((knex) => knex('things').pluck('id')),
    type: (args: string[], typed: Typed[], between?: () => Promise<unknown>): Promise<RunResult> =>
      revOnTerminal(args, { cwd: project.path }, typed, between),
  }
}

describeEachDialect('the question before something is dropped', (db) => {
  test('yes drops what was listed before it, and sets up again', async () => {
    const { type, kept, spare } = await seated(db)
    const answered = await type(['reset'], [[QUESTION, `y${ENTER}`]])
    expect(answered, answered.stdout).toMatchObject({ code: 0 })
    expect(answered.stdout).toMatch(
      /reset drops from .*things[\s\S]*drop all this from .*\? \[y\/N\] y\n[\s\S]*dropped \d+ objects/,
    )
    expect(await kept()).toEqual([])
    expect(await type(['db', 'drop'], [[QUESTION, `yes${ENTER}`]])).toMatchObject({ code: 0 })
    expect(await spare.exists()).toBe(false)
    // Where nothing is, nothing is asked.
    const again = await type(['db', 'drop'], [])
    expect(again).toMatchObject({ code: 0, stdout: expect.stringMatching(/^nothing to drop: /m) })
  })

  test('is asked again for what has appeared in the meantime', async () => {
    const { type, kept, withKnex } = await seated(db)
    let questions = 0
    const newcomer = async (): Promise<void> => {
      questions += 1
      if (questions === 1) await withKnex((knex) => knex.schema.createTable('newcomer', (table) => table.integer('id')))
    }
    const typed: Typed[] = [
      [QUESTION, `y${ENTER}`],
      [QUESTION, `n${ENTER}`],
    ]
    const answered = await type(['reset'], typed, newcomer)
    expect(answered, answered.stdout).toMatchObject({ code: 2 })
    const lists = answered.stdout.match(/reset drops from .*/g) ?? []
    expect(lists.map((list) => list.includes('newcomer'))).toEqual([false, true])
    expect(await kept()).toEqual([41])
  })
})

describeEachDialect(
  'the question before something is dropped',
  (db) => {
    test('takes nothing but yes for yes', async () => {
      const { type, kept } = await seated(db)
      const reset = ['reset']
      const answers: [command: string[], keys: string, code: number][] = [
        [reset, `n${ENTER}`, 2],
        [reset, ENTER, 2],
        [reset, `yes please${ENTER}`, 2],
        [reset, CTRL_D, 2],
        [reset, CTRL_C, 130],
        [['reset', '--drop-database'], `n${ENTER}`, 2],
        [['db', 'drop'], `n${ENTER}`, 2],
        [['db', 'drop'], CTRL_C, 130],
      ]
      for (const [command, keys, code] of answers) {
        const answered = await type(command, [[QUESTION, keys]])
        expect(answered, answered.stdout).toMatchObject({ code })
        expect(answered.stdout).toContain(code === 130 ? 'REV_INTERRUPTED' : 'REV_LIFE_UNCONFIRMED')
        expect(answered.stdout.match(/\[y\/N\]/g)).toHaveLength(1)
        // What follows begins a line of its own.
        expect(answered.stdout).toMatch(/^error REV_/m)
        expect(await kept()).toEqual([41])
      }
    })

    test('is not asked in a protected environment, of a pipe, and after --force', async () => {
      const { type, kept, project, spare } = await seated(db)
      for (const command of [['reset'], ['reset', '--force'], ['db', 'drop'], ['db', 'drop', '--force']]) {
        const refused = await type([...command, '--env', 'production'], [])
        expect(refused, refused.stdout).toMatchObject({ code: 2 })
        expect(refused.stdout).not.toContain('[y/N]')
        expect(refused.stdout).toContain(`--yes-i-mean ${spare.name}`)
      }
      const piped = await project.rev(['db', 'drop'], { input: 'y\n' })
      expect(piped).toMatchObject({ code: 2, stdout: '' })
      expect(await kept()).toEqual([41])
      const forced = await type(['db', 'drop', '--force'], [])
      expect(forced).toMatchObject({ code: 0 })
      expect(forced.stdout).not.toContain('[y/N]')
    })
  },
  { only: ['sqlite'] },
)
