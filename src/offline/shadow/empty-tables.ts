import type { SqlFamily } from '../../sql/sql-family.ts'
import { rowsOfResponse } from '../rows-of-response.ts'
import type { Shadow } from './shadow.ts'

/**
 * Takes out the rows that the replayed history has put into the tables. What a script does to rows is not done on the
 * shadow, so what it makes stricter afterwards, a column or an index, would meet rows there that it has put right.
 * Counters stay where they are; rows that a trigger keeps are left alone.
 */
export async function emptyTables(shadow: Shadow, family: SqlFamily): Promise<void> {
  if (family === 'mysql') await shadow.execute('SET @rev_checks = @@foreign_key_checks, foreign_key_checks = 0')
  const emptying = await statementsOf(shadow, family)
  // Once more for what triggers have written down about the first time.
  for (const statement of [...emptying, ...emptying]) await shadow.execute(statement).catch(() => undefined)
  if (family === 'mysql') await shadow.execute('SET foreign_key_checks = @rev_checks, @rev_checks = NULL')
}

async function statementsOf(shadow: Shadow, family: SqlFamily): Promise<string[]> {
  const rows = rowsOfResponse(await shadow.read(LISTING[family]), family)
  return rows.flatMap(({ statement }) => (typeof statement === 'string' ? [statement] : []))
}

const LISTING: Readonly<Record<SqlFamily, string>> = {
  // Those that hold something, with those that refer to them. What an extension brings along is its own.
  postgresql: `SELECT format('TRUNCATE %I.%I CASCADE', n.nspname, c.relname) AS statement
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
      AND pg_catalog.pg_relation_size(c.oid) > 0
      AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
        WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')`,
  // Not TRUNCATE, which would set the counters back.
  mysql: `SELECT concat('DELETE FROM \`', replace(table_name, '\`', '\`\`'), '\`') AS statement
    FROM information_schema.tables
    WHERE table_schema = database() AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED')`,
  // Virtual tables, and those in which they keep what is theirs, are not touched.
  sqlite: `SELECT 'DELETE FROM main."' || replace(name, '"', '""') || '"' AS statement
    FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite^_%' ESCAPE '^'`,
}
