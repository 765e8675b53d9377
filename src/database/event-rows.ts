/** Version rows as the event log has them: sorted, because a table gives them in an order that says nothing. */
export function eventRows(rows: readonly string[]): string {
  return rows.toSorted().join(' ')
}
