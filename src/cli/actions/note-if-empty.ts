/** For a listing that may have no line: on a terminal, nothing at all would look like a failure. */
export function noteIfEmpty(listed: readonly unknown[], note: string): { readonly note?: string } {
  return listed.length === 0 ? { note } : {}
}

/** For listings of a folder without revision files. */
export const NO_REVISIONS = 'there are no revisions yet; write one: rev revision -m "message"'
