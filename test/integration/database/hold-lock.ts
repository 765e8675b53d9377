// A process of its own: takes the lock of the database whose Knex configuration is its argument, says "held", and keeps
// it until it is ended from outside.
import { takeLock } from '../../../src/database/lock/take-lock.ts'
import { open } from './open.ts'

const knexConfig = JSON.parse(process.argv[2] ?? '{}')
const keepAlive = setInterval(() => {}, 1_000)
await open({ knexConfig: () => knexConfig }, async (database) => {
  await takeLock(database, { timeoutMs: 0 })
  console.log('held')
  await new Promise(() => {})
})
clearInterval(keepAlive)
