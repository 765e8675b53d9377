import type { ServerAddress } from './server-address.ts'

/** How a dialect's own command-line client is started; it reads SQL from standard input and stops at the first error. */
export interface ClientCommand {
  readonly program: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export const sqliteCommand = (file: string): ClientCommand => ({
  program: 'sqlite3',
  args: ['-batch', '-bail', file],
  env: {},
})

export const postgresCommand = (address: ServerAddress, database: string): ClientCommand => ({
  program: 'psql',
  args: ['--no-psqlrc', '--quiet', '--tuples-only', '--no-align', '--set', 'ON_ERROR_STOP=1', '--file', '-'],
  env: {
    PGHOST: address.socket ?? address.host,
    PGPORT: String(address.port),
    PGUSER: address.user,
    PGPASSWORD: address.password,
    PGDATABASE: database,
  },
})

export const mysqlCommand = (address: ServerAddress, database: string): ClientCommand => {
  const place = address.socket
    ? [`--socket=${address.socket}`]
    : ['--protocol=tcp', `--host=${address.host}`, `--port=${address.port}`]
  return {
    program: 'mariadb',
    // Without --comments the client takes the comments out of the bodies of triggers and routines.
    args: [
      '--no-defaults',
      ...place,
      `--user=${address.user}`,
      '--batch',
      '--comments',
      '--skip-column-names',
      database,
    ],
    env: { MYSQL_PWD: address.password },
  }
}
