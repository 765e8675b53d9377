// Where a routine, a trigger, an event or a compound statement of MySQL and MariaDB ends. BEGIN, END, IF and others are
// keywords at some places and names or functions at others, so what counts is where a word stands: at the start of a
// statement within the body, or in an expression.
import type { SqlToken } from './sql-tokens.ts'
import { firstWords, sqlWords } from './sql-words.ts'
import type { StatementBody } from './statement-body.ts'

const COMPOUND = new Set(['begin', 'if', 'case', 'loop', 'repeat', 'while', 'for'])
const KINDS = new Set(['trigger', 'procedure', 'function', 'event', 'package'])
const BEFORE_KIND = new Set(['or', 'replace', 'aggregate'])
// First words of a body that is one statement.
const SINGLE = new Set(
  `alter analyze call change check commit create deallocate delete do drop execute fetch flush get grant handler insert
   kill leave iterate load lock open close optimize prepare rename repair replace reset resignal return revoke rollback
   savepoint select set show signal start stop table truncate unlock update values with xa`.split(/\s+/),
)
// After these a word is the start of a value, so that an END there is a name.
const EXPECTS_VALUE =
  /^(?:case|when|then|else|and|or|xor|not|between|like|rlike|regexp|is|in|div|mod|interval|[^\w')])$/

/** What is open; `expression` for a CASE that gives a value. */
type Open = 'begin' | 'if' | 'case' | 'loop' | 'repeat' | 'while' | 'for' | 'expression'

/** Follows a statement of MySQL or MariaDB. */
export function mysqlBody(sql: string): StatementBody {
  let kind: 'unread' | 'plain' | 'routine' | 'rest' = 'unread'
  const reader = createReader()
  return {
    get isRoutine() {
      return kind === 'routine' || kind === 'rest'
    },
    isInside(tokens: readonly SqlToken[]) {
      if (kind === 'unread') {
        kind = 'plain'
        if (!mayHaveBody(firstWords(sql, tokens, 3))) return false
        const words = [...sqlWords(sql, tokens)]
        const start = startOfBody(words)
        if (start === undefined) return false
        kind = start === 'rest' ? 'rest' : 'routine'
        if (start !== 'rest') reader.read(words, start.index, start.isSearching)
      } else if (kind === 'routine') reader.read([...sqlWords(sql, tokens)], 0, false)
      return kind === 'rest' || reader.isOpen()
    },
  }
}

function mayHaveBody([first, second, third]: readonly string[]): boolean {
  if (first === 'create' || first === 'alter') return true
  return second === ':' ? COMPOUND.has(third ?? '') : COMPOUND.has(first ?? '')
}

interface Start {
  readonly index: number
  /** The body is not there yet, but further on, behind the properties of the routine. */
  readonly isSearching: boolean
}

/** Where the body begins; `rest` where it cannot be told where it ends; undefined when there is none. */
function startOfBody(words: readonly string[]): Start | 'rest' | undefined {
  const [first] = words
  if (first !== 'create' && first !== 'alter') {
    const index = words[1] === ':' ? 2 : 0
    const isTransaction = words[index] === 'begin' && !(words[index + 1] === 'not' && words[index + 2] === 'atomic')
    return isTransaction ? undefined : { index, isSearching: false }
  }
  const kindAt = indexOfKind(words)
  switch (words[kindAt]) {
    case 'trigger':
      return first === 'create' ? startOfTrigger(words, kindAt) : undefined
    case 'event': {
      const index = words.indexOf('do', kindAt)
      return index === -1 ? undefined : { index: index + 1, isSearching: false }
    }
    case 'procedure':
    case 'function': {
      const index = first === 'create' ? endOfParentheses(words, words.indexOf('(', kindAt)) : -1
      return index === -1 ? undefined : { index, isSearching: true }
    }
    case 'package':
      return first === 'create' ? 'rest' : undefined
    default:
      return undefined
  }
}

function indexOfKind(words: readonly string[]): number {
  let index = 1
  while (BEFORE_KIND.has(words[index] ?? '')) index += 1
  if (words[index] !== 'definer') return index
  // An account is at most a few words: root @ localhost, or current_user ( ).
  return words.findIndex((word, at) => at > index + 2 && at < index + 8 && KINDS.has(word))
}

function startOfTrigger(words: readonly string[], from: number): Start | undefined {
  const row = words.findIndex((word, at) => at > from && word === 'row' && words[at - 1] === 'each')
  if (row === -1) return undefined
  const isOrdered = /^(?:follows|precedes)$/.test(words[row + 1] ?? '')
  return { index: isOrdered ? row + 3 : row + 1, isSearching: false }
}

function endOfParentheses(words: readonly string[], from: number): number {
  if (from === -1) return -1
  let depth = 0
  for (let index = from; index < words.length; index++) {
    if (words[index] === '(') depth += 1
    else if (words[index] === ')') depth -= 1
    if (depth === 0) return index + 1
  }
  return -1
}

interface Reader {
  /** The words up to a semicolon, the first of them at the start of a statement or, when searching, before one. */
  read(words: readonly string[], from: number, isSearching: boolean): void
  isOpen(): boolean
}

function createReader(): Reader {
  const open: Open[] = []
  const top = (): Open | undefined => open.at(-1)

  const read = (words: readonly string[], from: number, isSearching: boolean): void => {
    let searching = isSearching
    let parentheses = 0
    let atStart = !isSearching
    let isDeclaration = false
    let index = from
    const word = (at: number): string => words[at] ?? ''

    // The kind of what an END closes and the name that may follow are no starts of anything.
    const close = (): void => {
      const closed = open.pop()
      if (word(index + 1) === closed) index += 1
      atStart = false
    }
    const start = (): void => {
      const current = word(index)
      if (word(index + 1) === ':') {
        index += 1
        return
      }
      atStart = false
      if (current === 'end') close()
      else if (current === 'else') atStart = true
      else if (current === 'declare') isDeclaration = true
      else if (COMPOUND.has(current)) {
        open.push(current as Open)
        if (current === 'begin' && word(index + 1) === 'not' && word(index + 2) === 'atomic') index += 2
        atStart = current === 'begin' || current === 'loop' || current === 'repeat'
      }
    }
    const search = (): void => {
      const current = word(index)
      if (current === '(') parentheses += 1
      else if (current === ')') parentheses -= 1
      if (parentheses > 0) return
      const isCharacterSet = current === 'set' && /^(?:character|char|returns)$/.test(word(index - 1))
      const isLabel = word(index + 1) === ':'
      if (!isLabel && !COMPOUND.has(current) && (!SINGLE.has(current) || isCharacterSet)) return
      searching = false
      start()
      if (isLabel) atStart = true
    }
    const proceed = (): void => {
      const current = word(index)
      const inner = top()
      if (current === 'case') open.push('expression')
      else if (current === 'end') {
        const isValue = EXPECTS_VALUE.test(word(index - 1)) || word(index + 1) === '.'
        if (inner === 'expression' ? !isValue : inner === 'repeat' && word(index + 1) === 'repeat') close()
      } else if (current === 'then' || current === 'else') atStart = inner === 'if' || inner === 'case'
      else if (current === 'do' && (inner === 'while' || inner === 'for')) atStart = true
      else if (isDeclaration && current === 'for' && word(index - 1) === 'handler') searching = true
    }

    for (; index < words.length; index++) {
      if (searching) search()
      else if (atStart) start()
      else proceed()
    }
    // No expression goes on behind a semicolon.
    while (top() === 'expression') open.pop()
  }
  return { read, isOpen: () => open.length > 0 }
}
