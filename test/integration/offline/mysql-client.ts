import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mysqlCommand } from '../../support/database-clients.ts'
import type { TestDatabase } from '../../support/databases.ts'
import { type RunningProcess, type RunResult, run, start } from '../../support/run-cli.ts'

/** How a client takes errors. */
export const CLIENTS = ['stops at errors', 'ignores errors', 'sources the file'] as const

export type Client = (typeof CLIENTS)[number]

/** `mariadb` with a script on its standard input, and whatever else it is told. */
export function startMysql(db: TestDatabase, script: string, args: readonly string[] = []): RunningProcess {
  const { program, args: usual, env } = commandOf(db)
  return start(program, [...usual.slice(0, -1), ...args, db.name], { cwd: tmpdir(), env, input: script })
}

/** Runs a script with a client that obeys errors, with `--force`, or with its command `source`, which goes on, too. */
export async function mysql(db: TestDatabase, script: string, client: Client = 'stops at errors'): Promise<RunResult> {
  if (client !== 'sources the file') {
    return startMysql(db, script, client === 'ignores errors' ? ['--force'] : []).done
  }
  const file = join(tmpdir(), `rev_test_${randomBytes(6).toString('hex')}.sql`)
  const { program, args, env } = commandOf(db)
  writeFileSync(file, script)
  try {
    return await run(program, [...args.slice(0, -1), db.name, '--execute', `source ${file}`], { cwd: tmpdir(), env })
  } finally {
    rmSync(file)
  }
}

function commandOf(db: TestDatabase): ReturnType<typeof mysqlCommand> {
  if (db.address === undefined) throw new Error(`${db.title} has no server`)
  return mysqlCommand(db.address, db.name)
}
