import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { RevError } from '../../errors/index.ts'
import { makeTemporaryFolder } from '../../script/temporary-folder.ts'
import type { Database } from '../database.ts'
import { ownTableNames } from '../tables.ts'
import { askName } from './drop-database.ts'
import { runProgram } from './run-program.ts'
import type { SchemaDump } from './schema-dump.ts'
import { readServerVersion } from './server.ts'

/** Settings of the driver's connection, as it was opened. */
interface MysqlConnection {
  readonly config?: Readonly<Record<'host' | 'port' | 'user' | 'password' | 'socketPath' | 'ssl', unknown>>
}

export async function dumpMysql(database: Database, schemas: readonly string[] | undefined): Promise<SchemaDump> {
  const { connection, tables, signal, description, redactor } = database
  const { server } = await readServerVersion(connection)
  const { program, isMariaDb } = await findProgram(server === 'MariaDB', signal)
  const places = schemas ?? [await askName(database)]
  const args = [
    ...['--no-data', '--routines', '--events', '--triggers', '--skip-comments', '--skip-add-drop-table'],
    ...['--single-transaction', '--skip-lock-tables', '--no-tablespaces'],
    // MySQL's own program asks every server for what only MySQL has.
    ...(isMariaDb ? [] : ['--set-gtid-purged=OFF', ...(server === 'MariaDB' ? ['--column-statistics=0'] : [])]),
    ...ownTableNames(tables).map((name) => `--ignore-table=${tables.version.schema ?? ''}.${name}`),
    ...(places.length === 1 ? ['--', ...places] : ['--databases', '--', ...places]),
  ]
  // Only this user can read it: a password on the command line could be read by all.
  const folder = makeTemporaryFolder('rev-')
  try {
    const file = join(folder, 'client.cnf')
    writeFileSync(file, optionFile(connection.raw as MysqlConnection, isMariaDb), { mode: 0o600 })
    const ending = await runProgram(program, [`--defaults-file=${file}`, ...args], { added: {}, signal })
    if (ending?.exitCode !== 0) {
      const reason = redactor.text(ending?.complaint ?? 'it is gone')
      throw new RevError('REV_LIFE_DUMP_FAILED', { program, database: description.text, reason })
    }
    const implied = await findImpliedStarts(database, places)
    return { sql: withoutImpliedStarts(withoutVolatile(ending.output), implied), program }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Program {
  readonly program: string
  readonly isMariaDb: boolean
}

async function findProgram(serverIsMariaDb: boolean, signal: AbortSignal): Promise<Program> {
  const programs = serverIsMariaDb ? ['mariadb-dump', 'mysqldump'] : ['mysqldump', 'mariadb-dump']
  for (const program of programs) {
    const answer = await runProgram(program, ['--version'], { added: {}, signal })
    if (answer !== undefined) return { program, isMariaDb: /mariadb/i.test(answer.output) }
  }
  const [debian, brew] = serverIsMariaDb ? ['mariadb-client', 'mariadb'] : ['mysql-client', 'mysql-client']
  throw new RevError('REV_LIFE_NO_CLIENT', {
    programs,
    install: `install it: apt-get install ${debian}, brew install ${brew}`,
  })
}

function optionFile({ config }: MysqlConnection, isMariaDb: boolean): string {
  const { host, port, user, password, socketPath, ssl } = config ?? {}
  const place =
    typeof socketPath === 'string'
      ? { socket: socketPath }
      : { host: host ?? 'localhost', port: port ?? 3306, protocol: 'tcp' }
  // Newer clients of MariaDB want a certificate that they can prove, where the driver would not.
  const tls = ssl
    ? { [isMariaDb ? 'ssl' : 'ssl-mode']: isMariaDb ? 1 : 'REQUIRED' }
    : isMariaDb
      ? { 'loose-ssl-verify-server-cert': 0 }
      : {}
  const lines = Object.entries({ user, password, ...place, ...tls }).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [`${name}=${quoted(String(value))}`] : [],
  )
  return `[client]\n${lines.join('\n')}\n`
}

const quoted = (value: string): string =>
  `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`

// The sandbox line and the counters tell of the program and of rows, the definers of who made it here.
function withoutVolatile(text: string): string {
  return (
    text
      .replace(/^\/\*M?!999999.*\n/m, '')
      .replace(/^(\) ENGINE=.*?) AUTO_INCREMENT=\d+/gm, '$1')
      .replace(/^(?:\/\*!50013 DEFINER=.*? (SQL SECURITY \w+) \*\/)$/gm, '/*!50013 $1 */')
      .replace(/^(\/\*!\d+ CREATE\*\/) \/\*!\d+ DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*`\*\//gm, '$1')
      .replace(/^(CREATE )DEFINER=`(?:[^`]|``)*`@`(?:[^`]|``)*` /gm, '$1')
      // So it is where the mode of a routine is ORACLE.
      .replace(/^(CREATE )DEFINER="(?:[^"]|"")*"@"(?:[^"]|"")*" /gm, '$1')
  )
}

const startKey = (event: string, starts: string): string => JSON.stringify([event, starts])

/** The events whose schedule says no moment to begin at: the server has put in the one at which they were made. */
async function findImpliedStarts({ connection }: Database, schemas: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await connection.query(
    `select event_name as name, cast(starts as char) as starts from information_schema.events
     where event_schema in (${schemas.map(() => '?').join(', ')})
       and abs(timestampdiff(second, created, starts)) <= 1`,
    schemas,
  )
  return new Set(rows.map(({ name, starts }) => startKey(String(name), String(starts))))
}

function withoutImpliedStarts(text: string, implied: ReadonlySet<string>): string {
  return text.replace(
    /^(\/\*!\d+ CREATE\*\/.* EVENT `((?:[^`]|``)*)` ON SCHEDULE EVERY .*?) STARTS '([^']*)'/gm,
    (whole, schedule: string, event: string, starts: string) =>
      implied.has(startKey(event.replaceAll('``', '`'), starts)) ? schedule : whole,
  )
}
