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

  /** A column for one check alone. */
  numbered(kind: string, message: string): string {
    const number = (this.#numbers.get(kind) ?? 0) + 1
    this.#numbers.set(kind, number)
    return this.column(`${kind}_${number}`, message)
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

/** A line that rolls the whole transaction back when the condition, which is never NULL, does not hold. */
export function proveOrRollBack(column: string, condition: string): string {
  return `INSERT OR ROLLBACK INTO rev_script.rev_proof (${column})${isShort(condition) ? ' ' : '\n  '}VALUES (${condition});\n`
}

const isShort = (condition: string): boolean => condition.length < 40

/** A line that lets no COMMIT through until these are proven, where foreign keys are on. */
export function need(...what: readonly string[]): string {
  return `INSERT INTO rev_script.rev_need VALUES ${what.map((name) => `('${name}')`).join(', ')};\n`
}
