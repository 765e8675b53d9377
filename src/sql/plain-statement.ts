import type { SqlFamily } from './sql-family.ts'

// What Knex compiles: nothing of these begins a routine, a client's command or a setting, and none is a read. With a colon
// behind it the first word would be the label of a block.
const BEGINS =
  /^(?:create (?:table|index|unique index)|alter table|drop (?:table|index)|insert into|update|delete from) (?!\s*:)/
// Each piece begins with another character, so there is one way to go through a text, forwards and back. A NUL character is
// in none: no script holds one.
const PIECE: Readonly<Record<SqlFamily, string>> = {
  postgresql: String.raw`[^'"$;:?()\\/\0-]|\?|::|-(?!-)|\/(?!\*)|'[^'?\\\0]*'|"[^"?\\\0]*"`,
  // What follows `?`, or stands before it, may make it something else; and the client drops a carriage return in quotes.
  mysql: String.raw`[^'"\`;#?()\\/\0-]|\?(?![?\d])|-(?![-?])|\/(?!\*)|'[^'?\\\r\0]*'|"[^"?\\\r\0]*"|\`[^\`?\r\0]*\``,
  // A line may be a command of the client, and a name with a sign before it a parameter.
  sqlite: String.raw`[^'"\`[\];:@$#?()\\/\0\r\n-]|\?(?![?\d])|-(?![-?])|\/(?!\*)|'[^'?\\\r\0]*'|"[^"?\\\r\0]*"|\`[^\`?\r\0]*\``,
}
/** How deep parentheses are followed: more is not to be seen at a glance. */
const DEPTH = 4
/** Longer ones are few, and a pattern with so many choices behind it takes memory for each. */
const LONGEST = 10_000

const WHOLE: Readonly<Record<SqlFamily, RegExp>> = {
  postgresql: wholeOf(PIECE.postgresql),
  mysql: wholeOf(PIECE.mysql),
  sqlite: wholeOf(PIECE.sqlite),
}

/**
 * Whether a text is one whole statement in which every `?` is a placeholder, nothing is a comment, and the database's own
 * client reads all as the server does. Only what can be seen at a glance counts: false says nothing. It is asked of each
 * statement of a script, to spare most of them from being taken apart.
 */
export function isPlainStatement(sql: string, family: SqlFamily): boolean {
  return sql.length <= LONGEST && BEGINS.test(sql) && WHOLE[family].test(sql)
}

function wholeOf(piece: string): RegExp {
  return new RegExp(`^${piecesWithin(piece, DEPTH)}$`)
}

function piecesWithin(piece: string, depth: number): string {
  return depth === 0 ? `(?:${piece})*` : `(?:${piece}|\\(${piecesWithin(piece, depth - 1)}\\))*`
}
