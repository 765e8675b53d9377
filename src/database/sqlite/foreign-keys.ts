import type { PinnedConnection } from '../pinned-connection.ts'

// SQLite ignores the pragma inside a transaction, and with foreign keys on the DROP TABLE of Knex's table rebuilds
// deletes the rows of ON DELETE CASCADE children. So they are off from before BEGIN, and checked before COMMIT.

/** One row whose parent does not exist. */
export interface Violation {
  readonly table: string
  /** Null for tables WITHOUT ROWID. */
  readonly rowid: number | null
  readonly parent: string
}

const HARMLESS =
  /^\s*(?:create\s+(?:unique\s+)?(?:table|index|view|trigger)|select|pragma|explain|savepoint|release)\b/i

/** Whether rows can refer to nothing after this statement that did not before. */
export function mayOrphan(sql: string): boolean {
  return !HARMLESS.test(sql)
}

/** Turns foreign keys off for the next transaction; the answer says whether they were on, and puts them back. */
export async function suspendForeignKeys(
  connection: PinnedConnection,
): Promise<{ readonly wereOn: boolean; restore(): Promise<void> }> {
  const wereOn = await areForeignKeysOn(connection)
  if (wereOn) await connection.query('PRAGMA foreign_keys = OFF')
  return {
    wereOn,
    async restore() {
      if (wereOn) await connection.query('PRAGMA foreign_keys = ON')
    },
  }
}

export async function areForeignKeysOn(connection: PinnedConnection): Promise<boolean> {
  const { rows } = await connection.query('PRAGMA foreign_keys')
  return Number(rows[0]?.foreign_keys) === 1
}

/** Every violation in the database. */
export async function readViolations(connection: PinnedConnection): Promise<Violation[]> {
  const { rows } = await connection.query('PRAGMA foreign_key_check')
  return rows.map(({ table, rowid, parent }) => ({
    table: String(table),
    rowid: rowid === null ? null : Number(rowid),
    parent: String(parent),
  }))
}

/**
 * The violations that were not there before. A rebuilt table may number its rows anew, so a table is only blamed for
 * more of them than it had.
 */
export function newViolations(before: readonly Violation[], after: readonly Violation[]): Violation[] {
  const known = new Set(before.map(rowKey))
  const allowed = new Map<string, number>()
  for (const violation of before) allowed.set(tableKey(violation), (allowed.get(tableKey(violation)) ?? 0) + 1)
  const found = new Map<string, Violation[]>()
  for (const violation of after) {
    const key = tableKey(violation)
    found.set(key, [...(found.get(key) ?? []), violation])
  }
  return [...found].flatMap(([key, violations]) => {
    const surplus = violations.length - (allowed.get(key) ?? 0)
    if (surplus <= 0) return []
    const unknown = violations.filter((violation) => !known.has(rowKey(violation)))
    return unknown.length > 0 ? unknown : violations.slice(-surplus)
  })
}

const tableKey = ({ table, parent }: Violation): string => JSON.stringify([table, parent])
const rowKey = ({ table, rowid, parent }: Violation): string => JSON.stringify([table, rowid, parent])
