import { existsSync, realpathSync, statSync } from 'node:fs'
import { RevError } from '../../errors/index.ts'
import { hintFor } from '../known-errors.ts'
import type { Database } from '../open-database.ts'
import { findRunning } from './find-running.ts'
import { toHolder } from './lock-holder.ts'
import type { LockKind } from './lock-kind.ts'

/** What rev asks of the driver's own connection to the lock file. */
interface LockFile {
  begin(): Promise<void>
  isOpen(): boolean
  close(): Promise<void>
}

/**
 * SQLite's lock: a second connection that keeps an exclusive transaction on an empty database beside the real one. The
 * application's reads and writes go on, and the operating system frees it the moment the process ends. The file stays:
 * deleting it would let a waiting run lock a file that nobody else sees. Undefined for a database in memory.
 */
export async function sidecarLock(database: Database): Promise<LockKind | undefined> {
  const file = await findFile(database)
  if (file === undefined) return undefined
  const path = lockFileOf(file)
  const identity = identityOf(file)
  let lock: LockFile | undefined
  let inode: number | undefined

  const close = async (): Promise<void> => {
    const open = lock
    lock = undefined
    await open?.close()
  }
  return {
    async tryTake() {
      try {
        lock ??= await openLockFile(database, path)
        await lock.begin()
        inode = statSync(path).ino
        // Whoever held the lock may have dropped the file that this connection still has open.
        if (identityOf(file) !== identity) throw new Error('the database was dropped or replaced in the meantime')
        return true
      } catch (error) {
        // Closed at once, so that no ending can leave it open.
        await close()
        if (isBusy(error)) return false
        throw lockFailed(database, path, error)
      }
    },
    // Somebody who deletes the file lets the next run lock a new one.
    isHeld: async () => lock?.isOpen() === true && statSync(path, { throwIfNoEntry: false })?.ino === inode,
    async findHolder() {
      // The file says that it is locked, and not by whom; the log may know.
      const running = await findRunning(database)
      return running && toHolder({ name: running.text, process: running.process })
    },
    async release() {
      const held = lock?.isOpen() === true
      await close()
      return held
    },
  }
}

/** Whether a run holds the lock now; tried without waiting and given back at once. Makes no lock file that is not there. */
export async function isSidecarLocked(database: Database): Promise<boolean> {
  const file = await findFile(database)
  if (file === undefined || !existsSync(lockFileOf(file))) return false
  const lock = await sidecarLock(database)
  if (lock === undefined) return false
  const taken = await lock.tryTake()
  await lock.release()
  return !taken
}

/** The lock file of a database file. */
export function lockFileOf(file: string): string {
  return `${file}-rev-lock`
}

/** The file of a database, without symbolic links in its path; undefined for one in memory. */
export async function findFile({ connection }: Pick<Database, 'connection'>): Promise<string | undefined> {
  const { rows } = await connection.query('select name, file from pragma_database_list')
  const file = rows.find(({ name }) => name === 'main')?.file
  return typeof file === 'string' && file !== '' ? realpathSync(file) : undefined
}

// The number alone may be given to the next file.
function identityOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  return found && `${found.dev}:${found.ino}:${found.birthtimeMs}`
}

const isBusy = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY')

function lockFailed({ description }: Database, path: string, cause: unknown): RevError {
  const remedy = hintFor(cause)
  const reason = `${path}: ${cause instanceof Error ? cause.message : String(cause)}`
  const details = { database: description.text, reason, ...(remedy === undefined ? {} : { remedy }) }
  return new RevError('REV_DATABASE_LOCK_FAILED', details, { cause })
}

function openLockFile({ connection }: Database, path: string): Promise<LockFile> {
  const { driver } = connection.client as { driver?: unknown }
  return typeof driver === 'function'
    ? openBetter(driver as BetterDriver, path)
    : openSqlite3(driver as Sqlite3Driver, path)
}

interface BetterDriver {
  new (
    path: string,
    options: { timeout: number },
  ): { readonly open: boolean; readonly inTransaction: boolean; exec(sql: string): unknown; close(): unknown }
}

async function openBetter(Driver: BetterDriver, path: string): Promise<LockFile> {
  // Timeout 0: this driver blocks the process while it waits, and nothing could interrupt it.
  const file = new Driver(path, { timeout: 0 })
  return {
    begin: async () => {
      file.exec('BEGIN EXCLUSIVE')
    },
    isOpen: () => file.open && file.inTransaction,
    close: async () => {
      file.close()
    },
  }
}

type Callback = (error: Error | null) => void

interface Sqlite3Driver {
  Database: new (
    path: string,
    opened: Callback,
  ) => {
    configure(option: 'busyTimeout', value: number): void
    exec(sql: string, done: Callback): void
    close(done: Callback): void
  }
}

async function openSqlite3(driver: Sqlite3Driver, path: string): Promise<LockFile> {
  const settle = (start: (done: Callback) => void): Promise<void> =>
    new Promise((resolve, reject) => start((error) => (error ? reject(error) : resolve())))
  let open = false
  let file: InstanceType<Sqlite3Driver['Database']> | undefined
  await settle((done) => {
    file = new driver.Database(path, done)
  })
  const opened = file
  if (opened === undefined) throw new RevError('REV_INTERNAL', { what: 'sqlite3 opened a file and gave no connection' })
  opened.configure('busyTimeout', 0)
  return {
    begin: async () => {
      await settle((done) => opened.exec('BEGIN EXCLUSIVE', done))
      open = true
    },
    isOpen: () => open,
    close: async () => {
      open = false
      await settle((done) => opened.close(done))
    },
  }
}
