import { expect, test } from 'vitest'
import { createDatabaseOn } from '../../support/databases.ts'
import type { ServerAddress } from '../../support/server-address.ts'
import { queryMysql } from '../../support/server-connection.ts'
import { startMysql, type ThrowAwayServer } from '../../support/throw-away-servers.ts'
import { disturbedHistory } from '../lay-history.ts'
import type { Attempt } from '../pass.ts'
import { randomFrom } from '../random.ts'
import { either, isFull, seed } from '../settings.ts'
import { createTally } from '../tally.ts'
import { ONLY_IN_FULL, unlessMissing, useOwnField } from '../use-field.ts'

// A disk that is really full may damage the files of MariaDB 10.11, of which rev can do nothing about. All tables together
// in a file that may not grow are as full, and the server answers with the same error.
const MEGABYTE = 1024 * 1024
const LARGEST = 40 * MEGABYTE
const FULL = ['--innodb-file-per-table=0', `--innodb-data-file-path=ibdata1:12M:autoextend:max:${LARGEST}`]
const FORM = either({ size: 50, limit: 2 }, { size: 110, limit: 12 })

const random = randomFrom(seed)
const tally = createTally('MariaDB/MySQL', 'full disks')
const own = useOwnField(tally, async () => {
  if (!isFull) return ONLY_IN_FULL
  const server = await unlessMissing(startMysql({ durable: true, options: FULL }))
  if ('missing' in server) return server
  const { database: db, close } = await createDatabaseOn('mysql', server.address)
  return { db, close, server }
})

test(`tables without any room leave nothing undone, twice or stuck (REV_FAULTS_SEED=${seed})`, async (context) => {
  const { field, server } = own(context)
  const { size, limit } = FORM
  const attempt = async (args: readonly string[]): Promise<Attempt> => {
    const left = MEGABYTE * (tally.hits() === 0 ? 6 : random.integer(4, 8))
    const fillers = await fill(server, left)
    const run = await field.rev(args)
    await drop(server, fillers)
    return { ...run, disturbed: run.code !== 0, told: `with ${left} bytes left` }
  }
  await disturbedHistory({ field, random, tally, size, ways: ['up', 'down'], limit, attempt })
  expect(tally.hits()).toBeGreaterThan(0)
})

/** Takes the room with tables of about a megabyte, until so many bytes are left; gives their names. */
async function fill({ address }: ThrowAwayServer, left: number): Promise<string[]> {
  const names: string[] = []
  await queryMysql(address, undefined, 'create database if not exists filler')
  while ((await room(address)) > left) {
    const name = `filler.f${names.length}`
    const inserts = Array.from({ length: 8 }, () => `insert into ${name} values (repeat('x', 120000))`)
    await queryMysql(address, undefined, `create table ${name} (b longblob)`, ...inserts)
    names.push(name)
  }
  return names
}

/** How many bytes are free in the file of the tables, or may still be added to it. */
async function room(address: ServerAddress): Promise<number> {
  const [[size] = [], [free] = []] = await queryMysql(
    address,
    undefined,
    'select max(file_size) as bytes from information_schema.innodb_sys_tablespaces where space = 0',
    `select max(data_free) as bytes from information_schema.tables where engine = 'InnoDB' and table_schema = 'filler'`,
  )
  return LARGEST - Number(size?.bytes) + Number(free?.bytes ?? 0)
}

async function drop({ address }: ThrowAwayServer, names: readonly string[]): Promise<void> {
  await queryMysql(address, undefined, ...names.map((name) => `drop table ${name}`))
}
