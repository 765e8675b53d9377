import type { DialectName } from '../../../support/databases.ts'
import type { Chapter } from './chapters.ts'
import { mysqlChapter } from './mysql.ts'
import { portableChapter } from './portable.ts'
import { postgresqlChapter } from './postgresql.ts'
import { sqliteChapter } from './sqlite.ts'

/** The projects that run on a dialect, by their title. */
export function chaptersOf(dialect: DialectName): readonly (readonly [string, Chapter])[] {
  const own = { postgresql: postgresqlChapter, mysql: mysqlChapter, sqlite: sqliteChapter }[dialect]
  return [
    ['a project for any database', portableChapter],
    ['a project for this database alone', own],
  ]
}
