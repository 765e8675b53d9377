import fc from 'fast-check'
import type { SqlFamily } from '../../src/sql/sql-family.ts'

/** Text that quotes, comments and bodies may hold, and that would end statements or begin something outside of them. */
export const noise = fc
  .array(
    fc.constantFrom(
      ...[';', ' ', '\n', '-', '*', '(', ')', '?', ':', '$', '#', '[', '{', '@x', 'a', '1', 'é', '\ud83d\ude00'],
      ...['begin', 'end', 'case', 'if', 'create trigger', 'delimiter //', 'commit', '//', '.quit', '\\', 'E', "x'"],
      ...["'", '"', '`', ']', '\n.quit\n', '\n\\q\n', '\n/\n', '\ngo\n', ':a', '\\!', 'system x', '--', '/*', '$$'],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(' '))

const single = (text: string): string => `'${text.replaceAll("'", "''")}'`
const doubled = (text: string): string => `"${text.replaceAll('"', '""')}"`
const backtick = (text: string): string => `\`${text.replaceAll('`', '``')}\``
const bracket = (text: string): string => `[${text.replaceAll(']', '')}]`
const backslashes = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`
const dollar = (text: string): string => `$_t1$${text}$_t1$`
const block = (text: string): string => `/* ${text.replace(/[*/]/g, ' ')} */`
const nested = (text: string): string => `/* ${block(text)} ; /* ' */ */`
const line = (text: string): string => `-- ${text.replaceAll('\n', ' ')}\n`
const hash = (text: string): string => `# ${text.replaceAll('\n', ' ')}\n`

type Quote = (text: string) => string
type Quotes = Readonly<Record<SqlFamily, readonly Quote[]>>

/** What makes a string of noise, in every form that the server knows. */
export const STRINGS: Quotes = {
  postgresql: [single, dollar, (text) => `E${backslashes(text)}`],
  mysql: [backslashes, (text) => `"${text.replace(/["\\]/g, '\\$&')}"`],
  sqlite: [single],
}

/** What makes a name of it. */
export const NAMES: Quotes = {
  postgresql: [doubled],
  mysql: [backtick],
  sqlite: [doubled, backtick, bracket],
}

/** What makes a comment of it. */
export const COMMENTS: Quotes = {
  postgresql: [block, nested, line],
  mysql: [block, line, hash],
  sqlite: [block, line],
}

/** All of them. */
export function quotesOf(family: SqlFamily): readonly Quote[] {
  return [...STRINGS[family], ...NAMES[family], ...COMMENTS[family]]
}
