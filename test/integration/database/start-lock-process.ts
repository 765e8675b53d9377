import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { TestDatabase } from '../../support/databases.ts'
import { type RunningProcess, repository, start } from '../../support/run-cli.ts'
import type { LockProcess } from './lock-process.ts'

/** Starts a process that upgrades the database; it is ended with the test at the latest. */
export function startLockProcess(
  db: Pick<TestDatabase, 'knexConfig'>,
  task: Omit<LockProcess, 'knexConfig'> = {},
): RunningProcess {
  const script = fileURLToPath(new URL('lock-process.ts', import.meta.url))
  const whole: LockProcess = { knexConfig: db.knexConfig(), ...task }
  const started = start(process.execPath, ['--import', 'jiti/register', script, JSON.stringify(whole)], {
    cwd: repository,
  })
  onTestFinished(async () => {
    started.process.kill('SIGKILL')
    await started.done
  })
  return started
}
