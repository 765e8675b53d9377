import type { RevTables, TableName } from '../../../database/tables.ts'
import type { RowChange } from '../../../graph/version-rows.ts'
import { doBlock, fixed, refuseIf, sqlText } from './sql-text.ts'

/** The changes of the version rows after a step, each of which must find its row. */
export function changeRows({ version, event }: RevTables, changes: readonly RowChange[], number: number): string {
  const lines = changes.flatMap((change) => [
    `  ${changeRow(version, change)}`,
    ...refuseIf('  ', 'NOT FOUND', {
      message: `version table ${fixed(version.text)} has changed under this script: cannot ${inWords(change)}`,
    }),
  ])
  return doBlock(
    'BEGIN',
    ...refuseOtherSession(number),
    ...(version.schema === undefined ? refuseTemporary(version, event) : []),
    ...lines,
  )
}

/**
 * A client that connects again by itself, in the midst of a step, has lost what the step did until then, and sends the
 * rest to a session without its transaction.
 */
function refuseOtherSession(number: number): string[] {
  return refuseIf('  ', `coalesce(current_setting('rev.run', true), '') = ''`, {
    message: `step ${number} ends in another session than it began in (a pooler, or a new connection), so it does not count as done`,
    hint: 'what stands before the new connection was undone, what stands after it may be in the database: put that right by hand',
  })
}

/** Without a schema the name would mean a temporary table of the revision's, and all that is said of it would be untrue. */
function refuseTemporary(version: TableName, event: TableName): string[] {
  const [first, second] = [version, event].map(({ sql }) => `to_regclass(${sqlText(`pg_temp.${sql}`)})`)
  return refuseIf('  ', `coalesce(${first}, ${second}) IS NOT NULL`, {
    message: `a temporary table hides ${fixed(version.text)} or ${fixed(event.text)}`,
  })
}

/** The same as plain statements. */
export function changeRowsPlainly(version: TableName, changes: readonly RowChange[]): string {
  return changes.map((change) => `${changeRow(version, change)}\n`).join('')
}

function changeRow({ sql }: TableName, change: RowChange): string {
  switch (change.kind) {
    case 'insert':
      return `INSERT INTO ${sql} (version_num) VALUES (${sqlText(change.revision)});`
    case 'delete':
      return `DELETE FROM ${sql} WHERE version_num = ${sqlText(change.revision)};`
    case 'update':
      return `UPDATE ${sql} SET version_num = ${sqlText(change.to)} WHERE version_num = ${sqlText(change.from)};`
  }
}

function inWords(change: RowChange): string {
  if (change.kind === 'update') return fixed(`update "${change.from}" to "${change.to}"`)
  return fixed(`${change.kind} "${change.revision}"`)
}
