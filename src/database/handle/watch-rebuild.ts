import type { TableRebuild } from './knex-internals.ts'
import { findIndexLoss, findRebuildLoss, type RebuildChange } from './rebuild-losses.ts'
import { replaceMethods } from './replace-methods.ts'

/**
 * Compares what Knex makes of the definition of a table with the definition that was there, before any of it is sent.
 * `refuse` throws. Changes `rebuild` in place, which serves one change.
 */
export function watchRebuild(rebuild: TableRebuild, refuse: (what: string) => never): void {
  let change: RebuildChange | undefined
  let before: Awaited<ReturnType<TableRebuild['getTableSql']>> | undefined

  const noting =
    <A extends unknown[]>(method: (...args: A) => Promise<unknown>, meant: (...args: A) => RebuildChange) =>
    (...args: A): Promise<unknown> => {
      change = meant(...args)
      return method.apply(rebuild, args)
    }
  rebuild.alterColumn = noting(rebuild.alterColumn, (columns) => ({
    kind: 'alter-columns',
    columns: columns.map(({ name }) => name),
  }))
  rebuild.dropColumn = noting(rebuild.dropColumn, (columns) => ({ kind: 'drop-columns', columns }))
  rebuild.setNullable = noting(rebuild.setNullable, (column) => ({ kind: 'nullability', columns: [column] }))
  rebuild.dropForeign = noting(rebuild.dropForeign, () => ({ kind: 'drop-foreign' }))
  rebuild.dropPrimary = noting(rebuild.dropPrimary, () => ({ kind: 'drop-primary' }))
  rebuild.primary = noting(rebuild.primary, () => ({ kind: 'add-primary' }))
  rebuild.foreign = noting(rebuild.foreign, () => ({ kind: 'add-foreign' }))

  const { getTableSql, alter, generateAlterCommands } = rebuild
  const compare = (createTable: string, createIndices: readonly string[]): void => {
    if (change === undefined || before === undefined) return
    const dropped = change.kind === 'drop-columns' ? change.columns : []
    const lostIndex = (): string | undefined =>
      before?.createIndices.map((sql) => findIndexLoss(dropped, sql, createIndices)).find((loss) => loss !== undefined)
    const loss = findRebuildLoss(change, before.createTable, createTable) ?? lostIndex()
    if (loss !== undefined) refuse(`Knex would rebuild the table "${rebuild.tableName()}", and ${loss}`)
  }
  replaceMethods(rebuild, {
    async getTableSql() {
      before = await getTableSql.call(rebuild)
      return before
    },
    async alter(createTable, createIndices, columns) {
      compare(createTable, createIndices)
      return alter.call(rebuild, createTable, createIndices, columns)
    },
    async generateAlterCommands(createTable, createIndices, columns) {
      compare(createTable, createIndices)
      return generateAlterCommands.call(rebuild, createTable, createIndices, columns)
    },
  })
}
