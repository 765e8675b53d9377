import type { SqlFamily } from './sql-family.ts'

// What Knex compiles: nothing of these begins a routine, a command of psql or a setting, and none is a read.
const BEGINS =
  /^(?:create (?:table|index|unique index)|alter table|drop (?:table|index)|insert into|update|delete from) /
// Each piece begins with another character, so there is one way to go through a text, forwards and back.
const PIECE = String.raw`[^'"$;:?()\\/\0-]|\?|::|-(?!-)|\/(?!\*)|'[^'?\\]*'|"[^"?\\]*"`
/** How deep parentheses are followed: more is not to be seen at a glance. */
const DEPTH = 4
const PIECES = new RegExp(`^${piecesWithin(DEPTH)}$`)
/** Longer ones are few, and a pattern with so many choices behind it takes memory for each. */
const LONGEST = 10_000

/**
 * Whether a text is one whole statement in which every `?` is a placeholder, nothing is a comment, and the database's own
 * client reads all as the server does. Only what can be seen at a glance counts: false says nothing. It is asked of each
 * statement of a script, to spare most of them from being taken apart.
 */
export function isPlainStatement(sql: string, family: SqlFamily): boolean {
  return family === 'postgresql' && sql.length <= LONGEST && BEGINS.test(sql) && PIECES.test(sql)
}

function piecesWithin(depth: number): string {
  return depth === 0 ? `(?:${PIECE})*` : `(?:${PIECE}|\\(${piecesWithin(depth - 1)}\\))*`
}
