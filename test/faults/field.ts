import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { TestDatabase } from '../support/databases.ts'
import { type RunningProcess, type RunResult, startRev } from '../support/run-cli.ts'
import { createTempProject, type TempProject } from '../support/temp-project.ts'

/** A project on a database, in which rev is somebody of its own, so that what it leaves behind can be told from the rest. */
export interface Field {
  readonly db: TestDatabase
  readonly project: TempProject
  /** As whom rev connects; means nothing on SQLite. */
  readonly user: string
  /** How the project connects. */
  readonly config: Knex.Config
  start(args: readonly string[], env?: Readonly<Record<string, string>>): RunningProcess
  rev(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult>
  /** Waits until the server has nothing to do for rev any more; throws when that takes longer than a minute. */
  settle(): Promise<void>
  /** The rows of the version table, sorted; none when there is no table. */
  rows(): Promise<string[]>
  /** What is left of rev though none is running: a lock, a session, a file. Empty when nothing is. */
  leftovers(): Promise<string[]>
  remove(): Promise<void>
}

const SETTLE_LIMIT_MS = 60_000

/** The caller removes it. `server`: another way to the same database, through a proxy for example. */
export async function createField(db: TestDatabase, server: { host?: string; port?: number } = {}): Promise<Field> {
  const project = createTempProject({ lifetime: 'manual' })
  const temporary = join(project.path, 'tmp')
  mkdirSync(temporary)
  const user = `rev_fault_${randomBytes(4).toString('hex')}`
  await createUser(db, user)
  const own = db.dialect === 'sqlite' ? {} : { ...server, user, password: user }
  const given = db.knexConfig()
  const config = { ...given, connection: { ...(given.connection as object), ...own } } as Knex.Config
  project.write('knexfile.json', JSON.stringify(config))

  const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}): RunningProcess =>
    startRev(args, { cwd: project.path, env: { TMPDIR: temporary, ...env } })
  const rev = (args: readonly string[], env?: Readonly<Record<string, string>>) => start(args, env).done
  const sessions = () => sessionsOf(db, user)

  const settle = async (): Promise<void> => {
    const limit = Date.now() + SETTLE_LIMIT_MS
    for (;;) {
      const left = await sessions()
      if (left.length === 0) return
      if (Date.now() > limit) throw new Error(`the server is still at it: ${left.join('; ')}`)
      await pause(20)
    }
  }
  const rows = async (): Promise<string[]> => {
    if (!(await db.tables()).includes('rev_version')) return []
    return (await db.knex()('rev_version').pluck('version_num')).map(String).sort()
  }
  const leftovers = async (): Promise<string[]> => {
    const left = (await sessions()).map((session) => `a session: ${session}`)
    const lock = await rev(['lock', '--json'])
    if (lock.code !== 0 || JSON.parse(lock.stdout).held !== false) left.push(`the lock: ${lock.stdout}${lock.stderr}`)
    // Rev itself was just here.
    left.push(...filesIn(temporary).map((file) => `a temporary file: ${file}`))
    if (db.dialect === 'sqlite') left.push(...sqliteFiles(db.name).map((file) => `a file beside the database: ${file}`))
    return left
  }
  const remove = async (): Promise<void> => {
    project.remove()
    await dropUser(db, user)
  }
  return { db, project, user, config, start, rev, settle, rows, leftovers, remove }
}

async function createUser(db: TestDatabase, user: string): Promise<void> {
  if (db.dialect === 'postgresql') await db.knex().raw(`create role ${user} login superuser password '${user}'`)
  if (db.dialect !== 'mysql') return
  await db.knex().raw(`create user '${user}'@'%' identified by '${user}'`)
  await db.knex().raw(`grant all on *.* to '${user}'@'%'`)
}

async function dropUser(db: TestDatabase, user: string): Promise<void> {
  if (db.dialect === 'postgresql') {
    await db.knex().raw(`drop owned by ${user} cascade`)
    await db.knex().raw(`drop role ${user}`)
  }
  if (db.dialect === 'mysql') await db.knex().raw(`drop user '${user}'@'%'`)
}

/** What the server has open for a user, one line each. */
async function sessionsOf(db: TestDatabase, user: string): Promise<string[]> {
  if (db.dialect === 'sqlite') return []
  if (db.dialect === 'postgresql') {
    const rows = await db.knex()('pg_stat_activity').where({ usename: user }).select('pid', 'state', 'query')
    return rows.map(({ pid, state, query }) => `${pid} ${state} ${query}`)
  }
  const rows = await db.knex()('information_schema.processlist').where({ user }).select('id', 'command', 'info')
  return rows.map((row) => Object.values(row).join(' '))
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))

/** A journal that was not played back, or anything else but the database and the file of its lock. */
const sqliteFiles = (file: string): string[] => {
  const expected = [basename(file), `${basename(file)}-rev-lock`]
  return readdirSync(dirname(file)).filter((name) => !expected.includes(name))
}
