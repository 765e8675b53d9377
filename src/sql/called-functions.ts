import type { SqlFamily } from './sql-family.ts'
import { nameWords } from './statement-names.ts'

// What stands before a parenthesis and calls nothing.
const KEYWORDS: ReadonlySet<string> = new Set(
  `select from where and or not in exists any all some as on using values case when then else over filter within union
   intersect except limit offset having by is between like row array interval cast set into table with distinct if`.split(
    /\s+/,
  ),
)

/** The names of all functions that a statement may call, without their schemas; none for most. */
export function calledFunctions(sql: string, family: SqlFamily): string[] {
  if (!sql.includes('(')) return []
  const words = nameWords(sql, family)
  const names = words.flatMap((word, index) => {
    if (words[index + 1]?.text !== '(' || words[index + 1]?.isQuoted === true) return []
    if (word.isQuoted) return word.name === '' ? [] : [word.name]
    return /^[a-z_\u0080-\uffff]/.test(word.text) && !KEYWORDS.has(word.text) ? [word.name] : []
  })
  return [...new Set(names)]
}
