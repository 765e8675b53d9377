import {
  expectToken,
  isStatementEnd,
  isStatementStart,
  type LiteralValue,
  passAssertedTypes,
  readLiteral,
} from './literal-tokens.ts'
import { TokenReader } from './source-tokens.ts'
import { stringLiteralValue } from './string-literal.ts'

/** The exports that tell a revision's place in the graph, or that are shown without running it. */
export const HEADER_NAMES = [
  'revision',
  'down_revision',
  'branch_labels',
  'depends_on',
  'message',
  'irreversible',
  'requires',
] as const

export type HeaderName = (typeof HEADER_NAMES)[number]

/** What the text of a file tells for certain about its exports. */
export interface ScannedExports<N extends string = HeaderName> {
  /** The exported header names and their values; a name that is missing here is not exported. */
  readonly values: ReadonlyMap<N, LiteralValue>
  /** Other names that the text exports, for messages: there may be more. */
  readonly names: ReadonlySet<string>
}

/**
 * Reads the header of a revision file from its text, without running it: `export const NAME = literal`,
 * `exports.NAME = literal`, and the properties of an object that is `module.exports` or the default export. Undefined
 * whenever the text leaves any doubt about what the exports will be: then only importing the file can tell.
 */
export function scanRevisionHeader(text: string): ScannedExports | undefined {
  return scanExports(text, HEADER_NAME_SET)
}

/** The same for other files whose exports of these names are literals. */
export function scanExports<N extends string>(text: string, names: ReadonlySet<N>): ScannedExports<N> | undefined {
  return new HeaderScan(text, names).read()
}

const HEADER_NAME_SET: ReadonlySet<HeaderName> = new Set(HEADER_NAMES)

const STARTS_STATEMENT: ReadonlySet<string> = new Set('export import const let var function class'.split(' '))

// Methods return false, or undefined for a value that is wanted, when there is doubt; each leaves the reader on the
// first token that it did not use.
class HeaderScan<N extends string> {
  readonly #reader: TokenReader
  readonly #headers: ReadonlySet<string>
  // Asked of every name and string of a file: nearly all are shorter than any of them.
  readonly #shortest: number
  readonly #values = new Map<N, LiteralValue>()
  readonly #names = new Set<string>()
  /** Header names met anywhere else: harmless for strings, but an array or object could be changed there. */
  readonly #mentioned = new Set<string>()
  #isModule = false
  #isCommonJs = false
  #isWholeObject = false
  #hasExportedVariable = false
  #hasNamedHeader = false
  #hasDefaultHeader = false
  /** Something that could reach the exports of a CommonJS module unseen. */
  #hasBackDoor = false

  constructor(text: string, headers: ReadonlySet<N>) {
    this.#reader = new TokenReader(text)
    this.#headers = headers
    this.#shortest = Math.min(...[...headers].map((name) => name.length))
  }

  #isHeader(name: string): name is N {
    return name.length >= this.#shortest && this.#headers.has(name)
  }

  read(): ScannedExports<N> | undefined {
    const reader = this.#reader
    reader.next()
    while (reader.kind !== 'end') if (!this.#readToken()) return undefined
    if (this.#isModule ? this.#isCommonJs : this.#hasBackDoor) return undefined
    if (this.#hasNamedHeader && this.#hasDefaultHeader) return undefined
    for (const [name, value] of this.#values) {
      if (typeof value === 'object' && value !== null && this.#mentioned.has(name)) return undefined
    }
    return { values: this.#values, names: this.#names }
  }

  // One token, or one whole construct at the top level that concerns the exports.
  #readToken(): boolean {
    const reader = this.#reader
    if (reader.depth === 0 && reader.kind === 'name' && reader.previousText !== '.') {
      if (reader.is('export')) return this.#readExport()
      if (reader.is('exports') || reader.is('module')) return this.#readCommonJs()
      if (reader.is('Object')) return this.#readEsModuleMark()
      if (this.#headers.has(reader.text)) return false
      if (reader.is('import')) {
        reader.next()
        if (!reader.is('(') && !reader.is('.')) this.#isModule = true
        return true
      }
    }
    return this.#passToken()
  }

  /** Goes over one token of no interest in itself; false for one that may change the exports. */
  #passToken(): boolean {
    const reader = this.#reader
    const { kind, text } = reader
    if (kind === 'unknown' || kind === 'end') return false
    if (kind === 'string' && text.length > this.#shortest) this.#mentioned.add(text.slice(1, -1))
    if (kind === 'name') {
      if (this.#headers.has(text)) this.#mentioned.add(text)
      const isMember = reader.previousText === '.'
      if (text === 'exports' || (!isMember && (text === 'module' || text === 'eval'))) return false
      if (!isMember && (text === 'this' || text === 'arguments')) this.#hasBackDoor = true
      if (!isMember && text === 'return' && reader.functionDepth === 0) this.#hasBackDoor = true
    }
    const isRequire = kind === 'name' && text === 'require' && reader.previousText !== '.'
    const isComma = text === ',' && reader.depth === 0 && this.#hasExportedVariable
    reader.next()
    if (isRequire && !reader.is('(')) this.#hasBackDoor = true
    // `export const a = 1, { revision } = b` declares names at the end of any expression.
    return !(isComma && (reader.is('{') || reader.is('[')))
  }

  #readExport(): boolean {
    const reader = this.#reader
    this.#isModule = true
    reader.next()
    const { text } = reader
    if (reader.kind === 'punctuator') return text === '{' && this.#readExportList()
    reader.next()
    if (text === 'const') return this.#readConst()
    if (text === 'default') return this.#readDefault()
    if (text === 'async') {
      if (!reader.is('function')) return false
      reader.next()
    }
    if (text === 'function' || text === 'async') {
      if (reader.is('*')) reader.next()
      return this.#readExportedName()
    }
    if (text === 'let' || text === 'var') this.#hasExportedVariable = true
    if (/^(?:let|var|class|enum)$/.test(text)) return this.#readExportedName()
    return /^(?:abstract|declare|interface|namespace|type)$/.test(text)
  }

  #readExportedName(): boolean {
    const reader = this.#reader
    if (reader.kind !== 'name' || this.#isHeader(reader.text)) return false
    this.#names.add(reader.text)
    return this.#passToken()
  }

  #readExportList(): boolean {
    const reader = this.#reader
    let exported = ''
    for (reader.next(); reader.kind === 'name' || reader.is(','); reader.next()) {
      if (reader.kind === 'name') exported = reader.text
      else if (!this.#addListedName(exported)) return false
    }
    if (!reader.is('}') || !this.#addListedName(exported)) return false
    reader.next()
    return true
  }

  #addListedName(name: string): boolean {
    if (this.#isHeader(name) || name === 'default') return false
    if (name !== '') this.#names.add(name)
    return true
  }

  #readConst(): boolean {
    const reader = this.#reader
    if (reader.kind === 'name' && reader.is('enum')) {
      reader.next()
      return this.#readExportedName()
    }
    const name = reader.text
    this.#hasExportedVariable = true
    if (!this.#isHeader(name)) return this.#readExportedName()
    reader.next()
    if (reader.is(':')) {
      for (reader.next(); !reader.is('=') || reader.depth > 0; reader.next()) {
        if (reader.kind === 'end' || reader.kind === 'unknown' || STARTS_STATEMENT.has(reader.text)) return false
      }
    }
    if (!reader.is('=')) return false
    reader.next()
    this.#hasNamedHeader = true
    return this.#readValueOf([name]) && isStatementEnd(reader)
  }

  #readDefault(): boolean {
    const { kind, text } = this.#reader
    this.#names.add('default')
    if (kind === 'punctuator') return text === '{' && this.#readObject()
    return /^(?:abstract|async|class|function|interface)$/.test(text)
  }

  // `exports.a = exports.b = value`, `module.exports.a = value`, `module.exports = { ... }`
  #readCommonJs(): boolean {
    const reader = this.#reader
    if (!isStatementStart(reader)) return false
    const names: string[] = []
    while (reader.kind === 'name' && (reader.is('exports') || reader.is('module'))) {
      const isModule = reader.is('module')
      reader.next()
      if (isModule) {
        if (!this.#expect('.') || !this.#expect('exports')) return false
        if (reader.is('=')) {
          reader.next()
          return names.length === 0 && reader.is('{') && this.#readModuleExports()
        }
      } else if (this.#isWholeObject) return false
      if (!this.#expect('.') || reader.kind !== 'name' || reader.is('default')) return false
      names.push(reader.text)
      reader.next()
      if (!this.#expect('=')) return false
    }
    this.#isCommonJs = true
    for (const name of names) if (!this.#isHeader(name)) this.#names.add(name)
    const headers = names.filter((name): name is N => this.#isHeader(name))
    return headers.length === 0 || (this.#readValueOf(headers) && isStatementEnd(reader))
  }

  #readModuleExports(): boolean {
    if (this.#isCommonJs) return false
    this.#isCommonJs = true
    this.#isWholeObject = true
    return this.#readObject()
  }

  // Compilers write `Object.defineProperty(exports, "__esModule", { value: true })`.
  #readEsModuleMark(): boolean {
    const reader = this.#reader
    reader.next()
    if (!this.#expect('.') || !this.#expect('defineProperty') || !this.#expect('(')) return true
    if (!reader.is('exports')) return true
    reader.next()
    if (!this.#expect(',') || reader.kind !== 'string' || reader.text.slice(1, -1) !== '__esModule') return false
    reader.next()
    return [',', '{', 'value', ':', 'true', '}', ')'].every((text) => this.#expect(text))
  }

  #readObject(): boolean {
    const reader = this.#reader
    const keys = new Set<string>()
    reader.next()
    while (!reader.is('}') || reader.depth > 0) {
      const modifier = /^(?:async|get|set)$/.test(reader.text) ? reader.text : undefined
      let key = this.#readKey()
      let isPlain = true
      if (modifier !== undefined && !/^[:,(}]$/.test(reader.text)) {
        if (reader.is('*')) reader.next()
        key = this.#readKey()
        isPlain = false
      }
      if (key === undefined || key === '__proto__' || key === 'default' || keys.has(key)) return false
      keys.add(key)
      if (!this.#isHeader(key)) {
        this.#names.add(key)
        if (!this.#passProperty()) return false
      } else {
        this.#hasDefaultHeader ||= !this.#isWholeObject
        if (!isPlain || !this.#expect(':') || !this.#readValueOf([key])) return false
        if (reader.depth > 0 && !reader.is(',')) return false
      }
      if (reader.is(',')) reader.next()
    }
    reader.next()
    return passAssertedTypes(reader) && isStatementEnd(reader)
  }

  #readKey(): string | undefined {
    const { kind, text } = this.#reader
    if (kind !== 'name' && kind !== 'string' && kind !== 'number') return undefined
    this.#reader.next()
    return kind === 'string' ? stringLiteralValue(text) : text
  }

  #passProperty(): boolean {
    const reader = this.#reader
    while (!(reader.depth === 1 && reader.is(',')) && !(reader.depth === 0 && reader.is('}'))) {
      if (!this.#passToken()) return false
    }
    return true
  }

  #readValueOf(names: readonly N[]): boolean {
    const value = readLiteral(this.#reader)
    if (value === false) return false
    for (const name of names) {
      if (this.#values.get(name) !== undefined) return false
      this.#values.set(name, value)
    }
    return true
  }

  #expect(text: string): boolean {
    return expectToken(this.#reader, text)
  }
}
