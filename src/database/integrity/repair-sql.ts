import type { DialectFacts } from '../dialect.ts'
import { eventTableColumns } from '../event-table-ddl.ts'
import type { TableName } from '../tables.ts'

// Statements that are shown and never sent: each ends with a semicolon, so that it can be pasted.

/** Gives the column of the version table its type; none where a column cannot be changed. */
export function retypeColumn({ name }: DialectFacts, { sql }: TableName): string[] {
  if (name === 'postgresql')
    return [`alter table ${sql} alter column version_num type varchar(255) using rtrim(version_num::text);`]
  if (name !== 'mysql') return []
  return [`alter table ${sql} modify version_num varchar(255) character set ascii collate ascii_bin not null;`]
}

/** Puts a table out of the way under another name, with everything in it. */
export function setAside(dialect: DialectFacts, table: TableName): string[] {
  const { quote, name } = dialect
  const aside = `${table.name}_damaged`
  const qualified = (part: string): string =>
    table.schema === undefined ? quote(part) : `${quote(table.schema)}.${quote(part)}`
  // Of MySQL the new name would be taken for one in the database of the connection.
  const rename = `alter table ${table.sql} rename to ${name === 'mysql' ? qualified(aside) : quote(aside)};`
  // The key keeps its name there, and no other table of the schema could have it.
  const key = `alter index if exists ${qualified(`${table.name}_pkc`)} rename to ${quote(`${aside}_pkc`)};`
  return name === 'postgresql' ? [rename, key] : [rename]
}

/** Calls a column what the version table calls it. */
export function renameColumn({ quote }: DialectFacts, { sql }: TableName, column: string): string[] {
  return [`alter table ${sql} rename column ${quote(column)} to version_num;`]
}

/** Takes out rows that name no revision. */
export function deleteEmptyRows({ sql }: TableName): string[] {
  return [`delete from ${sql} where version_num is null or version_num = '';`]
}

/** Leaves one of several equal rows. */
export function deleteCopies({ name }: DialectFacts, { sql }: TableName, row: string, count: number): string[] {
  if (name === 'mysql') {
    const same = `cast(version_num as binary) = cast(${literal(name, row)} as binary)`
    return [`delete from ${sql} where ${same} limit ${count - 1};`]
  }
  const id = name === 'postgresql' ? 'ctid' : name === 'sqlite' ? 'rowid' : undefined
  if (id === undefined) return []
  const same = `version_num = ${literal(name, row)}`
  return [`delete from ${sql} where ${same} and ${id} <> (select ${id} from ${sql} where ${same} limit 1);`]
}

/** Gives the version table its key; none where a table cannot get one. */
export function addKey({ name }: DialectFacts, { sql }: TableName): string[] {
  return name === 'postgresql' || name === 'mysql' ? [`alter table ${sql} add primary key (version_num);`] : []
}

/** Adds columns to the event table; none of those without which a row means nothing. */
export function addEventColumns(dialect: DialectFacts, table: TableName, missing: readonly string[]): string[] {
  const definitions = eventTableColumns(dialect, table)
  return missing.flatMap((column) => {
    const definition = definitions.find((text) => text.startsWith(`${column} `))
    if (definition === undefined || definition.endsWith(' not null')) return []
    return [`alter table ${table.sql} add column ${definition};`]
  })
}

/** Gives the database to a project. */
export function renameProject({ name }: DialectFacts, { sql }: TableName, project: string): string {
  return `update ${sql} set value = ${literal(name, project)} where name = 'project';`
}

function literal(dialect: string, text: string): string {
  const escaped = text.replaceAll("'", "''")
  return `'${dialect === 'mysql' ? escaped.replaceAll('\\', '\\\\') : escaped}'`
}
