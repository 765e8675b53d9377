import type { Knex } from 'knex'

const { DATABASE_URL, POSTGRES_URL, MYSQL_URL } = process.env

const environments: Record<string, Knex.Config> = {
  development: {
    client: 'better-sqlite3',
    connection: { filename: './dev.sqlite3' },
    useNullAsDefault: true,
  },

  postgres: {
    client: 'pg',
    connection: POSTGRES_URL ?? DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/rev_example',
    rev: { lockTimeout: '2m' },
  },

  // MySQL and MariaDB.
  mysql: {
    client: 'mysql2',
    connection: MYSQL_URL ?? DATABASE_URL ?? 'mysql://root@127.0.0.1:3306/rev_example',
    rev: { lockTimeout: '2m' },
  },
}

export default environments
