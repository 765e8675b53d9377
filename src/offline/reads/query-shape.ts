import type { SqlFamily } from '../../sql/sql-family.ts'
import { CATALOG_NAMES, NO_SCHEMA } from './catalogue-columns.ts'
import { DATABASE_NAMES, isPlainType, isSchemaFunction } from './catalogue-functions.ts'
import { isCatalogueRelation } from './catalogue-relations.ts'
import type { Lexeme } from './lexemes.ts'

/** A relation of a FROM. */
export interface QueryRelation {
  /** In lower case where the database ignores case; undefined for a subquery. */
  readonly name: string | undefined
  readonly alias: string | undefined
  /** Its columns are those of a table of the catalogue, not of a CTE or a subquery. */
  readonly isCatalogue: boolean
}

/** What must be known of a query on the catalogue to compare its answers. */
export interface QueryShape {
  /** The rows come in an order that the query asks for. */
  readonly isOrdered: boolean
  readonly isLimited: boolean
  /** Every name and word but those of the ORDER BY of the whole query, in lower case. */
  readonly mentions: ReadonlySet<string>
  /** The pieces of each selected column of the first SELECT; undefined for VALUES. */
  readonly columns: readonly (readonly Lexeme[])[] | undefined
  /** The relations of the first SELECT. */
  readonly relations: readonly QueryRelation[]
  /** Some columns of joined tables in the first SELECT may be one. */
  readonly mergesColumns: boolean
}

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/))

const SET_OPERATIONS = words('union intersect except minus')
const AFTER_FROM = words('where group having window order limit offset fetch for union intersect except minus qualify')
const JOINS = words('join inner left right full cross natural outer straight_join')
// Words that a parenthesis may follow without being called.
const NOT_CALLED =
  words(`all and any array as between by case distinct else escape except exists filter from group having
  ilike in intersect is like limit not offset on or over regexp rlike row select similar some then to union using values when
  where within`)
// These write, lock, run something, or read a table without a FROM.
const FORBIDDEN =
  words(`into insert update delete merge returning table tablesample operator outfile dumpfile lock do execute
  procedure current_date current_time current_timestamp localtime localtimestamp utc_date utc_time utc_timestamp
  current_user session_user system_user current_role user date time timestamp timestamptz timetz datetime interval for
  xmlparse`)
// What may stand before a string of PostgreSQL without being the type of it.
const BEFORE_STRING =
  words(`all and as between by case distinct e else escape from ilike in is like limit n not offset on or
  select similar then to when x`)
const CALLS_WITH_FROM = words('trim substring substr overlay position')

/** Ends the reading of a query that is not surely one on the catalogue alone. */
class Doubt extends Error {}

/**
 * The shape of a SELECT, VALUES or WITH whose relations are all of the catalogue or of itself and whose functions depend on
 * nothing but the schema; undefined for every other statement, and in doubt.
 */
export function queryShape(lexemes: readonly Lexeme[], family: SqlFamily): QueryShape | undefined {
  try {
    return new QueryReader(lexemes, family).readAll()
  } catch (error) {
    if (error instanceof Doubt) return undefined
    throw error
  }
}

/** The CTEs that a query can see, by name. */
type Scope = ReadonlySet<string>

interface Term {
  readonly columns: (readonly Lexeme[])[] | undefined
  readonly relations: QueryRelation[]
  readonly mergesColumns: boolean
}

interface Query {
  readonly isOrdered: boolean
  readonly isLimited: boolean
  readonly terms: readonly Term[]
}

class QueryReader {
  readonly #lexemes: readonly Lexeme[]
  readonly #family: SqlFamily
  readonly #mentions = new Set<string>()
  /** Names of relations where a value is expected: whole rows. */
  readonly #bare = new Set<string>()
  readonly #aliases = new Set<string>()
  #at = 0
  #depth = 0
  /** How many parentheses of values are open in the innermost query. */
  #nesting = 0
  #isOrdering = false
  #isShown = false

  constructor(lexemes: readonly Lexeme[], family: SqlFamily) {
    this.#lexemes = lexemes
    this.#family = family
  }

  readAll(): QueryShape {
    const startsWithParenthesis = this.#isSymbol('(')
    const { terms, ...query } = this.#query(new Set())
    if (this.#at < this.#lexemes.length) throw new Doubt()
    // The order of a query in parentheses may be the order of all.
    if (startsWithParenthesis && this.#lexemes.some(({ kind, text }) => kind === 'word' && text === 'order'))
      throw new Doubt()
    if (this.#family === 'postgresql' && [...this.#bare].some((name) => this.#aliases.has(name))) throw new Doubt()
    const [first] = terms
    if (first === undefined) throw new Doubt()
    return { ...query, ...first, mentions: this.#mentions }
  }

  #query(outer: Scope): Query {
    this.#depth += 1
    const nesting = this.#nesting
    this.#nesting = 0
    const scope = this.#isWord('with') ? this.#with(outer) : outer
    const terms = [this.#term(scope)]
    while (this.#isWordOf(SET_OPERATIONS)) {
      this.#next()
      if (this.#isWord('all') || this.#isWord('distinct')) this.#next()
      terms.push(this.#term(scope))
    }
    const query = { ...this.#tail(scope), terms: terms.flat() }
    this.#depth -= 1
    this.#nesting = nesting
    return query
  }

  #with(outer: Scope): Scope {
    this.#next()
    const scope = new Set(outer)
    const isRecursive = this.#isWord('recursive')
    if (isRecursive) this.#next()
    do {
      const name = this.#name()
      // Without RECURSIVE its own name still means a table.
      if (isRecursive) scope.add(name)
      if (this.#isSymbol('(')) this.#skipParentheses()
      this.#expectWord('as')
      if (this.#isWord('not')) this.#next()
      if (this.#isWord('materialized')) this.#next()
      this.#expectSymbol('(')
      this.#query(scope)
      this.#expectSymbol(')')
      scope.add(name)
      this.#aliases.add(name)
    } while (this.#accept(','))
    return scope
  }

  #term(scope: Scope): Term[] {
    if (this.#accept('(')) {
      const { terms } = this.#query(scope)
      this.#expectSymbol(')')
      return [...terms]
    }
    if (this.#isWord('values')) {
      this.#next()
      const shown = this.#isShown
      this.#isShown = true
      this.#expressions(scope, AFTER_FROM)
      this.#isShown = shown
      return [{ columns: undefined, relations: [], mergesColumns: false }]
    }
    this.#expectWord('select')
    const shown = this.#isShown
    this.#isShown = true
    const columns = this.#columns(scope)
    this.#isShown = false
    const relations: QueryRelation[] = []
    let mergesColumns = false
    if (this.#isWord('from')) {
      this.#next()
      mergesColumns = this.#from(scope, relations)
    }
    while (this.#isWordOf(words('where group having window'))) {
      this.#next()
      this.#expressions(scope, AFTER_FROM)
    }
    this.#isShown = shown
    return [{ columns, relations, mergesColumns }]
  }

  /** The selected columns, one list of pieces for each. */
  #columns(scope: Scope): (readonly Lexeme[])[] {
    if (this.#isWord('all') || this.#isWord('distinct')) this.#next()
    if (this.#isWord('on')) {
      this.#next()
      if (!this.#isSymbol('(')) throw new Doubt()
      this.#parentheses(scope)
    }
    const columns: (readonly Lexeme[])[] = []
    do {
      const start = this.#at
      this.#expressions(scope, new Set([...AFTER_FROM, 'from']), true)
      columns.push(this.#lexemes.slice(start, this.#at))
    } while (this.#accept(','))
    return columns
  }

  #tail(scope: Scope): { isOrdered: boolean; isLimited: boolean } {
    let isOrdered = false
    let isLimited = false
    while (this.#isWordOf(words('order limit offset fetch'))) {
      const { text } = this.#next()
      if (text === 'order') isOrdered = true
      else isLimited = true
      this.#isOrdering = this.#depth === 1
      // FETCH FIRST 3 ROWS ONLY
      if (text === 'fetch')
        while (this.#isWordOf(words('first next row rows only with ties')) || this.#isKind('number')) this.#next()
      else this.#expressions(scope, AFTER_FROM)
      this.#isOrdering = false
    }
    return { isOrdered, isLimited }
  }

  /** The relations up to the next clause. Gives whether joined tables share columns. */
  #from(scope: Scope, relations: QueryRelation[]): boolean {
    let mergesColumns = false
    let expectsRelation = true
    while (expectsRelation) {
      mergesColumns = this.#relation(scope, relations) || mergesColumns
      expectsRelation = false
      for (;;) {
        if (this.#accept(',')) expectsRelation = true
        else if (this.#isJoin()) {
          const { text } = this.#next()
          mergesColumns ||= text === 'natural'
          expectsRelation ||= text === 'join' || text === 'straight_join'
        } else if (this.#isWord('using')) {
          this.#next()
          this.#skipParentheses()
          mergesColumns = true
        } else if (this.#isWord('on')) {
          this.#next()
          this.#expressions(scope, AFTER_FROM, true, true)
        } else break
        if (expectsRelation) break
      }
    }
    return mergesColumns
  }

  #relation(scope: Scope, relations: QueryRelation[]): boolean {
    if (this.#isWord('lateral')) this.#next()
    let relation: { name: string | undefined; isCatalogue: boolean; isCalled?: true } = {
      name: undefined,
      isCatalogue: false,
    }
    let mergesColumns = false
    if (this.#accept('(')) {
      if (this.#startsQuery()) this.#query(scope)
      else mergesColumns = this.#from(scope, relations)
      this.#expectSymbol(')')
    } else relation = this.#namedRelation(scope)
    const alias = this.#alias()
    relations.push({ name: relation.name, isCatalogue: relation.isCatalogue, alias })
    // The name of a called function is its value: `unnest(conkey) AS key`.
    if (!relation.isCalled) for (const name of [alias, relation.name]) if (name !== undefined) this.#aliases.add(name)
    return mergesColumns
  }

  #namedRelation(scope: Scope): { name: string; isCatalogue: boolean; isCalled?: true } {
    const first = this.#name()
    const second = this.#accept('.') ? this.#name() : undefined
    if (this.#isSymbol('.')) throw new Doubt()
    const [schema, name] = second === undefined ? [undefined, first] : [first, second]
    if (this.#isSymbol('(')) {
      const isPragma = this.#family === 'sqlite' && name.startsWith('pragma_')
      if (!isPragma && !isSchemaFunction(schema, name, this.#family)) throw new Doubt()
      if (DATABASE_NAMES.has(name)) throw new Doubt()
      if (isPragma && !isCatalogueRelation(schema, name, this.#family)) throw new Doubt()
      this.#isShown = true
      this.#parentheses(scope)
      this.#isShown = false
      return { name, isCatalogue: isPragma, isCalled: true }
    }
    if (schema === undefined && scope.has(name)) return { name, isCatalogue: false }
    if (!isCatalogueRelation(schema, name, this.#family)) throw new Doubt()
    return { name, isCatalogue: true }
  }

  #alias(): string | undefined {
    if (this.#isWord('with')) {
      this.#next()
      this.#expectWord('ordinality')
    }
    const isNamed = this.#isWord('as')
    if (isNamed) this.#next()
    const lexeme = this.#peek()
    if (lexeme?.kind !== 'quoted' && (lexeme?.kind !== 'word' || AFTER_FROM.has(lexeme.text) || this.#isJoin()))
      return undefined
    if (lexeme.kind === 'word' && (lexeme.text === 'on' || lexeme.text === 'using')) return undefined
    if (lexeme.kind === 'word' && FORBIDDEN.has(lexeme.text)) throw new Doubt()
    const alias = this.#name()
    if (this.#isSymbol('(')) this.#skipParentheses()
    return alias
  }

  /** Values up to one of the words, a closing parenthesis or the end; up to a comma, too, when asked for. */
  #expressions(scope: Scope, until: ReadonlySet<string>, untilComma = false, untilJoin = false): void {
    for (let lexeme = this.#peek(); lexeme !== undefined; lexeme = this.#peek()) {
      if (lexeme.kind === 'symbol') {
        if (lexeme.text === ')' || (untilComma && lexeme.text === ',')) return
        this.#symbol(scope, lexeme)
      } else if (lexeme.kind === 'word' || lexeme.kind === 'quoted') {
        if (lexeme.kind === 'word' && this.#stops(lexeme.text, until)) return
        if (untilJoin && this.#isJoin()) return
        this.#value(scope)
      } else this.#next()
    }
  }

  #stops(word: string, until: ReadonlySet<string>): boolean {
    if (!until.has(word)) return false
    const [before, last] = [this.#wordAt(this.#at - 2), this.#wordAt(this.#at - 1)]
    if (word === 'from' && last === 'distinct' && (before === 'is' || before === 'not')) return false
    return !(word === 'group' && last === 'within')
  }

  #symbol(scope: Scope, { text }: Lexeme): void {
    if (text === '(') this.#parentheses(scope)
    else if (text === '::') {
      this.#next()
      this.#type()
    } else if (/[?;\\{}$]/.test(text)) throw new Doubt()
    // User variables, and parameters of SQLite.
    else if (this.#family !== 'postgresql' && /[@:#]/.test(text)) throw new Doubt()
    else this.#next()
  }

  /** A parenthesis with all that is in it. */
  #parentheses(scope: Scope, called?: string): void {
    this.#expectSymbol('(')
    if (this.#startsQuery()) this.#query(scope)
    else {
      this.#nesting += 1
      this.#expressions(scope, new Set(['from', 'for']))
      while (this.#isWord('from') || this.#isWord('for')) {
        if (called === undefined || !CALLS_WITH_FROM.has(called)) throw new Doubt()
        this.#next()
        this.#expressions(scope, new Set(['from', 'for']))
      }
      this.#nesting -= 1
    }
    this.#expectSymbol(')')
  }

  /** A name with all its parts, called or not; or a word of the language. */
  #value(scope: Scope): void {
    const first = this.#next()
    const parts = [first]
    while (this.#isSymbol('.')) {
      this.#next()
      if (this.#accept('*')) {
        this.#allowStar()
        return
      }
      parts.push(this.#expectName())
    }
    const names = parts.map((part) => this.#normal(part))
    const isField = this.#lexemes[this.#at - 2 * parts.length]?.text === '.'
    const isPlain = parts.length === 1 && first.kind === 'word'
    if (isPlain && !isField) this.#allow(first.text)
    if (this.#isSymbol('(') && !(isPlain && NOT_CALLED.has(first.text))) {
      this.#call(scope, names)
      return
    }
    const last = names.at(-1) ?? ''
    if (NO_SCHEMA[this.#family].has(last)) throw new Doubt()
    if (this.#isShown && this.#family === 'postgresql' && CATALOG_NAMES.has(last)) throw new Doubt()
    if (this.#family === 'postgresql' && this.#isKind('string')) {
      if (!(isPlain && BEFORE_STRING.has(last)) && !isPlainType(last)) throw new Doubt()
    }
    if (this.#isOrdering) return
    for (const name of names) this.#mentions.add(name)
    const isAlias = this.#wordAt(this.#at - 2) === 'as'
    if (parts.length === 1 && !isField && !isAlias) this.#bare.add(last)
  }

  /** As a value `relation.*` is a whole row, with all that differs. */
  #allowStar(): void {
    if (this.#family === 'postgresql' && (this.#nesting > 0 || this.#isSymbol('::'))) throw new Doubt()
  }

  #allow(word: string): void {
    if (FORBIDDEN.has(word)) throw new Doubt()
    // SQLite reads the whole table in `x IN users`.
    if (word === 'in' && !this.#isSymbol('(')) throw new Doubt()
  }

  #call(scope: Scope, names: readonly string[]): void {
    const name = names.at(-1) ?? ''
    const schema = names.at(-2)
    if (names.length > 2) throw new Doubt()
    if (isPlainType(name) && schema === undefined && this.#wordAt(this.#at - 2) === 'as') {
      this.#skipParentheses()
      return
    }
    if (!isSchemaFunction(schema, name, this.#family)) throw new Doubt()
    // The name of the database can be compared, but what a revision makes of it would be wrong elsewhere.
    if (this.#isShown && DATABASE_NAMES.has(name)) throw new Doubt()
    this.#mentions.add(name)
    const start = this.#at
    this.#parentheses(scope, name)
    if (name === 'cast' && this.#family === 'postgresql') this.#castType(start)
  }

  /** What a cast turns into is plain. */
  #castType(start: number): void {
    for (const [index, { kind, text }] of this.#lexemes.slice(start, this.#at).entries()) {
      if (kind !== 'word' || text !== 'as') continue
      const type = this.#lexemes[start + index + 1]
      const isQualified = this.#lexemes[start + index + 2]?.text === '.'
      if (type === undefined || isQualified || !isPlainType(this.#normal(type))) throw new Doubt()
    }
  }

  #type(): void {
    const first = this.#name()
    const name = this.#accept('.') ? this.#name() : first
    if (name !== first && first !== 'pg_catalog' && first !== 'information_schema') throw new Doubt()
    if (!isPlainType(name)) throw new Doubt()
    if (name === 'character' && this.#isWord('varying')) this.#next()
    if (this.#isSymbol('(')) this.#skipParentheses()
  }

  #startsQuery(): boolean {
    let ahead = this.#at
    while (this.#lexemes[ahead]?.text === '(' && this.#lexemes[ahead]?.kind === 'symbol') ahead += 1
    const word = this.#wordAt(ahead)
    // A parenthesis of its own may also hold an expression that begins with a subquery.
    if (ahead > this.#at && word !== undefined && /^(?:select|with|values)$/.test(word)) return this.#isWrappedQuery()
    return word !== undefined && /^(?:select|with|values)$/.test(word) && ahead === this.#at
  }

  /** Whether what stands in this parenthesis are queries in parentheses of their own, and nothing but set operations between. */
  #isWrappedQuery(): boolean {
    let depth = 0
    let ahead = this.#at
    for (;;) {
      const lexeme = this.#lexemes[ahead]
      if (lexeme === undefined) return false
      if (lexeme.kind === 'symbol' && lexeme.text === '(') depth += 1
      if (lexeme.kind === 'symbol' && lexeme.text === ')') depth -= 1
      ahead += 1
      if (depth === 0) break
    }
    const after = this.#lexemes[ahead]
    if (after?.kind === 'symbol') return after.text === ')'
    return after?.kind === 'word' && (SET_OPERATIONS.has(after.text) || /^(?:order|limit)$/.test(after.text))
  }

  #skipParentheses(): void {
    this.#expectSymbol('(')
    while (!this.#isSymbol(')')) {
      const lexeme = this.#next()
      const isPlain = lexeme.kind !== 'symbol' || /^(?:[,.[\]]|::)$/.test(lexeme.text)
      if (!isPlain) throw new Doubt()
    }
    this.#next()
  }

  #name(): string {
    return this.#normal(this.#expectName())
  }

  /** PostgreSQL alone minds the case of a quoted name. */
  #normal({ kind, text }: Lexeme): string {
    return kind === 'quoted' && this.#family === 'postgresql' ? text : text.toLowerCase()
  }

  #peek(): Lexeme | undefined {
    return this.#lexemes[this.#at]
  }

  #next(): Lexeme {
    const lexeme = this.#peek()
    if (lexeme === undefined) throw new Doubt()
    this.#at += 1
    return lexeme
  }

  #expectName(): Lexeme {
    const lexeme = this.#next()
    if (lexeme.kind !== 'word' && lexeme.kind !== 'quoted') throw new Doubt()
    return lexeme
  }

  #expectWord(word: string): void {
    if (!this.#isWord(word)) throw new Doubt()
    this.#at += 1
  }

  #expectSymbol(symbol: string): void {
    if (!this.#accept(symbol)) throw new Doubt()
  }

  #accept(symbol: string): boolean {
    if (!this.#isSymbol(symbol)) return false
    this.#at += 1
    return true
  }

  #wordAt(index: number): string | undefined {
    const lexeme = this.#lexemes[index]
    return lexeme?.kind === 'word' ? lexeme.text : undefined
  }

  #isWord(word: string): boolean {
    return this.#wordAt(this.#at) === word
  }

  #isWordOf(set: ReadonlySet<string>): boolean {
    return set.has(this.#wordAt(this.#at) ?? '')
  }

  #isKind(kind: Lexeme['kind']): boolean {
    return this.#peek()?.kind === kind
  }

  #isSymbol(symbol: string): boolean {
    const lexeme = this.#peek()
    return lexeme?.kind === 'symbol' && lexeme.text === symbol
  }

  /** `left` and `right` are functions, too. */
  #isJoin(): boolean {
    const following = this.#lexemes[this.#at + 1]
    return this.#isWordOf(JOINS) && !(following?.kind === 'symbol' && following.text === '(')
  }
}
