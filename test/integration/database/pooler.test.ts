import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import type { RevOptions } from '../../../src/settings.ts'
import { creates, errorOf, openRev, rowsOf, tablesOf } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'
import { skipAloud } from '../../support/skip-aloud.ts'
import { tempDirectory } from '../../support/temp-project.ts'

const program = ['pgbouncer', '/usr/sbin/pgbouncer'].find((name) => spawnSync(name, ['--version']).status === 0)

if (program === undefined) test('a pooler', (context) => skipAloud(context, 'pgbouncer is not installed'))
else {
  describeEachDialect(
    'a pooler',
    (db) => {
      beforeEach(() => db.empty())
      const throughPooler = async (mode: string, rev: RevOptions = {}) => {
        const config = db.knexConfig()
        const port = await startPooler(program, db, mode)
        const connection = { host: '127.0.0.1', port, user: 'anybody', database: db.name }
        return openRev(db, [creates('aaa', null), creates('bbb', 'aaa')], { config: { ...config, connection, rev } })
      }

      test('in transaction mode is refused before the lock, which would stay behind', async () => {
        const rev = await throughPooler('transaction')

        const error = await errorOf(rev.upgrade())

        expect(error).toMatchObject({ code: 'REV_DATABASE_POOLED', exit: 2 })
        expect(await db.tables()).toEqual([])
        expect((await db.knex().raw(`select 1 from pg_locks where locktype = 'advisory'`)).rows).toEqual([])
      })

      test('in transaction mode is good enough for reading', async () => {
        const rev = await throughPooler('transaction')

        expect(await rev.current()).toMatchObject({ exists: false, rows: [] })
      })

      test('in transaction mode is enough for a lease', async () => {
        const rev = await throughPooler('transaction', { lock: 'lease' })

        await rev.upgrade()

        expect(await rowsOf(db)).toEqual(['bbb'])
        expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
        expect((await rev.lock()).held).toBe(false)
      })

      test('in session mode does no harm', async () => {
        const rev = await throughPooler('session')

        await rev.upgrade()

        expect(await rowsOf(db)).toEqual(['bbb'])
        expect(await tablesOf(db)).toEqual(['aaa', 'bbb'])
      })
    },
    { only: ['postgresql'] },
  )
}

/** A pooler in front of the database that ends with the test; gives its port. */
async function startPooler(path: string, { address, name }: TestDatabase, mode: string): Promise<number> {
  if (address === undefined) throw new Error('there is no server')
  const port = await freePort()
  const password = address.password === '' ? '' : ` password=${address.password}`
  const folder = tempDirectory()
  const settings = join(folder, 'pooler.ini')
  const text = `[databases]
${name} = host=${address.socket ?? address.host} port=${address.port} dbname=${name} user=${address.user}${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
`
  writeFileSync(settings, text)
  // It does not run as root, so that somebody else has to be able to read this.
  chmodSync(folder, 0o755)
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const pooler = spawn(path, ['-q', ...asNobody, settings], { stdio: 'ignore' })
  onTestFinished(() => end(pooler))
  await listening(port)
  return port
}

async function end(pooler: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => pooler.once('exit', resolve))
  pooler.kill('SIGINT')
  await Promise.race([ended, wait(1_000)])
  pooler.kill('SIGKILL')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (bound === null || typeof bound === 'string') throw new Error('no port')
  return bound.port
}

async function listening(port: number): Promise<void> {
  const isOpen = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
      socket.once('connect', () => socket.destroy())
    })
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isOpen()) return
    await wait(25)
  }
  throw new Error('the pooler did not start')
}
