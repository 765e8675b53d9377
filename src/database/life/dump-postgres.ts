import { RevError } from '../../errors/index.ts'
import type { Database } from '../database.ts'
import { ownTableNames } from '../tables.ts'
import { runProgram } from './run-program.ts'
import type { SchemaDump } from './schema-dump.ts'
import { readServerVersion } from './server.ts'

const PROGRAM = 'pg_dump'
// What a dump says of itself and of the moment, and not of the schema.
const VOLATILE = /^(?:-- Dumped (?:from|by) .*|\\(?:un)?restrict .*)\n/gm

/** Settings of the driver's connection, as it was opened. */
interface PgConnection {
  readonly host?: unknown
  readonly port?: unknown
  readonly user?: unknown
  readonly database?: unknown
  readonly password?: unknown
  readonly ssl?: unknown
}

export async function dumpPostgres(database: Database, schemas: readonly string[] | undefined): Promise<SchemaDump> {
  const { connection, dialect, tables, settings, signal, description, redactor } = database
  await assertFit(database)
  const own = ownTableNames(tables).map((name) => patternOf(dialect.quote, tables.version.schema, name))
  const args = [
    ...['--schema-only', '--no-owner', '--no-privileges', '--no-password'],
    ...own.map((pattern) => `--exclude-table=${pattern}`),
    ...(schemas ?? []).map((schema) => `--schema=${dialect.quote(schema)}`),
    ...(settings.role === undefined ? [] : [`--role=${settings.role}`]),
  ]
  const ending = await runProgram(PROGRAM, args, { added: environmentOf(connection.raw as PgConnection), signal })
  if (ending?.exitCode !== 0) {
    const reason = redactor.text(ending?.complaint ?? 'it is gone')
    throw new RevError('REV_LIFE_DUMP_FAILED', { program: PROGRAM, database: description.text, reason })
  }
  return { sql: ending.output.replace(VOLATILE, ''), program: PROGRAM }
}

const patternOf = (quote: (name: string) => string, schema: string | undefined, name: string): string =>
  [schema, name].flatMap((part) => (part === undefined ? [] : quote(part))).join('.')

function environmentOf({ host, port, user, database, password, ssl }: PgConnection): Record<string, string> {
  const given = { PGHOST: host, PGPORT: port, PGUSER: user, PGDATABASE: database, PGPASSWORD: password }
  const texts = Object.entries(given).flatMap(([name, value]) =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  )
  return { ...Object.fromEntries(texts), ...(ssl ? { PGSSLMODE: 'require' } : {}) }
}

async function assertFit({ connection, signal }: Database): Promise<void> {
  const { server, version: serverVersion = '' } = await readServerVersion(connection)
  const major = Number.parseInt(serverVersion, 10)
  const install = `install version ${major} of it, or a newer one: apt-get install postgresql-client-${major}, brew install libpq`
  const answer = await runProgram(PROGRAM, ['--version'], { added: {}, signal })
  if (answer === undefined) throw new RevError('REV_LIFE_NO_CLIENT', { programs: [PROGRAM], install })
  const version = /\d+(?:\.\d+)*/.exec(answer.output)?.[0] ?? ''
  if (Number.parseInt(version, 10) >= major) return
  throw new RevError('REV_LIFE_CLIENT_UNFIT', {
    ...{ program: PROGRAM, version, install },
    server: `${server} ${serverVersion}`,
  })
}
