import { type NameWord, nameWords } from './statement-names.ts'

/** What a change of a table must have left in its definition: a line that is new, or gone, and is about this name. */
export interface Evidence {
  readonly lines: 'added' | 'removed' | 'either'
  readonly name: string
  /** The line begins with the name, as that of a column does. */
  readonly isColumn: boolean
}

const KEYS = ['index', 'key', 'unique', 'fulltext', 'spatial', 'constraint', 'primary', 'foreign', 'check']
const PRIMARY = 'PRIMARY KEY'

/** The evidence of ALTER TABLE, CREATE INDEX and DROP INDEX; undefined for a clause of which nothing can be told. */
export function alterEvidence(sql: string): Evidence[] | undefined {
  const words = nameWords(sql, 'mysql').filter(({ text }) => text !== ';')
  const [first] = words
  if (first?.text === 'create' || first?.text === 'drop') {
    const at = words.findIndex(({ text }) => text === 'index')
    const name = skipExists(words.slice(at + 1))[0]?.name
    return at === -1 || name === undefined
      ? undefined
      : [{ lines: first.text === 'create' ? 'added' : 'removed', name, isColumn: false }]
  }
  const table = words.findIndex(({ text, isQuoted }) => !isQuoted && text === 'table')
  if (table === -1) return undefined
  const clauses = splitClauses(afterName(skipExists(words.slice(table + 1)))).filter((clause) => !isManner(clause))
  const found = clauses.map(evidenceOf)
  return clauses.length > 0 && found.every((evidence) => evidence !== undefined) ? found.flat() : undefined
}

const skipExists = (words: readonly NameWord[]): readonly NameWord[] =>
  words[0]?.text === 'if' ? words.slice(words[1]?.text === 'not' ? 3 : 2) : words

const afterName = (words: readonly NameWord[]): readonly NameWord[] =>
  words[1]?.text === '.' && words[1].isQuoted === false ? words.slice(3) : words.slice(1)

/** Cuts at the commas that stand outside of parentheses. */
function splitClauses(words: readonly NameWord[]): NameWord[][] {
  const clauses: NameWord[][] = [[]]
  let depth = 0
  for (const word of words) {
    if (!word.isQuoted && word.text === '(') depth += 1
    if (!word.isQuoted && word.text === ')') depth -= 1
    if (depth === 0 && !word.isQuoted && word.text === ',') clauses.push([])
    else clauses.at(-1)?.push(word)
  }
  return clauses
}

/** `ALGORITHM = COPY`, `LOCK = NONE`: how the rest is done, which leaves nothing. */
function isManner([first]: readonly NameWord[]): boolean {
  return first !== undefined && !first.isQuoted && ['algorithm', 'lock'].includes(first.text)
}

function evidenceOf(clause: readonly NameWord[]): Evidence[] | undefined {
  const [verb, ...rest] = clause
  const words = rest[0]?.text === 'column' && !rest[0].isQuoted ? rest.slice(1) : rest
  switch (verb?.text) {
    case 'add':
      return addedBy(skipExists(words))
    case 'drop':
      return droppedBy(skipExists(words))
    case 'modify':
    case 'alter':
      return column('either', skipExists(words)[0])
    case 'change':
      return column('either', skipExists(words)[1])
    case 'rename':
      return renamedBy(rest)
    default:
      return undefined
  }
}

function addedBy(words: readonly NameWord[]): Evidence[] | undefined {
  const [first] = words
  if (first === undefined || first.text === 'partition') return undefined
  if (!first.isQuoted && first.text === '(') {
    const inside = words.slice(1, -1)
    return splitClauses(inside).flatMap(([name]) => column('added', name) ?? [])
  }
  if (first.isQuoted || !KEYS.includes(first.text)) return column('added', first)
  if (words.some(({ text, isQuoted }, index) => !isQuoted && text === 'primary' && words[index + 1]?.text === 'key')) {
    return [{ lines: 'added', name: PRIMARY, isColumn: false }]
  }
  const rest = words.filter(({ text, isQuoted }) => isQuoted || !KEYS.includes(text))
  const [name] = skipExists(rest)
  if (name !== undefined && name.text !== '(' && name.name !== '') return named('added', name)
  // Without a name it has that of its first column.
  const firstColumn = words[words.findIndex(({ text, isQuoted }) => !isQuoted && text === '(') + 1]
  return named('added', firstColumn)
}

function droppedBy(words: readonly NameWord[]): Evidence[] | undefined {
  const [first] = words
  if (first?.text === 'partition') return undefined
  if (first?.text === 'primary') return [{ lines: 'removed', name: PRIMARY, isColumn: false }]
  if (first !== undefined && (first.isQuoted || !KEYS.includes(first.text))) return column('removed', first)
  const rest = words.filter(({ text, isQuoted }) => isQuoted || !KEYS.includes(text))
  return named('removed', skipExists(rest)[0])
}

function renamedBy(words: readonly NameWord[]): Evidence[] | undefined {
  if (!['column', 'index', 'key'].includes(words[0]?.text ?? '')) return undefined
  const evidence = words[0]?.text === 'column' ? column : named
  const [from] = evidence('removed', words[1]) ?? []
  const [to] = evidence('added', words[3]) ?? []
  return from === undefined || to === undefined ? undefined : [from, to]
}

function named(lines: Evidence['lines'], word: NameWord | undefined): Evidence[] | undefined {
  return word === undefined || word.name === '' ? undefined : [{ lines, name: word.name, isColumn: false }]
}

function column(lines: Evidence['lines'], word: NameWord | undefined): Evidence[] | undefined {
  return named(lines, word)?.map((evidence) => ({ ...evidence, isColumn: true }))
}

/** Whether the difference of two definitions shows all of it. */
export function isEvident(evidence: readonly Evidence[], before: string, now: string): boolean {
  const [had, has] = [linesOf(before), linesOf(now)]
  const added = [...has].filter((line) => !had.has(line))
  const removed = [...had].filter((line) => !has.has(line))
  return evidence.every((one) => {
    const where = one.lines === 'added' ? added : one.lines === 'removed' ? removed : [...added, ...removed]
    return where.some((line) => isAbout(line, one))
  })
}

function isAbout(line: string, { name, isColumn }: Evidence): boolean {
  if (name === PRIMARY) return line.includes(PRIMARY)
  const quoted = `\`${name.toLowerCase().replaceAll('`', '``')}\``
  return isColumn ? line.toLowerCase().startsWith(quoted) : line.toLowerCase().includes(quoted)
}

function linesOf(definition: string): Set<string> {
  return new Set(definition.split('\n').map((line) => line.trim().replace(/,$/, '')))
}
