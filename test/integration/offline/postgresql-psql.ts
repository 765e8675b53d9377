import { tmpdir } from 'node:os'
import type { Rev, SqlOptions } from '../../../src/index.ts'
import { postgresCommand } from '../../support/database-clients.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { type RunningProcess, type RunResult, start } from '../../support/run-cli.ts'

/** The script of an upgrade, or of whatever else is asked for. */
export async function scriptOf(rev: Rev, options: Partial<SqlOptions> = {}): Promise<string> {
  let text = ''
  const write = (piece: string): void => {
    text += piece
  }
  await rev.sql({ direction: 'upgrade', ...options, write })
  return text
}

/** psql as the script says it is to be run; it is told nothing but where the database is. */
export function startPsql(
  db: TestDatabase,
  script: string,
  args: readonly string[] = [],
  more: Readonly<Record<string, string>> = {},
): RunningProcess {
  if (db.address === undefined) throw new Error(`${db.title} has no server`)
  const { env } = postgresCommand(db.address, db.name)
  return start('psql', ['-X', '-q', '-A', '-t', ...args, '-f', '-'], {
    cwd: tmpdir(),
    env: { ...env, ...more },
    input: script,
  })
}

/** How a client takes errors: as the script asks, or not at all. */
export const CLIENTS = ['stops at errors', 'ignores errors'] as const

/** Runs a script with a psql that obeys it, or with one that goes on after every error; `env` is that of the DBA. */
export function psql(
  db: TestDatabase,
  script: string,
  client: (typeof CLIENTS)[number] = 'stops at errors',
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const text = client === 'stops at errors' ? script : script.replaceAll('\\set ON_ERROR_STOP on\n', '')
  return startPsql(db, text, [], env).done
}
