const MAX_LINES = 12
const MAX_WIDTH = 160

/**
 * The statement as indented lines for a message, with a caret under `position` (counted from 1, in characters). Long
 * statements are cut to the lines around the position, else to the first ones; long lines to the text around it.
 */
export function sqlExcerpt(statement: string, position?: number): string {
  const text = statement.replace(/\t/g, ' ').trimEnd()
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ' '))
  const caret = position === undefined ? undefined : locate(text, position)
  const first = caret === undefined ? 0 : Math.max(0, Math.min(caret.row - MAX_LINES + 3, lines.length - MAX_LINES))
  const last = Math.min(lines.length, first + MAX_LINES)
  const out: string[] = first > 0 ? ['    ...'] : []
  for (let row = first; row < last; row++) {
    const line = lines[row] ?? ''
    const column = caret?.row === row ? caret.column : undefined
    const start = column !== undefined && column > MAX_WIDTH - 20 ? column - 60 : 0
    const head = start > 0 ? '...' : ''
    const tail = line.length > start + MAX_WIDTH ? '...' : ''
    out.push(`    ${head}${line.slice(start, start + MAX_WIDTH)}${tail}`)
    if (column !== undefined) out.push(`    ${' '.repeat(head.length + column - start)}^`)
  }
  if (last < lines.length) out.push('    ...')
  return out.join('\n')
}

// A database counts characters, JavaScript counts UTF-16 units: both meet in the code points before the position.
function locate(text: string, position: number): { row: number; column: number } | undefined {
  const characters = [...text]
  if (position < 1 || position > characters.length + 1) return undefined
  const before = characters.slice(0, position - 1).join('')
  const row = before.split('\n').length - 1
  return { row, column: before.length - (before.lastIndexOf('\n') + 1) }
}
