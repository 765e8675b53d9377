import { hintForOwn } from '../../database/known-errors.ts'

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:23505|1062|SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY))$/,
    'the row is there already: write it with context.upsert or context.insertMissing',
  ],
  [
    /^(?:23503|1451|1452|SQLITE_CONSTRAINT_FOREIGNKEY)$/,
    'a row points at one that is not there, or is still pointed at: parents come before children; name the seed that writes them in "depends_on"',
  ],
  [
    /^(?:42P01|1146)$/,
    'the table is not there: name the revision that creates it in "depends_on", and run rev upgrade first',
  ],
]

/** What to do about an error of the database in a seed; undefined when nothing better than its own message is known. */
export function seedRemedy(error: unknown): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    const { code, errno } = at as { code?: unknown; errno?: unknown }
    const found = REMEDIES.find(([pattern]) => [code, errno].some((word) => pattern.test(String(word))))
    if (found !== undefined) return found[1]
    if (/no such table/i.test(at.message)) return REMEDIES[2]?.[1]
  }
  return hintForOwn(error)
}
