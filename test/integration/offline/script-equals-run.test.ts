import { expect, test } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { commonOperations } from './common-operations.ts'
import { dialectOperations } from './dialect-operations.ts'
import { type Operation, runOnline, scriptOf } from './history.ts'
import { nativeDump } from './native-dump.ts'

const clientOf = (db: TestDatabase): string => String(db.knexConfig().client)
const operationsOf = (db: TestDatabase): Operation[] => [...commonOperations, ...dialectOperations[db.dialect]]

async function runScript(db: TestDatabase, script: string): Promise<void> {
  const result = await db.client(script)
  expect(result.stderr.replace(/^(?:psql:.*NOTICE|DETAIL:|drop cascades).*$/gm, '').trim()).toBe('')
  expect(result.code).toBe(0)
}

describeEachDialect('a script and a run', (db) => {
  test('do the same, revision by revision', async () => {
    const operations = operationsOf(db)
    await db.empty()
    const script = await scriptOf(operations, clientOf(db), { knexConfig: db.knexConfig() })
    await runScript(db, script)
    const rows = await db.knex()('rev_version').select('version_num')
    const written = nativeDump(db)

    await db.empty()
    await runOnline(operations, db.knex(), db.dialect)

    expect(written).toBe(nativeDump(db))
    expect(rows).toEqual([{ version_num: `r${String(operations.length).padStart(3, '0')}` }])
  })

  test('do the same on the way down', async () => {
    const operations = operationsOf(db)
    await db.empty()
    await runScript(db, await scriptOf(operations, clientOf(db), { knexConfig: db.knexConfig() }))
    await runScript(
      db,
      await scriptOf(operations, clientOf(db), { knexConfig: db.knexConfig(), direction: 'downgrade' }),
    )
    const written = nativeDump(db)
    const rows = await db.knex()('rev_version').select()

    await db.empty()
    await runOnline(operations, db.knex(), db.dialect)
    await runOnline(operations, db.knex(), db.dialect, 'downgrade')

    expect(written).toBe(nativeDump(db))
    expect(rows).toEqual([])
  })

  test('the same input gives the same bytes', async () => {
    const operations = operationsOf(db)
    const first = await scriptOf(operations, clientOf(db), { knexConfig: db.knexConfig() })
    expect(await scriptOf(operations, clientOf(db), { knexConfig: db.knexConfig() })).toBe(first)
  })
})
