import { execFileSync } from 'node:child_process'
import { mysqlCommand, postgresCommand } from '../../support/database-clients.ts'
import type { TestDatabase } from '../../support/databases.ts'

const own = ['rev_version', 'rev_event', 'rev_meta', 'rev_step']

/** The whole database as its own dump program writes it: schema and rows, bytes as hex, without rev's own tables. */
export function nativeDump(db: TestDatabase): string {
  return normalise(dump(db))
}

function dump({ dialect, name, address }: TestDatabase): string {
  const run = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
    execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env }, maxBuffer: 2 ** 28 })
  if (dialect === 'sqlite') {
    return withoutOwnTables(run('sqlite3', [name, '.dump']))
  }
  if (address === undefined) throw new Error(`no server for ${dialect}`)
  if (dialect === 'postgresql') {
    const { env } = postgresCommand(address, name)
    return run('pg_dump', ['--inserts', '--no-owner', '--exclude-table=rev_*', name], env)
  }
  const { args, env } = mysqlCommand(address, name)
  const connection = args.filter((argument) => /^--(?:no-defaults|socket|protocol|host|port|user)/.test(argument))
  const what = [
    '--skip-comments',
    '--hex-blob',
    '--routines',
    '--triggers',
    '--events',
    '--skip-extended-insert',
    '--order-by-primary',
  ]
  return run(
    'mariadb-dump',
    [...connection, ...what, ...own.map((table) => `--ignore-table=${name}.${table}`), name],
    env,
  )
}

// SQLite has no option for it. One statement may take many lines, but those of rev's own tables take one each.
function withoutOwnTables(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(?:CREATE TABLE(?: IF NOT EXISTS)?|INSERT INTO) ["`']?rev_\w+/i.test(line))
    .join('\n')
}

// What a dump says of itself and not of the database.
function normalise(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(?:--|\\(?:un)?restrict|SET @saved|\/\*M?!\d* ?SET )/.test(line))
    .join('\n')
}
