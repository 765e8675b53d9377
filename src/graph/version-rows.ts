/** One change of the version table; applying them in order turns the rows before into the rows after. */
export type RowChange =
  | { readonly kind: 'delete'; readonly revision: string }
  | { readonly kind: 'insert'; readonly revision: string }
  | { readonly kind: 'update'; readonly from: string; readonly to: string }

/**
 * The least changes that turn the rows `before` into the rows `after`: as many updates as can be paired, then what is
 * left over as deletes or inserts. The same input always gives the same changes.
 */
export function rowChanges(before: readonly string[], after: readonly string[]): RowChange[] {
  const kept = new Set(after)
  const had = new Set(before)
  const gone = [...had].filter((row) => !kept.has(row))
  const added = [...kept].filter((row) => !had.has(row))
  const paired = Math.min(gone.length, added.length)
  // Deletes come first and pairs are made from the end, so a merge deletes the other rows and updates the last one.
  const changes: RowChange[] = gone.slice(0, gone.length - paired).map((revision) => ({ kind: 'delete', revision }))
  const updates = gone.slice(gone.length - paired)
  updates.forEach((from, index) => {
    const to = added[added.length - paired + index]
    if (to !== undefined) changes.push({ kind: 'update', from, to })
  })
  for (const revision of added.slice(0, added.length - paired)) changes.push({ kind: 'insert', revision })
  return changes
}
