import type { SqlFamily } from '../sql/sql-family.ts'

type Row = Readonly<Record<string, unknown>>

/** The rows of a driver's answer to one query, whatever the driver wraps them in. */
export function rowsOfResponse(response: unknown, family: SqlFamily): readonly Row[] {
  const found =
    family === 'postgresql'
      ? (response as { rows?: unknown }).rows
      : family === 'mysql'
        ? (response as readonly unknown[])[0]
        : response
  return Array.isArray(found) ? (found as Row[]) : []
}
