import { rowsOfResponse } from './rows-of-response.ts'

// oid, xid, oidvector, oid[], xid8
const ID_TYPES: ReadonlySet<unknown> = new Set([26, 28, 30, 1028, 5069])
// Lower ones are PostgreSQL's own: the same everywhere (that of "int4" is 23).
const FIRST_ASSIGNED = 10_000

/**
 * The ids of objects that an answer of PostgreSQL has shown: they are those of the shadow, and on another database they
 * belong to something else, or to nothing.
 */
export function idsIn(response: unknown): string[] {
  const fields = (response as { readonly fields?: readonly { name: string; dataTypeID?: number }[] }).fields ?? []
  const names = fields.filter(({ dataTypeID }) => ID_TYPES.has(dataTypeID)).map(({ name }) => name)
  if (names.length === 0) return []
  return rowsOfResponse(response, 'postgresql').flatMap((row) =>
    names.flatMap((name) => (String(row[name]).match(/\d+/g) ?? []).filter((id) => Number(id) >= FIRST_ASSIGNED)),
  )
}

/** The first of these ids that a statement holds as a number of its own, be it bound or written into it. */
export function usedId(sql: string, ids: ReadonlySet<string>): string | undefined {
  if (ids.size === 0) return undefined
  // Also in a longer text: it may be the body of a routine.
  return sql.match(/(?<![\w$.])\d{5,}(?![\w$])/g)?.find((number) => ids.has(number))
}
