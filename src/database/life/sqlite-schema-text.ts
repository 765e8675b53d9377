import { sqlTokens } from '../../sql/sql-tokens.ts'

/** A piece of SQL, with its quotes; those of a name are always double ones. */
interface Word {
  readonly text: string
  readonly kind: 'name' | 'string' | 'bare' | 'sign'
}

const TABLE_CONSTRAINTS: ReadonlySet<string> = new Set(['constraint', 'primary', 'unique', 'check', 'foreign'])
/** What may stand at a column, in the order in which it is written. */
const CLAUSES = ['primary', 'not', 'null', 'unique', 'check', 'default', 'collate', 'references', 'generated', 'as']
/** Words behind which a parenthesis opens no call. */
const BEFORE_PARENTHESIS =
  /^(?:key|unique|check|default|as|always|in|and|or|not|when|then|else|between|like|is|case|where|on)$/i
const PIECES = /(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?\w*|[\w$\u0080-\uffff]+|\|\||<<|>>|<=|>=|<>|!=|==|->>?|\S/gi
const ACTION = 'set null|set default|cascade|restrict|no action'
const UPDATE_FIRST = new RegExp(` on update (${ACTION}) on delete (${ACTION})`, 'g')

/**
 * A table or an index, as the catalogue of SQLite has it, in one wording: SQLite keeps the text of whoever wrote it, and a
 * table that was built anew has another one than before. A column on each line; what stands at a column in a fixed order;
 * names of tables, columns and constraints in double quotes. Anything else, and what has comments, stays as it is.
 */
export function schemaText(sql: string): string {
  const words = readWords(sql)
  if (words === undefined) return sql
  return (/^create table\b/i.test(sql) ? tableText(words) : indexText(words)) ?? sql
}

function readWords(sql: string): Word[] | undefined {
  if (!/^create (?:table|(?:unique )?index)\b/i.test(sql)) return undefined
  const words: Word[] = []
  for (const { kind, start, end } of sqlTokens(sql, 'sqlite')) {
    const text = sql.slice(start, end)
    if (kind === 'comment') return undefined
    if (kind === 'identifier') words.push({ text: `"${inner(text).replaceAll('"', '""')}"`, kind: 'name' })
    else if (kind === 'string') {
      const before = words.at(-1)
      const isBlob = before?.text.toLowerCase() === 'x' && /x$/i.test(sql.slice(0, start))
      if (isBlob) words.pop()
      words.push({ text: isBlob ? `${before.text}${text}` : text, kind: 'string' })
    } else {
      for (const [piece] of text.matchAll(PIECES)) {
        words.push({ text: piece, kind: /^(?:\.\d|[\w$\u0080-\uffff])/.test(piece) ? 'bare' : 'sign' })
      }
    }
  }
  return words
}

function inner(text: string): string {
  const quote = text.charAt(0)
  const content = text.slice(1, -1)
  return quote === '[' ? content : content.replaceAll(quote + quote, quote)
}

const isBare = (word: Word | undefined, text: string): boolean =>
  word?.kind === 'bare' && word.text.toLowerCase() === text
const isSign = (word: Word | undefined, text: string): boolean => word?.kind === 'sign' && word.text === text
const toName = (word: Word): Word =>
  word.kind === 'bare' ? { text: `"${word.text.replaceAll('"', '""')}"`, kind: 'name' } : word
const toLower = (word: Word): Word => (word.kind === 'bare' ? { ...word, text: word.text.toLowerCase() } : word)

function tableText(words: readonly Word[]): string | undefined {
  const [, , name, open, ...rest] = words
  if (name === undefined || !isSign(open, '(')) return undefined
  const items: Word[][] = [[]]
  let depth = 1
  let end = 0
  for (; end < rest.length && depth > 0; end += 1) {
    const word = rest[end] as Word
    if (isSign(word, '(')) depth += 1
    if (isSign(word, ')')) depth -= 1
    if (depth === 1 && isSign(word, ',')) items.push([])
    else if (depth > 0) items.at(-1)?.push(word)
  }
  if (depth > 0 || items.some(({ length }) => length === 0)) return undefined
  const lines = items.map((item) => `  ${itemText(item)}`)
  const options = joined(rest.slice(end).map(toLower))
  return `create table ${toName(name).text} (\n${lines.join(',\n')}\n)${options === '' ? '' : ` ${options}`}`
}

function itemText(words: readonly Word[]): string {
  const [first, ...rest] = words as [Word, ...Word[]]
  if (first.kind === 'bare' && TABLE_CONSTRAINTS.has(first.text.toLowerCase())) return clauseText(words)
  const clauses: Word[][] = [[]]
  let depth = 0
  for (const [index, word] of rest.entries()) {
    if (depth === 0 && beginsClause(rest, index)) clauses.push([])
    clauses.at(-1)?.push(word)
    if (isSign(word, '(')) depth += 1
    if (isSign(word, ')')) depth -= 1
  }
  const [type = [], ...others] = clauses
  const ordered = others
    .map((clause) => ({ rank: rankOf(clause), text: clauseText(clause) }))
    .sort((one, other) => one.rank - other.rank)
  return [toName(first).text, joined(type), ...ordered.map(({ text }) => text)].filter((text) => text !== '').join(' ')
}

function beginsClause(words: readonly Word[], index: number): boolean {
  const word = words[index]
  const [before, twoBefore] = [words[index - 1], words[index - 2]]
  if (isBare(word, 'constraint')) return true
  if (word?.kind !== 'bare' || isBare(twoBefore, 'constraint')) return false
  const text = word.text.toLowerCase()
  if (text === 'not') return isBare(words[index + 1], 'null')
  if (text === 'null') return !['not', 'default', 'set'].some((other) => isBare(before, other))
  if (text === 'default') return !isBare(before, 'set')
  if (text === 'as') return !isBare(before, 'always')
  return CLAUSES.includes(text)
}

function rankOf(clause: readonly Word[]): number {
  const first = isBare(clause[0], 'constraint') ? clause[2] : clause[0]
  return CLAUSES.indexOf(first?.text.toLowerCase() ?? '')
}

/** A constraint, of a column or of the table. */
function clauseText(words: readonly Word[]): string {
  let depth = 0
  let isList = false
  const written = words.map((word, index) => {
    const before = words[index - 1]
    if (isSign(word, '(')) {
      if (depth === 0)
        isList = isBare(before, 'key') || isBare(before, 'unique') || isBare(words[index - 2], 'references')
      depth += 1
    } else if (isSign(word, ')')) depth -= 1
    if (word.kind !== 'bare') return word
    if (depth > 0) return isList ? listWord(words, index) : word
    if (isBare(before, 'constraint') || isBare(before, 'references')) return toName(word)
    return isBare(before, 'default') || isBare(before, 'collate') ? word : toLower(word)
  })
  return joined(written).replace(UPDATE_FIRST, ' on delete $2 on update $1')
}

/** In a list of columns: a column by itself is a name, and what is not is left alone. */
function listWord(words: readonly Word[], index: number): Word {
  const [before, word, after] = [words[index - 1], words[index] as Word, words[index + 1]]
  const isFirst = isSign(before, '(') || isSign(before, ',')
  const isAlone =
    isSign(after, ',') || isSign(after, ')') || ['collate', 'asc', 'desc'].some((text) => isBare(after, text))
  if (isFirst) return isAlone ? toName(word) : word
  return ['collate', 'asc', 'desc'].some((text) => isBare(word, text)) ? toLower(word) : word
}

function indexText(words: readonly Word[]): string | undefined {
  const on = words.findIndex((word) => isBare(word, 'on'))
  const name = words[on - 1]
  const table = words[on + 1]
  if (name === undefined || table === undefined || !isSign(words[on + 2], '(')) return undefined
  let depth = 0
  let isBehind = false
  const columns = words.slice(on + 2).map((word, index, all) => {
    if (isSign(word, '(')) depth += 1
    if (isSign(word, ')')) depth -= 1
    if (depth === 0 && isSign(word, ')')) isBehind = true
    if (word.kind !== 'bare') return word
    if (isBehind) return isBare(word, 'where') ? toLower(word) : word
    return depth === 1 ? listWord(all, index) : word
  })
  const kind = joined(words.slice(0, on - 1).map(toLower))
  return `${kind} ${toName(name).text} on ${toName(table).text} ${joined(columns)}`
}

/** With spaces where they are always, whatever the text had. */
function joined(words: readonly Word[]): string {
  let text = ''
  for (const [index, word] of words.entries()) {
    const before = words[index - 1]
    text += before === undefined || sticks(words[index - 2], before, word) ? word.text : ` ${word.text}`
  }
  return text
}

function sticks(twoBefore: Word | undefined, before: Word, word: Word): boolean {
  if (isSign(word, ',') || isSign(word, ')') || isSign(word, '.')) return true
  if (isSign(before, '(') || isSign(before, '.')) return true
  if (isSign(word, '(')) return before.kind === 'bare' && !BEFORE_PARENTHESIS.test(before.text)
  const isLeading = twoBefore === undefined || (twoBefore.kind === 'sign' && twoBefore.text !== ')')
  return (isSign(before, '-') || isSign(before, '+')) && (isLeading || isBare(twoBefore, 'default'))
}
