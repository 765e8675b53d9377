/** The three ways of writing SQL that rev can read: where quotes, comments and statements end. */
export type SqlFamily = 'postgresql' | 'mysql' | 'sqlite'

const FAMILIES: Readonly<Record<string, SqlFamily>> = {
  postgresql: 'postgresql',
  cockroachdb: 'postgresql',
  redshift: 'postgresql',
  mysql: 'mysql',
  sqlite: 'sqlite',
}

/** How a dialect's SQL is written, by the dialect's name; undefined for one that rev cannot read. */
export function sqlFamilyOf(dialect: string): SqlFamily | undefined {
  return FAMILIES[dialect]
}
