import createKnex, { type Knex } from 'knex'
import { beforeEach, describe, expect, test } from 'vitest'
import { isRevError } from '../../../src/errors/index.ts'
import { describeEachDialect } from '../../support/databases.ts'
import { type Operation, scriptOf } from './history.ts'

const TEXTS: readonly (readonly [string, readonly unknown[]])[] = [
  ['delete from hit; delete from hit', []],
  ['delete from hit; delete from hit where a = ?', ['b']],
  ['delete from hit;', []],
  ['delete from hit where a = ?; -- and no more', ['b']],
]

/** Why the text cannot be written, or undefined when it can. */
async function refusal(config: Knex.Config, sql: string, bindings: readonly unknown[] = []) {
  const operation: Operation = {
    title: 'several',
    upgrade: (knex) => knex.raw(sql, [...bindings] as Knex.RawBinding[]),
  }
  return scriptOf([operation], String(config.client), { knexConfig: config }).then(
    () => undefined,
    (error: unknown) => {
      if (isRevError(error, 'REV_OFFLINE_STATEMENT')) return error.details.reason
      throw error
    },
  )
}

describeEachDialect('several statements in one text', (db) => {
  const withSeveral = (): Knex.Config => {
    const config = db.knexConfig()
    return { ...config, connection: Object.assign({}, config.connection, { multipleStatements: true }) }
  }
  beforeEach(async () => {
    await db.empty()
    await db.knex().schema.createTable('hit', (table) => void table.string('a'))
  })
  const configs = db.dialect === 'mysql' ? [db.knexConfig, withSeveral] : [db.knexConfig]

  test.each(TEXTS)('stand in a script where the driver takes them: %s', async (sql, bindings) => {
    for (const configOf of configs) {
      const config = configOf()
      const knex = createKnex(config)
      const works = await knex.raw(sql, [...bindings] as Knex.RawBinding[]).then(
        () => true,
        () => false,
      )
      await knex.destroy()
      expect((await refusal(config, sql, bindings)) === undefined).toBe(works)
    }
  })
})

describe('whether MySQL takes several statements', () => {
  const TWO = 'delete from hit; delete from hit'

  test.each<[string, Knex.Config['connection'], boolean]>([
    ['is said in a URL', 'mysql://root@127.0.0.1/a?multipleStatements=true', true],
    ['is not said in a URL', 'mysql://root@127.0.0.1/a', false],
    ['is said by a flag', { host: 'a', flags: 'MULTI_STATEMENTS' } as Knex.MySqlConnectionConfig, true],
    ['is not known without a connection', undefined, true],
    ['is not known before the connection is computed', () => ({ host: 'a' }), true],
  ])('%s', async (_title, connection, works) => {
    const reason = await refusal({ client: 'mysql2', ...(connection === undefined ? {} : { connection }) }, TWO)
    if (works) expect(reason).toBeUndefined()
    else expect(reason).toContain('multipleStatements')
  })
})
