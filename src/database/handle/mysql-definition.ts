import { sqlTokens } from '../../sql/sql-tokens.ts'

// MySQL has no statement that changes one attribute of a column: all of its definition has to be given again. The server
// gives it in SHOW CREATE TABLE, one line for each column.

const ATTRIBUTE =
  /\b(?:DEFAULT|AUTO_INCREMENT|ON UPDATE|COMMENT|CHECK|INVISIBLE|COLUMN_FORMAT|STORAGE|WITHOUT SYSTEM)\b|\/\*M?!/i

/** The definition of a column, without its name; undefined when the table has no such column. `column` is in backticks. */
export function findColumnDefinition(createTable: string, column: string): string | undefined {
  // With ANSI_QUOTES the server writes names in double quotes.
  const names = [column, `"${column.slice(1, -1).replaceAll('``', '`').replaceAll('"', '""')}"`]
  const prefixes = names.map((name) => `  ${name} `.toLowerCase())
  for (const line of createTable.split('\n')) {
    const prefix = prefixes.find((text) => line.toLowerCase().startsWith(text))
    if (prefix !== undefined) return line.slice(prefix.length).replace(/,$/, '')
  }
  return undefined
}

/** The same definition for a column that may be NULL, or may not. */
export function withNullability(definition: string, nullable: boolean): string {
  const bare = blankOut(definition)
  const replace = (found: RegExpExecArray, text: string): string =>
    definition.slice(0, found.index) + text + definition.slice(found.index + found[0].length)
  const notNull = /\bNOT NULL\b/i.exec(bare)
  if (nullable) return notNull === null ? definition : replace(notNull, 'NULL')
  if (notNull !== null) return definition
  const asDefault = /\bDEFAULT NULL\b/i.exec(bare)
  const explicit = /(?<!\bDEFAULT )\bNULL\b/i.exec(bare)
  if (explicit !== null) {
    const rest = withoutDefaultNull(definition.slice(explicit.index + explicit[0].length))
    return `${definition.slice(0, explicit.index)}NOT NULL${rest}`
  }
  if (asDefault !== null) return replace(asDefault, 'NOT NULL')
  const at = ATTRIBUTE.exec(bare)?.index ?? definition.length
  return `${definition.slice(0, at).trimEnd()} NOT NULL ${definition.slice(at)}`.trimEnd()
}

function withoutDefaultNull(text: string): string {
  const found = /\s*\bDEFAULT NULL\b/i.exec(blankOut(text))
  return found === null ? text : text.slice(0, found.index) + text.slice(found.index + found[0].length)
}

/** The text with everything in quotes and parentheses blank. */
function blankOut(definition: string): string {
  let depth = 0
  let bare = ''
  for (const { kind, start, end } of sqlTokens(definition, 'mysql')) {
    const text = definition.slice(start, end)
    if (kind !== 'code') {
      bare += '_'.repeat(text.length)
      continue
    }
    for (const character of text) {
      if (character === ')') depth -= 1
      bare += depth > 0 ? '_' : character
      if (character === '(') depth += 1
    }
  }
  return bare
}
