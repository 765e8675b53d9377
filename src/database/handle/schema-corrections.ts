import type { ColumnBuilder, InternalClient, TableBuilder, TableCompiler } from './knex-internals.ts'

// Where Knex writes SQL that is wrong or dangerous on the connection of a revision, and rev knows what was meant.

/** A quote that stands alone; Knex leaves pairs to people who have doubled them already, so rev does, too. */
const LONE_QUOTE = /(?<!')'(?!')/g

/** Knex puts the comment of a table between quotes as it is. */
export function escapeTableComment(builder: TableBuilder): void {
  const { comment } = builder._single
  if (typeof comment === 'string') builder._single.comment = comment.replace(LONE_QUOTE, "''")
}

/** Knex puts the values of an enum between quotes as they are. Safe to call again. */
export function escapeEnumValues(builder: ColumnBuilder): void {
  if (!/^enum?$|^enu$/i.test(builder._type)) return
  const allowed = builder._args[1]
  if (!Array.isArray(allowed)) return
  builder._args[1] = allowed.map((value) => (typeof value === 'string' ? value.replace(LONE_QUOTE, "''") : value))
}

/**
 * Knex renames a column of MySQL by reading its definition and writing it again, which loses comments and `ON UPDATE`,
 * fails on default expressions, and drops the foreign keys first. The servers have a statement for it since MySQL 8.0
 * and MariaDB 10.5.
 */
export function renameColumnsDirectly(client: InternalClient, compiler: TableCompiler): void {
  if (!canRenameColumns(client)) return
  compiler.renameColumn = (from, to) => {
    const names = `${compiler.formatter.wrap(from)} to ${compiler.formatter.wrap(to)}`
    compiler.pushQuery(`alter table ${compiler.tableName()} rename column ${names}`)
  }
}

// MariaDB's numbers begin at 10, MySQL's end before; a version that is not known is a new one.
function canRenameColumns({ version }: InternalClient): boolean {
  if (typeof version !== 'string') return true
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major >= 10 ? major > 10 || minor >= 5 : major >= 8
}
