import { inOneLine } from '../../comment.ts'
import { sqlName } from './sql-text.ts'

/** The columns of rev_proof, with what SQLite says when one of them is false. */
export class Proofs {
  readonly #columns = new Map<string, string>()
  readonly #numbers = new Map<string, number>()

  /** A column for all checks of one kind, which say the same. */
  column(name: string, message: string): string {
    if (!this.#columns.has(name)) this.#columns.set(name, `rev: ${inOneLine(message)}`)
    return name
  }

  /** A name for one check alone. */
  numbered(kind: string): string {
    const number = (this.#numbers.get(kind) ?? 0) + 1
    this.#numbers.set(kind, number)
    return `${kind}_${number}`
  }

  /** The tables that hold what is to be proven and what is. */
  tables(): string {
    const columns = [...this.#columns].map(
      ([name, message]) => `,\n  ${name} INTEGER CONSTRAINT ${sqlName(message)} CHECK (${name})`,
    )
    return [
      `CREATE TABLE rev_script.rev_proof (\n  what TEXT PRIMARY KEY${columns.join('')}\n);\n`,
      'CREATE TABLE rev_script.rev_need (what TEXT REFERENCES rev_proof DEFERRABLE INITIALLY DEFERRED);\n',
    ].join('')
  }
}

/** A line that fails when the condition, which is never NULL, does not hold; the transaction stays open. */
export function prove(what: string, column: string, condition: string): string {
  return `INSERT INTO rev_script.rev_proof (what, ${column})\n  VALUES ('${what}', ${condition});\n`
}

/**
 * The same from among the statements of a revision: it inserts nothing, because `changes()` and `last_insert_rowid()` must
 * be those of the revision. Where the condition does not hold, the table has the same value twice.
 */
export function proveBetween(what: string, message: string, condition: string): string {
  const name = sqlName(`rev: ${inOneLine(message)}`)
  return [
    `CREATE TABLE rev_script.rev_${what} AS SELECT 1 AS ${name}\n  FROM (SELECT 1 UNION ALL SELECT 2) WHERE NOT (${condition});\n`,
    `CREATE UNIQUE INDEX rev_script.rev_${what}_holds ON rev_${what} (${name});\n`,
  ].join('')
}

/** How many of these have been proven, as SQL. */
export function countProven(what: readonly string[]): string {
  const names = what.map((name) => `'rev_${name}_holds'`).join(', ')
  return `(SELECT count(*) FROM rev_script.sqlite_master WHERE name IN (${names}))`
}

/** A line that rolls the whole transaction back when the condition, which is never NULL, does not hold. */
export function proveOrRollBack(column: string, condition: string): string {
  return `INSERT OR ROLLBACK INTO rev_script.rev_proof (${column})${isShort(condition) ? ' ' : '\n  '}VALUES (${condition});\n`
}

/** The same from among the statements of a revision: `last_insert_rowid()` stays what it is. */
export function proveOrRollBackBetween(column: string, condition: string): string {
  return `INSERT OR ROLLBACK INTO rev_script.rev_proof (${column}) SELECT 0\n  WHERE NOT (${condition});\n`
}

const isShort = (condition: string): boolean => condition.length < 40

/** A line that lets no COMMIT through until these are proven, where foreign keys are on. */
export function need(...what: readonly string[]): string {
  return `INSERT INTO rev_script.rev_need VALUES ${what.map((name) => `('${name}')`).join(', ')};\n`
}
