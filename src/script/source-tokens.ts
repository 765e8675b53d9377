// Splits JavaScript or TypeScript into tokens, without a grammar. Where only a grammar could tell what a character
// means (a slash after `}`, an escape in a name, ...) the answer is a token of the kind `unknown`: whoever reads must
// then give up, never guess.

export type TokenKind = 'end' | 'name' | 'string' | 'template' | 'number' | 'regex' | 'punctuator' | 'unknown'

const REGEX_MAY_FOLLOW: ReadonlySet<string> = new Set(
  'return typeof instanceof in new delete void throw case do else default'.split(' '),
)
const REGEX_UNSURE: ReadonlySet<string> = new Set('of yield await'.split(' '))
const CONTROL: ReadonlySet<string> = new Set('if while for with switch catch'.split(' '))
const UNSURE_BEFORE_SLASH: ReadonlySet<string> = new Set(['}', '++', '--', '>', '!'])

const SPACE = 1
const NEWLINE = 2
const NAME = 3
const DIGIT = 4
const CLASSES = new Uint8Array(128)
for (const code of [9, 11, 12, 32]) CLASSES[code] = SPACE
for (const code of [10, 13]) CLASSES[code] = NEWLINE
for (let code = 48; code < 58; code++) CLASSES[code] = DIGIT
for (let code = 65; code < 91; code++) CLASSES[code] = NAME
for (let code = 97; code < 123; code++) CLASSES[code] = NAME
CLASSES[36] = NAME
CLASSES[95] = NAME

function classOf(code: number): number {
  if (code < 128) return CLASSES[code] ?? 0
  if (code === 0x2028 || code === 0x2029) return NEWLINE
  return /\s/.test(String.fromCharCode(code)) ? SPACE : NAME
}

interface Bracket {
  readonly close: string
  readonly isControl: boolean
  readonly isFunction: boolean
}

/** Reads one token after the other; the fields describe the current one. */
export class TokenReader {
  kind: TokenKind = 'end'
  /** The token as written; of a template literal with substitutions only its pieces. */
  text = ''
  /** How many brackets are open around the token; a bracket itself counts as outside. */
  depth = 0
  newlineBefore = false
  /** White space, a line end or a comment stands before the token. */
  spaceBefore = false
  previousKind: TokenKind = 'end'
  previousText = ''
  /** The previous token closed the head of an `if`, `for`, ... */
  previousClosedControl = false
  /** How many function bodies are open; a body that is not surely one does not count. */
  functionDepth = 0
  readonly #source: string
  #at = 0
  #beforePrevious = ''
  #closedControl = false
  readonly #open: Bracket[] = []

  constructor(source: string) {
    this.#source = source
    if (source.charCodeAt(0) === 0xfeff) this.#at = 1
    if (source.startsWith('#!', this.#at)) this.#skipLine()
  }

  /** Moves to the next token; stays at the end, and at a token of the kind `unknown`. */
  next(): void {
    if (this.kind === 'unknown') return
    this.#beforePrevious = this.previousText
    this.previousKind = this.kind
    this.previousText = this.text
    this.previousClosedControl = this.#closedControl
    this.#closedControl = false
    const from = this.#at
    const isReadable = this.#skipBlank()
    this.spaceBefore = this.#at > from
    this.depth = this.#open.length
    const end = isReadable ? this.#read() : this.#unknown()
    this.text = this.#source.slice(this.#at, end)
    this.#at = end
  }

  /** Whether the current token is this name or punctuator. */
  is(text: string): boolean {
    return this.text === text
  }

  // The methods below set the kind of the token that starts here and return where it ends.
  #read(): number {
    if (this.#at >= this.#source.length) return this.depth === 0 ? this.#token('end', this.#at) : this.#unknown()
    const code = this.#source.charCodeAt(this.#at)
    const kind = classOf(code)
    if (kind === NAME) return this.#token('name', this.#wordEnd(this.#at))
    if (kind === DIGIT || (code === 46 && classOf(this.#source.charCodeAt(this.#at + 1)) === DIGIT)) {
      return this.#token('number', this.#wordEnd(this.#at))
    }
    if (code === 34 || code === 39) return this.#string(code)
    if (code === 96) return this.#template('template')
    if (code === 47) return this.#slash()
    return this.#punctuator()
  }

  #token(kind: TokenKind, end: number): number {
    this.kind = kind
    return end
  }

  #unknown(): number {
    return this.#token('unknown', this.#source.length)
  }

  // False at a comment that is not closed, and at what old scripts may take for a comment.
  #skipBlank(): boolean {
    this.newlineBefore = false
    const source = this.#source
    while (this.#at < source.length) {
      const code = source.charCodeAt(this.#at)
      const kind = classOf(code)
      if (kind === NEWLINE) this.newlineBefore = true
      else if (kind !== SPACE) {
        if (code === 60) return !source.startsWith('<!--', this.#at)
        if (code === 45) return !source.startsWith('-->', this.#at)
        if (code !== 47) return true
        const next = source.charCodeAt(this.#at + 1)
        if (next === 47) {
          this.#skipLine()
          continue
        }
        if (next !== 42) return true
        const end = source.indexOf('*/', this.#at + 2)
        if (end === -1) return false
        if (/[\n\r\u2028\u2029]/.test(source.slice(this.#at, end))) this.newlineBefore = true
        this.#at = end + 1
      }
      this.#at += 1
    }
    return true
  }

  #skipLine(): void {
    while (this.#at < this.#source.length && classOf(this.#source.charCodeAt(this.#at)) !== NEWLINE) this.#at += 1
  }

  #wordEnd(start: number): number {
    let end = start + 1
    for (; end < this.#source.length; end += 1) {
      const kind = classOf(this.#source.charCodeAt(end))
      if (kind !== NAME && kind !== DIGIT) break
    }
    return end
  }

  #string(quote: number): number {
    const source = this.#source
    for (let end = this.#at + 1; end < source.length; end += 1) {
      const code = source.charCodeAt(end)
      if (code === quote) return this.#token('string', end + 1)
      if (code === 10 || code === 13) break
      if (code === 92) end += source.startsWith('\r\n', end + 1) ? 2 : 1
    }
    return this.#unknown()
  }

  // From a backtick, or from the brace that ends a substitution, to the next substitution or the end.
  #template(kind: 'template' | 'punctuator'): number {
    const source = this.#source
    for (let end = this.#at + 1; end < source.length; end += 1) {
      const code = source.charCodeAt(end)
      if (code === 92) end += 1
      else if (code === 96) return this.#token(kind, end + 1)
      else if (code === 36 && source.charCodeAt(end + 1) === 123) {
        this.#open.push({ close: '`', isControl: false, isFunction: false })
        return this.#token('punctuator', end + 2)
      }
    }
    return this.#unknown()
  }

  #slash(): number {
    const regex = this.#regexMayStart()
    if (regex === undefined) return this.#unknown()
    if (!regex) return this.#token('punctuator', this.#at + 1)
    let inClass = false
    for (let end = this.#at + 1; end < this.#source.length; end += 1) {
      const code = this.#source.charCodeAt(end)
      if (classOf(code) === NEWLINE) break
      if (code === 92) end += 1
      else if (code === 91) inClass = true
      else if (code === 93) inClass = false
      else if (code === 47 && !inClass) return this.#token('regex', this.#wordEnd(end))
    }
    return this.#unknown()
  }

  #regexMayStart(): boolean | undefined {
    const text = this.previousText
    if (this.previousKind === 'end') return true
    if (this.previousKind === 'name') {
      if (this.#beforePrevious === '.') return false
      return REGEX_UNSURE.has(text) ? undefined : REGEX_MAY_FOLLOW.has(text)
    }
    if (this.previousKind !== 'punctuator') return false
    if (text === ')') return this.previousClosedControl
    if (text === ']' || text.endsWith('`')) return false
    if (text === '!' && /^(?:[(,=:?&|!;{[]|=>|return)$/.test(this.#beforePrevious)) return true
    return UNSURE_BEFORE_SLASH.has(text) ? undefined : true
  }

  // By their codes: to cut a text out of the source for each sign that is looked at would cost more than the look.
  #punctuator(): number {
    const at = this.#at
    const code = this.#source.charCodeAt(at)
    const next = this.#source.charCodeAt(at + 1)
    switch (code) {
      case 92: // \
        return this.#unknown()
      case 40: // (
      case 91: // [
      case 123: // {
        return this.#openBracket(this.#source.charAt(at))
      case 41: // )
      case 93: // ]
      case 125: // }
        return this.#closeBracket(this.#source.charAt(at))
      case 61: // = == === =>
        if (next === 61) return this.#token('punctuator', at + (this.#source.charCodeAt(at + 2) === 61 ? 3 : 2))
        return this.#token('punctuator', at + (next === 62 ? 2 : 1))
      case 43: // + ++
      case 45: // - --
        return this.#token('punctuator', at + (next === code ? 2 : 1))
      case 46: // . ...
        return this.#token('punctuator', at + (this.#source.startsWith('...', at) ? 3 : 1))
      default:
        return this.#token('punctuator', at + 1)
    }
  }

  #openBracket(character: string): number {
    const afterParentheses = this.previousText === ')' && this.previousKind === 'punctuator'
    const isFunction =
      character === '{' &&
      (this.previousText === '=>' || (afterParentheses && !this.previousClosedControl && !this.newlineBefore))
    const isControl =
      character === '(' &&
      this.#beforePrevious !== '.' &&
      (CONTROL.has(this.previousText) || (this.previousText === 'await' && this.#beforePrevious === 'for'))
    this.#open.push({ close: character === '(' ? ')' : character === '[' ? ']' : '}', isControl, isFunction })
    if (isFunction) this.functionDepth += 1
    return this.#token('punctuator', this.#at + 1)
  }

  #closeBracket(character: string): number {
    const bracket = this.#open.pop()
    if (bracket?.close === '`' && character === '}') return this.#template('punctuator')
    if (bracket?.close !== character) return this.#unknown()
    if (bracket.isFunction) this.functionDepth -= 1
    this.depth = this.#open.length
    this.#closedControl = bracket.isControl
    return this.#token('punctuator', this.#at + 1)
  }
}
