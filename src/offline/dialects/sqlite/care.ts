import { type AskSqlite, findBroken, readSoundDependents } from '../../../database/sqlite/dependents.ts'
import {
  childrenSql,
  DELETES_CHILDREN,
  type RebuildStatement,
  rebuildStatement,
  triggersSql,
} from '../../../database/sqlite/table-rebuild.ts'
import { RevError } from '../../../errors/index.ts'
import type { ScriptStep, StepCare, StepSession } from '../script-dialect.ts'
import type { SessionState } from './session-state.ts'
import { sqlName, sqlText } from './sql-text.ts'

export interface RebuildCare {
  readonly step: ScriptStep
  readonly session: StepSession
  readonly state: SessionState
  /** A name for one AUTOINCREMENT mark that the script remembers. */
  mark(): string
  /** A check of the script, which the version rows wait for; the empty text without a guard. */
  prove(kind: string, message: string, condition: string): string
  /** The same, and what is open is rolled back. */
  proveOrRollBack(kind: string, message: string, condition: string): string
}

/** The triggers of a table, in the order in which they are put back. */
type Triggers = readonly { readonly name: string; readonly sql: string }[]

const ASKS_FOREIGN_KEYS = /^\s*pragma\s+foreign_keys\s*;?\s*$/i
const ASKS_VIOLATIONS = /^\s*pragma\s+foreign_key_check\s*;?\s*$/i

/**
 * What an online run does around Knex's rebuild of a table, as part of the script: what is known of the schema comes from
 * the shadow, and the script proves that it is the same in the database; what depends on rows is SQL.
 */
export async function careForRebuilds(care: RebuildCare): Promise<StepCare> {
  const { step, session, state } = care
  const ask: AskSqlite = (sql) => session.ask(sql)
  const triggersOf = new Map<string, Triggers>()
  const marks = new Map<string, string>()
  let sound: ReadonlySet<string> | undefined
  let lastTable = ''

  const refuse = (table: string, lost: readonly string[], reason: string): RevError =>
    session.gate.violate(
      new RevError('REV_STEP_SQLITE_REBUILD', { revision: session.revision, file: session.file, table, lost, reason }),
    )

  const refuseCascade = async (table: string): Promise<void> => {
    const children = await ask(childrenSql(sqlText(table)))
    // The copy that was made just now refers to what its original refers to.
    const others = children.map(({ name }) => String(name)).filter((name) => !name.startsWith('_knex_temp_alter'))
    const own = others.length < children.length ? [table] : []
    if (children.length === 0 || state.foreignKeys !== true) return
    throw refuse(
      table,
      [...others, ...own].map((name) => `rows of "${name}"`),
      DELETES_CHILDREN,
    )
  }

  const copy = async ({ table }: RebuildStatement, send: () => Promise<unknown>): Promise<unknown> => {
    await refuseCascade(table)
    lastTable = table
    sound ??= await readSoundDependents(ask)
    const triggers = (await ask(triggersSql(sqlText(table)))).map(({ name, sql }) => ({
      name: String(name),
      sql: String(sql),
    }))
    triggersOf.set(table, triggers)
    const message = `the triggers of ${table} are not those that ${step.revision} would put back`
    await session.text(care.prove('triggers', message, triggersAre(table, triggers)))
    if (await counts(ask, table)) {
      const mark = care.mark()
      marks.set(table, mark)
      await session.text(rememberMark(table, mark))
    }
    const answer = await send()
    const made = state.copies.get(table)
    if (made !== undefined) {
      const whole = `(SELECT count(*) FROM ${sqlName(made)}) = (SELECT count(*) FROM ${sqlName(table)})`
      await session.text(care.prove('copy', `the table ${table} was not copied whole`, whole))
    }
    return answer
  }

  const rename = async ({ table }: RebuildStatement, send: () => Promise<unknown>): Promise<unknown> => {
    // An ordinary renaming fails when a view names the table; and this one must hold for this statement only.
    await session.write('PRAGMA legacy_alter_table = ON')
    const answer = await send()
    await session.write('PRAGMA legacy_alter_table = OFF')
    for (const { sql } of triggersOf.get(table) ?? []) await session.write(sql)
    const mark = marks.get(table)
    if (mark !== undefined && (await counts(ask, table))) await session.text(restoreMark(table, mark))
    marks.delete(table)
    return answer
  }

  return {
    surround(sql) {
      const found = rebuildStatement(sql)
      if (found === undefined) return undefined
      return (send) => (found.does === 'copy' ? copy : rename)(found, send)
    },
    answer(sql) {
      if (ASKS_FOREIGN_KEYS.test(sql)) return [{ foreign_keys: state.foreignKeys === true ? 1 : 0 }]
      if (!ASKS_VIOLATIONS.test(sql)) return undefined
      const message = `${step.revision} asks for rows whose parents do not exist, and there are some`
      const none = 'NOT EXISTS (SELECT 1 FROM pragma_foreign_key_check)'
      void session.text(care.proveOrRollBack('orphans', message, none))
      return []
    },
    async check() {
      const broken = sound === undefined ? undefined : await findBroken(ask, sound)
      if (broken !== undefined) throw refuse(lastTable, [broken.name], broken.reason)
    },
  }
}

/** Whether the table gives out numbers by AUTOINCREMENT; then SQLite has a table of marks. */
async function counts(ask: AskSqlite, table: string): Promise<boolean> {
  const rows = await ask(
    `SELECT sql FROM sqlite_master WHERE type = 'table' AND lower(name) = lower(${sqlText(table)})`,
  )
  return /\bAUTOINCREMENT\b/i.test(String(rows[0]?.sql))
}

// A table of its own, because a row would change what last_insert_rowid() says.
function rememberMark(table: string, mark: string): string {
  return `CREATE TABLE rev_script.rev_${mark} AS\n  SELECT seq FROM sqlite_sequence WHERE lower(name) = lower(${sqlText(table)});\n`
}

// An empty copy has no row of its own; one with rows has the highest number that is in use now.
function restoreMark(table: string, mark: string): string {
  const name = sqlText(table)
  const from = `rev_script.rev_${mark}`
  return [
    `INSERT INTO sqlite_sequence (name, seq) SELECT ${name}, seq FROM ${from}\n  WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE lower(name) = lower(${name}));\n`,
    `UPDATE sqlite_sequence SET seq = (SELECT seq FROM ${from})\n  WHERE name = ${name} AND seq < (SELECT seq FROM ${from});\n`,
    `DROP TABLE ${from};\n`,
  ].join('')
}

function triggersAre(table: string, triggers: Triggers): string {
  const own = `FROM sqlite_master WHERE type = 'trigger' AND lower(tbl_name) = lower(${sqlText(table)})`
  if (triggers.length === 0) return `NOT EXISTS (SELECT 1 ${own})`
  const texts = triggers
    .toSorted((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
    .map(({ sql }) => sql)
  const ordered = `SELECT sql ${own} ORDER BY name COLLATE BINARY`
  return `(SELECT group_concat(sql, char(10)) FROM (${ordered})) IS ${sqlText(texts.join('\n'))}`
}
