import { expect, test } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { rowsAfter, runOnline, type ScriptOptions, scriptOf } from './history.ts'
import { nativeDump } from './native-dump.ts'
import { operationsOf } from './operations/index.ts'
import { runScript } from './run-script.ts'

describeEachDialect('a script and a run', (db: TestDatabase) => {
  const operations = operationsOf(db.dialect)
  const count = operations.length
  const script = (options: ScriptOptions = {}): Promise<string> =>
    scriptOf(operations, String(db.knexConfig().client), { knexConfig: db.knexConfig(), ...options })
  const versionRows = async (): Promise<string[]> => db.knex()('rev_version').pluck('version_num')

  test('do the same, operation by operation', async () => {
    expect(count).toBeGreaterThanOrEqual(60)
    await db.empty()
    await runScript(db, await script())
    const written = nativeDump(db)
    expect(await versionRows()).toEqual(rowsAfter(count))

    await db.empty()
    await runOnline(db, operations)
    expect(written).toBe(nativeDump(db))
  })

  test('do the same on the way down', async () => {
    await db.empty()
    await runScript(db, await script())
    await runScript(db, await script({ direction: 'downgrade' }))
    const written = nativeDump(db)
    expect(await versionRows()).toEqual([])

    await db.empty()
    await runOnline(db, operations)
    await runOnline(db, operations, { direction: 'downgrade' })
    expect(written).toBe(nativeDump(db))
  })

  test('the same input gives the same bytes', async () => {
    expect(await script()).toBe(await script())
  })
})
