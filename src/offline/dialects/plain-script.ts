import type { SqlFamily } from '../../sql/sql-family.ts'
import { preamble, RUN_WITH } from '../preamble.ts'
import { ensureVersionStatements, rowChangeStatement } from '../version-statements.ts'
import type { ScriptDialect, ScriptFacts } from './script-dialect.ts'

// After these MySQL has committed, whatever was open.
const MYSQL_COMMITS =
  /^\s*(?:alter|analyze|cache|check|create(?!\s+temporary\s+table)|drop(?!\s+temporary\s+table)|flush|grant|install|lock|optimize|rename|repair|reset|revoke|set\s+password|truncate|uninstall|unlock)\b/i
// Leading comments do not hide the verb.
const LEADING_COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|#[^\n]*(?:\n|$)|\/\*(?!M?!)[\s\S]*?\*\/)+/

const BEGIN: Readonly<Record<SqlFamily, string>> = {
  postgresql: 'BEGIN',
  mysql: 'START TRANSACTION',
  sqlite: 'BEGIN IMMEDIATE',
}

/** Statements and version rows alone. */
export function plainScript(family: SqlFamily, facts: ScriptFacts): ScriptDialect {
  const { dialect, knexConfig, settings, tables, startRows } = facts
  const lines = (statements: readonly string[]): string => statements.map((sql) => `${sql};\n`).join('')
  const setup = (): string =>
    preamble(family, dialect, knexConfig, settings)
      .map((line) => `${line}\n`)
      .join('')
  const version = (): string => lines(ensureVersionStatements(dialect, tables.version))
  return {
    runWith: RUN_WITH[family],
    opensLate: family === 'mysql',
    notes: [],
    opening: () => `${setup()}${startRows.length === 0 ? version() : ''}`,
    ensureVersion: () => `${setup()}${version()}`,
    beforeStep: () => '',
    begin: (statement = BEGIN[family]) => `${statement};\n`,
    afterBegin: () => '',
    commit: () => 'COMMIT;\n',
    rollback: () => 'ROLLBACK;\n',
    statement({ sql, hasBody }) {
      // A comment at the end of a line would hide the semicolon.
      const ended = /(?:--|#)[^\n]*$/.test(sql) ? `${sql}\n` : sql
      if (!hasBody || family !== 'mysql') return `${ended};\n`
      const delimiter = freeDelimiter(sql)
      return `DELIMITER ${delimiter}\n${ended}${delimiter}\nDELIMITER ;\n`
    },
    commitsByItself: (sql) => family === 'mysql' && MYSQL_COMMITS.test(sql.replace(LEADING_COMMENTS, '')),
    check: () => '',
    restoreSession: () => '',
    record: ({ changes }) => lines(changes.map((change) => rowChangeStatement(family, tables.version, change))),
    afterStep: () => '',
    closing: () => '',
    stop: () => '',
    careFor: async () => ({ surround: () => undefined, answer: () => undefined, check: async () => {} }),
  }
}

function freeDelimiter(sql: string): string {
  let delimiter = '$$'
  while (sql.includes(delimiter)) delimiter += '$'
  return delimiter
}
