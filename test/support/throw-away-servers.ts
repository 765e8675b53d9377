import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { accessSync, chmodSync, chownSync, constants, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { ServerAddress } from './server-address.ts'
import { queryMysql, queryPostgres } from './server-connection.ts'

/** A server in a temporary folder, on a free port of the loopback interface. */
export interface ThrowAwayServer {
  readonly address: ServerAddress
  /** Kills the server and all its processes, as a power cut would, and waits until they are gone. */
  crash(): Promise<void>
  /** Starts it again after that, at the same address and on the same files. */
  restart(): Promise<void>
  /** Ends the server and removes its folder. */
  stop(): Promise<void>
}

export interface ThrowAwayOptions {
  /** Keeps what was committed through a crash of the server. Default false, which is faster. */
  readonly durable?: boolean
  /** More options for the server's command line. */
  readonly options?: readonly string[]
}

const execute = promisify(execFile)
const START_LIMIT_MS = 60_000

/** Throws when no `initdb` and `postgres` are installed. */
export async function startPostgres({ options: more = [] }: ThrowAwayOptions = {}): Promise<ThrowAwayServer> {
  const folders = [...pathFolders(), ...versionedFolders('/usr/lib/postgresql')]
  const initdb = findProgram(['initdb'], folders)
  const postgres = findProgram(['postgres'], folders)
  const owner = unprivilegedOwner(['postgres', 'nobody'])
  const folder = newFolder(owner)
  const data = join(folder, 'data')
  const settings = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  await initialise(folder, initdb, ['-D', data, ...settings], owner)

  const port = await freePort()
  const options = [
    `listen_addresses=127.0.0.1`,
    `unix_socket_directories=${folder}`,
    // Of no use against the crash of a process, only against one of the machine.
    'fsync=off',
    'full_page_writes=off',
    ...more,
  ]
  const args = ['-D', data, '-p', String(port), ...options.flatMap((option) => ['-c', option])]
  const start = (): ChildProcess => startServer(postgres, args, folder, owner)
  const address = { host: '127.0.0.1', port, user: 'postgres', password: '', maintenanceDatabase: 'postgres' }
  // SIGINT is PostgreSQL's "fast" shutdown: sessions that are still open do not hold it up.
  return watch(start, folder, 'SIGINT', address, () => queryPostgres(address, 'postgres', 'select 1'))
}

/** Throws when neither MariaDB's nor MySQL's server is installed. */
export async function startMysql({
  durable = false,
  options: more = [],
}: ThrowAwayOptions = {}): Promise<ThrowAwayServer> {
  const folders = [...pathFolders(), '/usr/sbin', '/usr/local/sbin', '/usr/libexec']
  const mysqld = findProgram(['mariadbd', 'mysqld'], folders)
  const owner = unprivilegedOwner(['mysql', 'nobody'])
  const folder = newFolder(owner)
  const data = join(folder, 'data')
  const { stdout: version } = await execute(mysqld, ['--no-defaults', '--version'])
  if (/mariadb/i.test(version)) {
    const install = findProgram(['mariadb-install-db', 'mysql_install_db'], folders)
    const settings = ['--auth-root-authentication-method=normal', '--skip-test-db']
    await initialise(folder, install, ['--no-defaults', `--datadir=${data}`, ...settings], owner)
  } else {
    await initialise(folder, mysqld, ['--no-defaults', '--initialize-insecure', `--datadir=${data}`], owner)
  }

  const port = await freePort()
  const files = [
    `--datadir=${data}`,
    `--socket=${join(folder, 'mysql.sock')}`,
    `--pid-file=${join(folder, 'mysql.pid')}`,
  ]
  const flush = `--innodb-flush-log-at-trx-commit=${durable ? 1 : 0}`
  const options = ['--bind-address=127.0.0.1', `--port=${port}`, '--skip-log-bin', flush, ...more]
  const start = (): ChildProcess => startServer(mysqld, ['--no-defaults', ...files, ...options], folder, owner)
  const address = { host: '127.0.0.1', port, user: 'root', password: '', maintenanceDatabase: 'mysql' }
  return watch(start, folder, 'SIGTERM', address, () => queryMysql(address, 'mysql', 'select 1'))
}

// In a process group of its own, so that a crash takes all its processes at once.
function startServer(program: string, args: readonly string[], folder: string, owner: Owner): ChildProcess {
  return spawn(program, args, { ...owner, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], detached: true })
}

/** Waits until the server answers; the result ends it, and so does the end of this process. */
async function watch(
  start: () => ChildProcess,
  folder: string,
  signal: NodeJS.Signals,
  address: ServerAddress,
  probe: () => Promise<unknown>,
): Promise<ThrowAwayServer> {
  let running = open(start)
  const end = async (how: () => void): Promise<void> => {
    if (!running.hasEnded()) how()
    await running.exit
  }
  const kill = () => {
    killAll(running.server)
    rmSync(folder, { recursive: true, force: true })
  }
  process.once('exit', kill)
  const stop = async () => {
    process.removeListener('exit', kill)
    await end(() => running.server.kill(signal))
    rmSync(folder, { recursive: true, force: true })
  }

  const answers = async (): Promise<void> => {
    const limit = Date.now() + START_LIMIT_MS
    for (;;) {
      try {
        await probe()
        return
      } catch (error) {
        if (!running.hasEnded() && Date.now() < limit) {
          await pause(100)
          continue
        }
        await stop()
        throw new Error(`the server did not start: ${running.log() || String(error)}`)
      }
    }
  }
  await answers()
  return {
    address,
    crash: () => end(() => killAll(running.server)),
    async restart() {
      running = open(start)
      await answers()
    },
    stop,
  }
}

interface RunningServer {
  readonly server: ChildProcess
  readonly exit: Promise<void>
  hasEnded(): boolean
  log(): string
}

function open(start: () => ChildProcess): RunningServer {
  const server = start()
  let log = ''
  let ended = false
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-2000)
  })
  // `close` comes when nobody holds its standard error any more: neither the server nor a process of it.
  const exit = new Promise<void>((resolve) => {
    const end = () => {
      ended = true
      resolve()
    }
    server.on('exit', () => {
      ended = true
    })
    server.on('close', end).on('error', end)
  })
  return { server, exit, hasEnded: () => ended, log: () => log }
}

/** With all the processes that it has started. */
function killAll({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}

interface Owner {
  readonly uid?: number
  readonly gid?: number
}

/** Database servers refuse to run as root; then it is the first of these users that the machine has. */
function unprivilegedOwner(names: readonly string[]): Owner {
  if (process.getuid?.() !== 0) return {}
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of names) {
    const user = users.find(([candidate]) => candidate === name)
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) }
  }
  throw new Error(`running as root, and none of the users ${names.join(', ')} exists`)
}

function newFolder(owner: Owner): string {
  const folder = mkdtempSync(join(tmpdir(), 'rev-server-'))
  chmodSync(folder, 0o755)
  if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
  return folder
}

async function initialise(folder: string, program: string, args: readonly string[], owner: Owner): Promise<void> {
  try {
    await execute(program, args, { ...owner, cwd: folder })
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

const pathFolders = (): string[] => (process.env.PATH ?? '').split(delimiter).filter(Boolean)

/** `/usr/lib/postgresql/17/bin` and so on, the newest first. */
function versionedFolders(folder: string): string[] {
  try {
    const versions = readdirSync(folder).sort((a, b) => Number(b) - Number(a))
    return versions.map((version) => join(folder, version, 'bin'))
  } catch {
    return []
  }
}

function findProgram(names: readonly string[], folders: readonly string[]): string {
  for (const name of names) {
    for (const folder of folders) {
      try {
        accessSync(join(folder, name), constants.X_OK)
        return join(folder, name)
      } catch {}
    }
  }
  throw new Error(`${names.join(' or ')} is not installed`)
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => {
        if (address && typeof address === 'object') resolve(address.port)
        else reject(new Error('no free port'))
      })
    })
  })
}
