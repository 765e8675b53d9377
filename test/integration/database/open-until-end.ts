import { onTestFinished } from 'vitest'
import type { Database } from '../../../src/database/database.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { type OpenOptions, open } from './open.ts'

/** A second database connection of rev's own that stays open until the test ends. */
export async function openUntilEnd(db: Pick<TestDatabase, 'knexConfig'>, options: OpenOptions = {}): Promise<Database> {
  let close: () => void = () => {}
  const closed = new Promise<void>((resolve) => {
    close = resolve
  })
  let done: Promise<void> = Promise.resolve()
  const database = await new Promise<Database>((resolve, reject) => {
    done = open(
      db,
      async (opened) => {
        resolve(opened)
        await closed
      },
      options,
    )
    done.catch(reject)
  })
  onTestFinished(async () => {
    close()
    await done
  })
  return database
}
