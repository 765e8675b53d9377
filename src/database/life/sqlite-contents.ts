import type { Database } from '../database.ts'
import type { ContentsOfDialect, DatabaseObject } from './contents-of-dialect.ts'
import { stoppable } from './stoppable.ts'

/** In one transaction: all or nothing. Indexes and triggers go with their tables. */
export const sqliteContents: ContentsOfDialect = {
  list: listObjects,
  async drop(database, _emptied, objects) {
    const { connection } = database
    const { quote } = database.dialect
    const foreignKeys = (await connection.query('pragma foreign_keys')).rows[0]?.foreign_keys === 1
    await connection.query('pragma foreign_keys = off')
    const query = stoppable(database)
    try {
      await query('begin immediate')
      try {
        const wanted = new Set(objects.map(keyOf))
        // Virtual tables first: their shadows go with them.
        const ordered = [...(await listObjects(database))].sort((one, other) => rankOf(one) - rankOf(other))
        for (const object of ordered) {
          if (!wanted.has(keyOf(object))) continue
          const word = object.kind === 'view' ? 'view' : 'table'
          await query(`drop ${word} if exists main.${quote(object.name)}`)
        }
        await query('commit')
      } catch (error) {
        await connection.query('rollback').catch(() => undefined)
        throw error
      }
    } finally {
      if (foreignKeys) await connection.query('pragma foreign_keys = on')
    }
  },
}

const keyOf = ({ kind, name }: DatabaseObject): string => JSON.stringify([kind, name])
const rankOf = ({ kind }: DatabaseObject): number => ['view', 'virtual table', 'table'].indexOf(kind)

async function listObjects({ connection }: Database): Promise<DatabaseObject[]> {
  const { rows } = await connection.query(
    `select case when sql like 'create virtual%' then 'virtual table' else type end as kind, name from main.sqlite_master
     where type in ('table', 'view') and substr(name, 1, 7) <> 'sqlite_' order by 1, 2`,
  )
  return rows.map(({ kind, name }) => ({ kind: String(kind), schema: 'main', name: String(name) }))
}
