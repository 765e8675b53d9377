import { expect } from 'vitest'
import type { TestDatabase } from '../../support/databases.ts'

// What psql says without anything being wrong.
const NOTICES = /^(?:psql:.*NOTICE|DETAIL:|drop cascades).*$/gm

/** Hands a script to the database's own client, which must not have anything to complain about. */
export async function runScript(db: TestDatabase, script: string): Promise<void> {
  const result = await db.client(script)
  expect(result.stderr.replace(NOTICES, '').trim()).toBe('')
  expect(result.code).toBe(0)
}
