import { beforeAll, expect, test } from 'vitest'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { eventsOf } from './events.ts'
import { rowsAfter, runOnline, type ScriptOptions, scriptOf, type Way } from './history.ts'
import { nativeDump } from './native-dump.ts'
import { operationsOf } from './operations/index.ts'
import { runScript } from './run-script.ts'

interface State {
  readonly dump: string
  readonly rows: readonly string[]
  readonly events: readonly unknown[]
}

describeEachDialect('a script and a run', (db: TestDatabase) => {
  const operations = operationsOf(db.dialect)
  const count = operations.length
  const script = (options: ScriptOptions = {}): Promise<string> =>
    scriptOf(operations, String(db.knexConfig().client), {
      knexConfig: db.knexConfig(),
      ...(db.dialect === 'sqlite' ? {} : { shadowUrl: db.url() }),
      ...options,
    })
  const byScript = async (way: Way): Promise<void> => runScript(db, await script(way))
  const byRev = (way: Way): Promise<void> => runOnline(db, operations, way)
  const state = async (): Promise<State> => ({
    dump: nativeDump(db),
    rows: await db.knex()('rev_version').pluck('version_num'),
    events: await eventsOf(db),
  })

  let whole = ''
  let up: State
  let down: State
  beforeAll(async () => {
    // A new database and an emptied one differ in whom PostgreSQL lets use the schema.
    await db.empty()
    await byRev({})
    up = await state()
    await byRev({ direction: 'downgrade' })
    down = await state()
  })

  test('do the same, operation by operation, up and down', async () => {
    expect(count).toBeGreaterThanOrEqual(60)
    await db.empty()
    whole = await script()
    await runScript(db, whole)
    expect(await state()).toEqual({ ...up, rows: rowsAfter(count) })
    await byScript({ direction: 'downgrade' })
    expect(await state()).toEqual({ ...down, rows: [] })
  })

  test('do the same in parts, by turns', async () => {
    const [first, second] = [Math.floor(count / 3), Math.floor((count * 2) / 3)]
    await db.empty()
    await byScript({ target: first })
    await byRev({ target: second })
    await byScript({ start: second })
    expect(await state()).toMatchObject({ dump: up.dump, rows: up.rows })
    await byRev({ direction: 'downgrade', target: second })
    await byScript({ direction: 'downgrade', start: second, target: first })
    await byRev({ direction: 'downgrade' })
    expect(await state()).toMatchObject({ dump: down.dump, rows: [] })
  })

  test('the same input gives the same bytes', async () => {
    expect(await script()).toBe(whole)
  })
})
