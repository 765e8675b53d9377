import { type Definition, type DefinitionItem, readDefinition, type Word } from './table-definition.ts'

/** What a rebuild of a table of SQLite is for; names as Knex has them. */
export type RebuildChange =
  | { readonly kind: 'alter-columns' | 'drop-columns'; readonly columns: readonly string[] }
  | { readonly kind: 'nullability'; readonly columns: readonly string[] }
  | { readonly kind: 'add-primary' | 'drop-primary' | 'add-foreign' | 'drop-foreign' }

/**
 * What a new definition of a table has lost or gained against the old one beside the change that is asked for, or that
 * the change is not in it; undefined when all is as it should be. Knex reads the old definition with a parser of its own,
 * which keeps one CHECK of a column where there are two, and does not see what stands at the column in place of the end.
 */
export function findRebuildLoss(change: RebuildChange, before: string, after: string): string | undefined {
  const old = readDefinition(before)
  const made = readDefinition(after)
  const columns = 'columns' in change ? change.columns.map((name) => name.toLowerCase()) : []
  for (const name of columns) {
    if (!old.items.some(({ column }) => column === name)) return `it has no column "${name}"`
  }
  return (
    findLostOptions(old, made) ??
    findLostColumn(change, columns, old, made) ??
    findLostConstraint(change, columns, old, made)
  )
}

/** What an index has lost when it was written anew for a table without some columns that it does not name. */
export function findIndexLoss(
  columns: readonly string[],
  before: string,
  after: readonly string[],
): string | undefined {
  const old = keyOf(allWords(readDefinition(before)))
  const names = new Set(columns.map((name) => name.toLowerCase()))
  if (allWords(readDefinition(before)).some(({ text }) => names.has(text))) return undefined
  const isThere = after.some((sql) => keyOf(allWords(readDefinition(sql))) === old)
  return isThere ? undefined : `an index would not be the same: ${before}`
}

function allWords({ items, around }: Definition): Word[] {
  return [...around, ...items.flatMap(({ words }) => words)]
}

// CREATE TABLE and the name, which is another one, stand before.
function findLostOptions(old: Definition, made: Definition): string | undefined {
  const options = ({ around }: Definition): string => keyOf(around.slice(3))
  return options(old) === options(made) ? undefined : `it would lose ${shown(old.around.slice(3))}`
}

function findLostColumn(
  change: RebuildChange,
  columns: readonly string[],
  old: Definition,
  made: Definition,
): string | undefined {
  const isDropped = (name: string): boolean => change.kind === 'drop-columns' && columns.includes(name)
  for (const item of old.items) {
    const { column } = item
    if (column === undefined || isDropped(column)) continue
    const same = made.items.find((other) => other.column === column)
    if (same === undefined) return `the column "${column}" would be lost`
    const found = compareColumn(change, columns.includes(column), item, same)
    if (found !== undefined) return found
  }
  const added = made.items.find(
    ({ column }) => column !== undefined && !old.items.some((item) => item.column === column),
  )
  return added === undefined ? undefined : `a column "${added.column}" would come in its place`
}

function compareColumn(
  change: RebuildChange,
  isMeant: boolean,
  old: DefinitionItem,
  made: DefinitionItem,
): string | undefined {
  const kept = isMeant ? withoutChanged(change, old.words) : old.words
  const now = isMeant ? withoutChanged(change, made.words) : made.words
  const lost = surplus(kept, now)
  if (lost.length > 0) {
    return `the column "${old.column}" would lose ${shown(lost)} of: ${shown(old.words)}`
  }
  const gained = surplus(now, kept)
  if (isMeant && change.kind === 'alter-columns') {
    const hadCheck = kept.some(isWord('check'))
    return hadCheck && gained.some(isWord('check'))
      ? `the column "${old.column}" would keep its old CHECK beside the new one: ${shown(kept)}`
      : undefined
  }
  return gained.length > 0 ? `the column "${old.column}" would become: ${shown(made.words)}` : undefined
}

function findLostConstraint(
  change: RebuildChange,
  columns: readonly string[],
  old: Definition,
  made: Definition,
): string | undefined {
  const constraints = ({ items }: Definition): DefinitionItem[] => items.filter(({ column }) => column === undefined)
  const lost = itemsMissing(constraints(old), constraints(made))
  const gained = itemsMissing(constraints(made), constraints(old))
  const isForeign = ({ words }: DefinitionItem): boolean => words.some(isWord('foreign'))
  const isPrimary = ({ words }: DefinitionItem): boolean => words.some(isWord('primary'))
  const loses = (meant: (item: DefinitionItem) => boolean): string | undefined => {
    const unmeant = lost.find((item) => !meant(item))
    return unmeant === undefined ? undefined : `it would lose ${shown(unmeant.words)}`
  }
  switch (change.kind) {
    case 'add-foreign':
    case 'add-primary':
      return loses((item) => change.kind === 'add-primary' && isPrimary(item))
    case 'drop-foreign':
      if (lost.length === 0)
        return 'the foreign key would stay: it is not there under that name, or it stands at its column'
      return loses(isForeign)
    case 'drop-primary':
      if (lost.length === 0)
        return 'the primary key would stay: it is not there under that name, or it stands at its column'
      return loses(isPrimary)
    case 'drop-columns':
      return loses(({ words }) => words.some(({ text }) => columns.includes(text)))
    default: {
      const [added] = gained
      return loses(() => false) ?? (added === undefined ? undefined : `it would gain ${shown(added.words)}`)
    }
  }
}

/** Without the words that the change is about. */
function withoutChanged(change: RebuildChange, words: readonly Word[]): Word[] {
  if (change.kind === 'nullability') return withoutNullability(words)
  return withoutDefault(withoutNullability(withoutType(words)))
}

const AFTER_TYPE: ReadonlySet<string> = new Set([
  'constraint',
  'primary',
  'not',
  'null',
  'unique',
  'check',
  'default',
  'collate',
  'references',
  'generated',
  'as',
])

function withoutType(words: readonly Word[]): Word[] {
  const end = words.findIndex(
    ({ text, isName, depth }, index) => index > 0 && depth === 0 && !isName && AFTER_TYPE.has(text),
  )
  return [...words.slice(0, 1), ...(end < 0 ? [] : words.slice(end))]
}

// [CONSTRAINT name] [NOT] NULL [ON CONFLICT what], and neither DEFAULT NULL nor SET NULL.
function withoutNullability(words: readonly Word[]): Word[] {
  const at = words.findIndex(
    (word, index) =>
      isWord('null')(word) && word.depth === 0 && !['default', 'set', 'is'].includes(words[index - 1]?.text ?? ''),
  )
  if (at < 0) return [...words]
  let start = isWord('not')(words[at - 1]) ? at - 1 : at
  if (isWord('constraint')(words[start - 2])) start -= 2
  const end = isWord('on')(words[at + 1]) && isWord('conflict')(words[at + 2]) ? at + 4 : at + 1
  return withoutNullability([...words.slice(0, start), ...words.slice(end)])
}

function withoutDefault(words: readonly Word[]): Word[] {
  const at = words.findIndex(
    (word, index) => isWord('default')(word) && word.depth === 0 && words[index - 1]?.text !== 'set',
  )
  if (at < 0) return [...words]
  const start = isWord('constraint')(words[at - 2]) ? at - 2 : at
  let end = at + 1
  if (words[end]?.text === '(') {
    while (end < words.length && !(words[end]?.text === ')' && words[end]?.depth === 0)) end += 1
  } else if (/^[+-]$/.test(words[end]?.text ?? '')) end += 1
  return [...words.slice(0, start), ...words.slice(end + 1)]
}

function isWord(text: string): (word: Word | undefined) => boolean {
  return (word) => word !== undefined && !word.isName && word.text === text
}

/** The words that `from` has more of; Knex gives them another order. */
function surplus(from: readonly Word[], other: readonly Word[]): Word[] {
  const left = other.map(({ text }) => text)
  return from.filter(({ text }) => {
    const at = left.indexOf(text)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function itemsMissing(from: readonly DefinitionItem[], other: readonly DefinitionItem[]): DefinitionItem[] {
  const left = other.map(({ words }) => keyOf(words))
  return from.filter(({ words }) => {
    const at = left.indexOf(keyOf(words))
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

function keyOf(words: readonly Word[]): string {
  return JSON.stringify(words.map(({ text }) => text).sort())
}

function shown(words: readonly Word[]): string {
  return words.map(({ text, isName }) => (isName ? `"${text}"` : text)).join(' ')
}
