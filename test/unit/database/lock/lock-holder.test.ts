import { spawnSync } from 'node:child_process'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { missingProcess } from '../../../../src/database/lock/find-running.ts'
import { isUnsupported } from '../../../../src/database/lock/get-lock.ts'
import { toHolder } from '../../../../src/database/lock/lock-holder.ts'
import { RevError } from '../../../../src/errors/index.ts'

it('puts what is known of a holder into words, and leaves out what is not', () => {
  const { text } = toHolder({ connection: 12, user: 'app', statement: 'create index', statementMs: 12_340 })

  expect(text).toBe('connection 12, user app, running create index, for 12.3 s')
  expect(toHolder({ name: 'app@ci, process 7', leaseEndsInMs: -3 }).text).toBe(
    'app@ci, process 7, its lease runs out, unless it is renewed, in 0.0 s',
  )
})

it('knows scripts and processes by how they call themselves', () => {
  expect(toHolder({ application: 'rev script upgrade a:b' })).toMatchObject({ isScript: true, process: undefined })
  expect(toHolder({ application: 'rev upgrade 4711@ci-1' })).toMatchObject({
    isScript: false,
    process: { id: 4711, host: 'ci-1' },
  })
  expect(toHolder({ application: 'psql' })).toMatchObject({ isScript: false, process: undefined })
})

it('says that a process is missing only of this machine, and only when it is', () => {
  const { pid } = spawnSync(process.execPath, ['--version'])

  expect(missingProcess({ id: pid, host: hostname() })).toContain(`there is no process ${pid} on this machine`)
  expect(missingProcess({ id: process.pid, host: hostname() })).toBeUndefined()
  expect(missingProcess({ id: pid, host: 'another-machine' })).toBeUndefined()
  expect(missingProcess({ id: pid, host: '' })).toBeUndefined()
  expect(missingProcess(undefined)).toBeUndefined()
})

it('knows the answer of a cluster that has no such lock', () => {
  const failure = (errno: number) =>
    new RevError(
      'REV_DATABASE_QUERY_FAILED',
      { database: 'app', sql: 'select get_lock(?, 0)', reason: 'no' },
      { cause: Object.assign(new Error('no'), { errno }) },
    )

  expect([1235, 1213].map((errno) => isUnsupported(failure(errno)))).toEqual([true, false])
})
