import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { queryMysql, queryPostgres } from '../support/server-connection.ts'
import { skipAloud } from '../support/skip-aloud.ts'
import { startMysql, startPostgres, type ThrowAwayServer } from '../support/throw-away-servers.ts'

/** The servers that the suites fall back to: they have to work on a machine that runs its own, too. */
const kinds = [
  { title: 'PostgreSQL', start: startPostgres, ask: queryPostgres, database: 'postgres' },
  { title: 'MariaDB or MySQL', start: startMysql, ask: queryMysql, database: 'mysql' },
]

for (const { title, start, ask, database } of kinds) {
  test(`a throw-away ${title} answers, and leaves nothing behind`, async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'rev-test-'))
    vi.stubEnv('TMPDIR', folder)
    onTestFinished(() => {
      vi.unstubAllEnvs()
      rmSync(folder, { recursive: true, force: true })
    })
    // The servers run as another user when this is root.
    chmodSync(folder, 0o1777)

    const server = await start().catch((error: Error): ThrowAwayServer => {
      if (/is not installed/.test(error.message)) skipAloud(context, error.message)
      throw error
    })
    const answer = await ask(server.address, database, 'select 40 + 2 as answer')
    await server.stop()

    expect(answer).toEqual([[{ answer: 42 }]])
    await expect(ask(server.address, database, 'select 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect(readdirSync(folder)).toEqual([])
  })
}
