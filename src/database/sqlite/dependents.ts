/** The rows that a database gives to one statement. Throws what the database says. */
export type AskSqlite = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** A view, or the triggers of one table, with the statements that make SQLite compile it. */
interface Dependent {
  readonly name: string
  readonly probes: readonly string[]
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

/**
 * Which views and triggers SQLite can compile now. It does not look at them when a table is dropped or renamed the old
 * way, and would only fail when somebody uses them.
 */
export async function readSoundDependents(ask: AskSqlite): Promise<Set<string>> {
  const sound = new Set<string>()
  for (const dependent of await readDependents(ask)) {
    if ((await findFault(ask, dependent)) === undefined) sound.add(dependent.name)
  }
  return sound
}

/** The first of `sound` that is still there and cannot be compiled any more. */
export async function findBroken(
  ask: AskSqlite,
  sound: ReadonlySet<string>,
): Promise<{ name: string; reason: string } | undefined> {
  for (const dependent of await readDependents(ask)) {
    if (!sound.has(dependent.name)) continue
    const reason = await findFault(ask, dependent)
    if (reason !== undefined) return { name: dependent.name, reason }
  }
  return undefined
}

async function readDependents(ask: AskSqlite): Promise<Dependent[]> {
  const rows = await ask(
    "SELECT type, name, tbl_name FROM sqlite_master WHERE type = 'view' OR (type = 'trigger' AND tbl_name IN (SELECT name FROM sqlite_master WHERE type = 'table'))",
  )
  const tables = new Set(rows.filter(({ type }) => type === 'trigger').map(({ tbl_name }) => String(tbl_name)))
  const dependents: Dependent[] = rows
    .filter(({ type }) => type === 'view')
    .map(({ name }) => ({ name: `view "${name}"`, probes: [`SELECT 1 FROM ${quoted(String(name))} LIMIT 0`] }))
  for (const table of tables) {
    dependents.push({ name: `triggers of "${table}"`, probes: await triggerProbes(ask, table) })
  }
  return dependents
}

// All columns are named, so that triggers on the update of one column are compiled, too.
async function triggerProbes(ask: AskSqlite, table: string): Promise<string[]> {
  const rows = await ask(`PRAGMA table_info(${quoted(table)})`)
  const columns = rows.map(({ name }) => `${quoted(String(name))} = ${quoted(String(name))}`).join(', ')
  const name = quoted(table)
  return [
    `EXPLAIN INSERT INTO ${name} DEFAULT VALUES`,
    `EXPLAIN UPDATE ${name} SET ${columns}`,
    `EXPLAIN DELETE FROM ${name}`,
  ]
}

async function findFault(ask: AskSqlite, { probes }: Dependent): Promise<string | undefined> {
  for (const probe of probes) {
    try {
      await ask(probe)
    } catch (error) {
      return reasonOf(error)
    }
  }
  return undefined
}

/** SQLite's own words of an error of rev's SQL, or of the driver's error itself. */
export function reasonOf(error: unknown): string {
  const { cause, details } = error as { cause?: unknown; details?: { sql?: string } }
  const { message: words } =
    cause instanceof Error ? cause : error instanceof Error ? error : { message: String(error) }
  const prefix = `${details?.sql} - `
  return words.startsWith(prefix) ? words.slice(prefix.length) : words
}
