import { type Proofs, proveOrRollBack } from './proofs.ts'

// "table" is the name of a column here.
const NOW = 'SELECT "table" AS child, parent, count(*) AS n FROM pragma_foreign_key_check GROUP BY 1, 2'

/** Remembers how many rows have no parent already: a step is only blamed for more of them. */
export const REMEMBER_ORPHANS = `INSERT INTO rev_script.rev_orphan\n  ${NOW};\n`

/** Rolls the step back when it leaves more rows without a parent than it found. */
export function proveNoOrphans(proofs: Proofs): string {
  const column = proofs.column('no_orphans', 'a step would leave rows whose parents do not exist (foreign keys)')
  return proveOrRollBack(
    column,
    `NOT EXISTS (SELECT 1 FROM (
    ${NOW}
  ) AS now WHERE n > ifnull((
    SELECT n FROM rev_script.rev_orphan AS old WHERE old.child = now.child AND old.parent = now.parent), 0))`,
  )
}

/** What this step has put right, the next one must not put wrong. */
export const REMEMBER_ORPHANS_ANEW = `DELETE FROM rev_script.rev_orphan;\n${REMEMBER_ORPHANS}`
