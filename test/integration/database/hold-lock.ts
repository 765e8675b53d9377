// A process of its own: takes the lock of the database whose Knex configuration is its argument, says "held", and keeps
// it until it is ended from outside.
import { type RunLock, takeLock } from '../../../src/database/lock/take-lock.ts'
import { open } from './open.ts'

const knexConfig = JSON.parse(process.argv[2] ?? '{}')
let lock: RunLock | undefined
// What nothing refers to is collected, and a connection to SQLite is closed with it: the timer keeps the lock alive.
const keepAlive = setInterval(() => lock?.watch(), 1_000)
await open({ knexConfig: () => knexConfig }, async (database) => {
  lock = await takeLock(database, { timeoutMs: 0 })
  console.log('held')
  await new Promise(() => {})
})
clearInterval(keepAlive)
