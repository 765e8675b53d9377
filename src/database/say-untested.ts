import type { Database } from './open-database.ts'

/** Says that rev does not know the database well, where that is so. */
export function sayUntested({ dialect, description, report }: Database): void {
  if (dialect.tested) return
  const message = `rev is not tested on the Knex client "${description.client}": it goes by the careful defaults for ${dialect.name}`
  report({ type: 'notice', code: 'REV_NOTICE_UNTESTED_DIALECT', message })
}
