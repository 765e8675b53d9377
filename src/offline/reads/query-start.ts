import type { LexemeCursor } from './lexeme-cursor.ts'
import { SET_OPERATIONS } from './query-words.ts'

/** Whether a query begins here, maybe in parentheses of its own. */
export function startsQuery(cursor: LexemeCursor): boolean {
  let ahead = cursor.at
  while (cursor.lexemes[ahead]?.text === '(' && cursor.lexemes[ahead]?.kind === 'symbol') ahead += 1
  if (!/^(?:select|with|values)$/.test(cursor.wordAt(ahead) ?? '')) return false
  // A parenthesis of its own may also hold an expression that begins with a subquery.
  return ahead === cursor.at || isWrappedQuery(cursor)
}

/** Whether what stands in this parenthesis are queries in parentheses of their own, and nothing but set operations between. */
function isWrappedQuery(cursor: LexemeCursor): boolean {
  let depth = 0
  let ahead = cursor.at
  for (;;) {
    const lexeme = cursor.lexemes[ahead]
    if (lexeme === undefined) return false
    if (lexeme.kind === 'symbol' && lexeme.text === '(') depth += 1
    if (lexeme.kind === 'symbol' && lexeme.text === ')') depth -= 1
    ahead += 1
    if (depth === 0) break
  }
  const after = cursor.lexemes[ahead]
  if (after?.kind === 'symbol') return after.text === ')'
  return after?.kind === 'word' && (SET_OPERATIONS.has(after.text) || /^(?:order|limit)$/.test(after.text))
}
