import { RevError } from '../../errors/index.ts'
import type { PinnedConnection } from '../pinned-connection.ts'
import { type AskSqlite, findBroken, readSoundDependents, reasonOf } from './dependents.ts'
import { areForeignKeysOn } from './foreign-keys.ts'

// Knex changes a table of SQLite by copying it: CREATE "_knex_temp_alterNNN", INSERT ... SELECT, DROP the old one,
// RENAME the copy. Dropping loses the triggers and the AUTOINCREMENT mark, which are put back after the renaming; and
// the renaming fails when a view names the table, unless SQLite is told not to look (`legacy_alter_table`), which must
// hold for this one statement only: an ordinary renaming would leave the children pointing at nothing.

const COPY = /^INSERT INTO "(_knex_temp_alter\d+)" SELECT [\s\S]* FROM "([^"]+)";?$/
const RENAME = /^ALTER TABLE "(_knex_temp_alter\d+)" RENAME TO "([^"]+)";?$/

/** A statement of Knex that is part of a rebuild. */
export interface RebuildStatement {
  readonly does: 'copy' | 'rename'
  /** The copy, as Knex calls it until it has the table's name. */
  readonly temporary: string
  readonly table: string
}

/** What a statement does in a rebuild of Knex's; undefined for all that need no care. */
export function rebuildStatement(sql: string): RebuildStatement | undefined {
  const [, copied, source] = COPY.exec(sql) ?? []
  if (copied !== undefined && source !== undefined) return { does: 'copy', temporary: copied, table: source }
  const [, renamed, target] = RENAME.exec(sql) ?? []
  if (renamed !== undefined && target !== undefined) return { does: 'rename', temporary: renamed, table: target }
  return undefined
}

/** The tables, as `name`, with a foreign key to this one that are not the table itself; its name is a literal. */
export function childrenSql(table: string): string {
  return `SELECT DISTINCT m.name AS name FROM sqlite_master m, pragma_foreign_key_list(m.name) f
      WHERE m.type = 'table' AND lower(f."table") = lower(${table}) AND lower(m.name) <> lower(${table})`
}

/** The triggers of a table, as `name` and `sql`, in the order in which they were made; its name is a literal. */
export function triggersSql(table: string): string {
  return `SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(${table}) ORDER BY rowid`
}

/** Why a rebuild is refused that would delete rows of children. */
export const DELETES_CHILDREN = 'foreign keys are on in this transaction, so dropping the old table deletes them'

interface Snapshot {
  readonly triggers: readonly { readonly name: string; readonly sql: string }[]
  /** The AUTOINCREMENT mark; undefined when the table has none. */
  readonly mark: string | undefined
}

/** Watches the rebuilds of one step. */
export interface TableRebuilds {
  /** How to send the statement; undefined when it is no part of a rebuild. */
  surround(sql: string): ((send: () => Promise<unknown>) => Promise<unknown>) | undefined
  /** Throws REV_STEP_SQLITE_REBUILD when a view or trigger that worked before the step does not any more. */
  check(): Promise<void>
}

export function createTableRebuilds(
  connection: PinnedConnection,
  step: { readonly revision: string; readonly file: string | undefined },
): TableRebuilds {
  const ask: AskSqlite = async (sql) => (await connection.query(sql)).rows
  const snapshots = new Map<string, Snapshot>()
  let sound: ReadonlySet<string> | undefined
  let lastTable = ''

  const refuse = (table: string, lost: readonly string[], reason: string, cause?: unknown): RevError =>
    new RevError('REV_STEP_SQLITE_REBUILD', { ...step, table, lost, reason }, { cause })

  const copy = async (temporary: string, table: string, send: () => Promise<unknown>): Promise<unknown> => {
    const children = (await areForeignKeysOn(connection)) ? await readChildren(connection, table) : []
    if (children.length > 0) {
      const lost = children.map((child) => `rows of "${child === temporary ? table : child}"`)
      throw refuse(table, lost, DELETES_CHILDREN)
    }
    lastTable = table
    sound ??= await readSoundDependents(ask)
    snapshots.set(temporary, {
      triggers: await readTriggers(connection, table),
      mark: await readMark(connection, table),
    })
    return send()
  }

  const rename = async (temporary: string, table: string, send: () => Promise<unknown>): Promise<unknown> => {
    const answer = await withLegacyRename(connection, send)
    const snapshot = snapshots.get(temporary)
    for (const { name, sql } of snapshot?.triggers ?? []) {
      try {
        await connection.query(sql)
      } catch (cause) {
        throw refuse(table, [`trigger "${name}"`], reasonOf(cause), cause)
      }
    }
    if (snapshot?.mark !== undefined) await restoreMark(connection, table, snapshot.mark)
    return answer
  }

  return {
    surround(sql) {
      const found = rebuildStatement(sql)
      if (found === undefined) return undefined
      const { does, temporary, table } = found
      return (send) => (does === 'copy' ? copy : rename)(temporary, table, send)
    },
    async check() {
      const broken = sound === undefined ? undefined : await findBroken(ask, sound)
      if (broken !== undefined) throw refuse(lastTable, [broken.name], broken.reason)
    },
  }
}

async function withLegacyRename(connection: PinnedConnection, send: () => Promise<unknown>): Promise<unknown> {
  await connection.query('PRAGMA legacy_alter_table = ON')
  try {
    return await send()
  } finally {
    await connection.query('PRAGMA legacy_alter_table = OFF')
  }
}

/** Makes ordinary renames update the tables that refer to the renamed one; the answer puts the setting back. */
export async function forbidLegacyRename(connection: PinnedConnection): Promise<() => Promise<void>> {
  const { rows } = await connection.query('PRAGMA legacy_alter_table')
  if (Number(rows[0]?.legacy_alter_table) !== 1) return async () => {}
  await connection.query('PRAGMA legacy_alter_table = OFF')
  return async () => {
    await connection.query('PRAGMA legacy_alter_table = ON')
  }
}

async function readChildren(connection: PinnedConnection, table: string): Promise<string[]> {
  const { rows } = await connection.query(childrenSql('?'), [table, table])
  return rows.map(({ name }) => String(name))
}

async function readTriggers(connection: PinnedConnection, table: string): Promise<Snapshot['triggers']> {
  const { rows } = await connection.query(triggersSql('?'), [table])
  return rows.map(({ name, sql }) => ({ name: String(name), sql: String(sql) }))
}

// As text: no number of JavaScript holds all marks, and the driver would bind one as a float.
async function readMark(connection: PinnedConnection, table: string): Promise<string | undefined> {
  const exists = await connection.query("SELECT 1 AS found FROM sqlite_master WHERE name = 'sqlite_sequence'")
  if (exists.rows.length === 0) return undefined
  const { rows } = await connection.query(
    'SELECT CAST(seq AS TEXT) AS mark FROM sqlite_sequence WHERE lower(name) = lower(?)',
    [table],
  )
  return rows[0] === undefined ? undefined : String(rows[0].mark)
}

// An empty copy has no row of its own; one with rows has the highest number that is in use now.
async function restoreMark(connection: PinnedConnection, table: string, mark: string): Promise<void> {
  const { rows } = await connection.query("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table])
  if (!/\bAUTOINCREMENT\b/i.test(String(rows[0]?.sql))) return
  const now = await readMark(connection, table)
  const sql =
    now === undefined
      ? 'INSERT INTO sqlite_sequence (seq, name) VALUES (CAST(? AS INTEGER), ?)'
      : 'UPDATE sqlite_sequence SET seq = max(seq, CAST(? AS INTEGER)) WHERE name = ?'
  await connection.query(sql, [mark, table])
}
