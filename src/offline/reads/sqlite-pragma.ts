import { SCHEMA_PRAGMAS } from './catalogue-relations.ts'
import type { Lexeme } from './lexemes.ts'

/** A PRAGMA of SQLite that shows the schema. */
export interface SqlitePragma {
  readonly name: string
  /** Of what; undefined for `PRAGMA table_list`. */
  readonly argument: string | undefined
}

/** Reads a PRAGMA that shows the schema and changes nothing; undefined for all others. */
export function sqlitePragma(lexemes: readonly Lexeme[]): SqlitePragma | undefined {
  const [verb, ...rest] = lexemes
  if (verb?.kind !== 'word' || verb.text !== 'pragma') return undefined
  const isQualified = rest[0]?.text.toLowerCase() === 'main' && rest[1]?.text === '.'
  const [name, open, argument, close, ...more] = isQualified ? rest.slice(2) : rest
  if (name?.kind !== 'word' || !SCHEMA_PRAGMAS.has(name.text)) return undefined
  if (open === undefined) return name.text === 'table_list' ? { name: name.text, argument: undefined } : undefined
  if (open.text !== '(' || close?.text !== ')' || more.length > 0) return undefined
  if (argument === undefined || argument.kind === 'symbol' || argument.kind === 'number') return undefined
  return { name: name.text, argument: argument.written }
}
