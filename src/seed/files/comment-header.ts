/** What the comment lines at the top of a file say: `-- mode: onchange` in SQL, `# mode: onchange` in CSV. */
export interface CommentHeader {
  /** By name; a list is what stands between its commas. */
  readonly values: Readonly<Record<string, string>>
  /** How many lines the comment takes. */
  readonly lines: number
}

/** The names whose values are lists. */
const LISTS: ReadonlySet<string> = new Set(['depends_on', 'environments', 'tags', 'scenario', 'key'])

/** Reads the lines at the top that are empty or begin with the mark. */
export function readCommentHeader(text: string, mark: '--' | '#'): CommentHeader {
  const values: Record<string, string> = Object.create(null)
  let count = 0
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const trimmed = line.trim()
    if (trimmed !== '' && !trimmed.startsWith(mark)) break
    count += 1
    const [, name, value] = /^([a-z]\w*)\s*:\s*(.*)$/i.exec(trimmed.slice(mark.length).trim()) ?? []
    if (name !== undefined && value !== undefined) values[name] = value
  }
  return { values, lines: count }
}

/** The same values in the form that a file of code exports them in. */
export function toExports({ values }: CommentHeader): Record<string, unknown> {
  const read = ([name, value]: [string, string]): [string, unknown] => {
    if (LISTS.has(name))
      return [
        name,
        value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      ]
    if (name === 'transaction') return [name, value === 'true' ? true : value === 'false' ? false : value]
    return [name, value]
  }
  return Object.fromEntries(Object.entries(values).map(read))
}
