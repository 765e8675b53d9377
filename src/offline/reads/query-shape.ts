import type { SqlFamily } from '../../sql/sql-family.ts'
import { CATALOG_NAMES, NO_SCHEMA } from './catalogue-columns.ts'
import { DATABASE_NAMES, isPlainType, isSchemaFunction } from './catalogue-functions.ts'
import { isCatalogueRelation } from './catalogue-relations.ts'
import { Doubt, LexemeCursor } from './lexeme-cursor.ts'
import type { Lexeme } from './lexemes.ts'
import { startsQuery } from './query-start.ts'
import {
  AFTER_COLUMNS,
  AFTER_FROM,
  BEFORE_STRING,
  CALLS_WITH_FROM,
  FETCH_WORDS,
  FILTERS,
  FORBIDDEN,
  INNER_KEYWORDS,
  JOINS,
  NOT_CALLED,
  NOT_CALLED_AFTER,
  SET_OPERATIONS,
  TAIL,
} from './query-words.ts'

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
  readonly #cursor: LexemeCursor
  readonly #family: SqlFamily
  readonly #mentions = new Set<string>()
  /** Names of relations where a value is expected: whole rows. */
  readonly #bare = new Set<string>()
  readonly #aliases = new Set<string>()
  #depth = 0
  /** How many parentheses of values are open in the innermost query. */
  #nesting = 0
  #isOrdering = false
  #isShown = false

  constructor(lexemes: readonly Lexeme[], family: SqlFamily) {
    this.#cursor = new LexemeCursor(lexemes)
    this.#family = family
  }

  readAll(): QueryShape {
    const startsWithParenthesis = this.#cursor.isSymbol('(')
    const { terms, ...query } = this.#query(new Set())
    if (this.#cursor.at < this.#cursor.lexemes.length) throw new Doubt()
    // The order of a query in parentheses may be the order of all.
    if (startsWithParenthesis && this.#cursor.lexemes.some(({ kind, text }) => kind === 'word' && text === 'order'))
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
    const scope = this.#cursor.isWord('with') ? this.#with(outer) : outer
    const terms = [this.#term(scope)]
    while (this.#cursor.isWordOf(SET_OPERATIONS)) {
      this.#cursor.next()
      if (this.#cursor.isWord('all') || this.#cursor.isWord('distinct')) this.#cursor.next()
      terms.push(this.#term(scope))
    }
    const query = { ...this.#tail(scope), terms: terms.flat() }
    this.#depth -= 1
    this.#nesting = nesting
    return query
  }

  #with(outer: Scope): Scope {
    this.#cursor.next()
    const scope = new Set(outer)
    const isRecursive = this.#cursor.isWord('recursive')
    if (isRecursive) this.#cursor.next()
    do {
      const name = this.#name()
      // Without RECURSIVE its own name still means a table.
      if (isRecursive) scope.add(name)
      if (this.#cursor.isSymbol('(')) this.#skipParentheses()
      this.#cursor.expectWord('as')
      if (this.#cursor.isWord('not')) this.#cursor.next()
      if (this.#cursor.isWord('materialized')) this.#cursor.next()
      this.#cursor.expectSymbol('(')
      this.#query(scope)
      this.#cursor.expectSymbol(')')
      scope.add(name)
      this.#aliases.add(name)
    } while (this.#cursor.accept(','))
    return scope
  }

  #term(scope: Scope): Term[] {
    if (this.#cursor.accept('(')) {
      const { terms } = this.#query(scope)
      this.#cursor.expectSymbol(')')
      return [...terms]
    }
    if (this.#cursor.isWord('values')) {
      this.#cursor.next()
      const shown = this.#isShown
      this.#isShown = true
      this.#expressions(scope, AFTER_FROM)
      this.#isShown = shown
      return [{ columns: undefined, relations: [], mergesColumns: false }]
    }
    this.#cursor.expectWord('select')
    const shown = this.#isShown
    this.#isShown = true
    const columns = this.#columns(scope)
    this.#isShown = false
    const relations: QueryRelation[] = []
    let mergesColumns = false
    if (this.#cursor.isWord('from')) {
      this.#cursor.next()
      mergesColumns = this.#from(scope, relations)
    }
    while (this.#cursor.isWordOf(FILTERS)) {
      this.#cursor.next()
      this.#expressions(scope, AFTER_FROM)
    }
    this.#isShown = shown
    return [{ columns, relations, mergesColumns }]
  }

  /** The selected columns, one list of pieces for each. */
  #columns(scope: Scope): (readonly Lexeme[])[] {
    if (this.#cursor.isWord('all') || this.#cursor.isWord('distinct')) this.#cursor.next()
    if (this.#cursor.isWord('on')) {
      this.#cursor.next()
      if (!this.#cursor.isSymbol('(')) throw new Doubt()
      this.#parentheses(scope)
    }
    const columns: (readonly Lexeme[])[] = []
    do {
      const start = this.#cursor.at
      this.#expressions(scope, AFTER_COLUMNS, true)
      columns.push(this.#cursor.lexemes.slice(start, this.#cursor.at))
    } while (this.#cursor.accept(','))
    return columns
  }

  #tail(scope: Scope): { isOrdered: boolean; isLimited: boolean } {
    let isOrdered = false
    let isLimited = false
    while (this.#cursor.isWordOf(TAIL)) {
      const { text } = this.#cursor.next()
      if (text === 'order') isOrdered = true
      else isLimited = true
      this.#isOrdering = this.#depth === 1
      // FETCH FIRST 3 ROWS ONLY
      if (text === 'fetch')
        while (this.#cursor.isWordOf(FETCH_WORDS) || this.#cursor.isKind('number')) this.#cursor.next()
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
        if (this.#cursor.accept(',')) expectsRelation = true
        else if (this.#isJoin()) {
          const { text } = this.#cursor.next()
          mergesColumns ||= text === 'natural'
          expectsRelation ||= text === 'join' || text === 'straight_join'
        } else if (this.#cursor.isWord('using')) {
          this.#cursor.next()
          this.#skipParentheses()
          mergesColumns = true
        } else if (this.#cursor.isWord('on')) {
          this.#cursor.next()
          this.#expressions(scope, AFTER_FROM, true, true)
        } else break
        if (expectsRelation) break
      }
    }
    return mergesColumns
  }

  #relation(scope: Scope, relations: QueryRelation[]): boolean {
    if (this.#cursor.isWord('lateral')) this.#cursor.next()
    let relation: { name: string | undefined; isCatalogue: boolean; isCalled?: true } = {
      name: undefined,
      isCatalogue: false,
    }
    let mergesColumns = false
    if (this.#cursor.accept('(')) {
      if (startsQuery(this.#cursor)) this.#query(scope)
      else mergesColumns = this.#from(scope, relations)
      this.#cursor.expectSymbol(')')
    } else relation = this.#namedRelation(scope)
    const alias = this.#alias()
    relations.push({ name: relation.name, isCatalogue: relation.isCatalogue, alias })
    // The name of a called function is its value: `unnest(conkey) AS key`.
    if (!relation.isCalled) for (const name of [alias, relation.name]) if (name !== undefined) this.#aliases.add(name)
    return mergesColumns
  }

  #namedRelation(scope: Scope): { name: string; isCatalogue: boolean; isCalled?: true } {
    const first = this.#name()
    const second = this.#cursor.accept('.') ? this.#name() : undefined
    if (this.#cursor.isSymbol('.')) throw new Doubt()
    const [schema, name] = second === undefined ? [undefined, first] : [first, second]
    if (this.#cursor.isSymbol('(')) {
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
    if (this.#cursor.isWord('with')) {
      this.#cursor.next()
      this.#cursor.expectWord('ordinality')
    }
    const isNamed = this.#cursor.isWord('as')
    if (isNamed) this.#cursor.next()
    const lexeme = this.#cursor.peek()
    if (lexeme?.kind !== 'quoted' && (lexeme?.kind !== 'word' || AFTER_FROM.has(lexeme.text) || this.#isJoin()))
      return undefined
    if (lexeme.kind === 'word' && (lexeme.text === 'on' || lexeme.text === 'using')) return undefined
    if (lexeme.kind === 'word' && FORBIDDEN.has(lexeme.text)) throw new Doubt()
    const alias = this.#name()
    if (this.#cursor.isSymbol('(')) this.#skipParentheses()
    return alias
  }

  /** Values up to one of the words, a closing parenthesis or the end; up to a comma, too, when asked for. */
  #expressions(scope: Scope, until: ReadonlySet<string>, untilComma = false, untilJoin = false): void {
    for (let lexeme = this.#cursor.peek(); lexeme !== undefined; lexeme = this.#cursor.peek()) {
      if (lexeme.kind === 'symbol') {
        if (lexeme.text === ')' || (untilComma && lexeme.text === ',')) return
        this.#symbol(scope, lexeme)
      } else if (lexeme.kind === 'word' || lexeme.kind === 'quoted') {
        if (lexeme.kind === 'word' && this.#stops(lexeme.text, until)) return
        if (untilJoin && this.#isJoin()) return
        this.#value(scope)
      } else this.#cursor.next()
    }
  }

  #stops(word: string, until: ReadonlySet<string>): boolean {
    if (!until.has(word)) return false
    const [before, last] = [this.#cursor.wordAt(this.#cursor.at - 2), this.#cursor.wordAt(this.#cursor.at - 1)]
    if (word === 'from' && last === 'distinct' && (before === 'is' || before === 'not')) return false
    return !(word === 'group' && last === 'within')
  }

  #symbol(scope: Scope, { text }: Lexeme): void {
    if (text === '(') this.#parentheses(scope)
    else if (text === '::') {
      this.#cursor.next()
      this.#type()
    } else if (/[?;\\{}$]/.test(text)) throw new Doubt()
    // User variables, and parameters of SQLite.
    else if (this.#family !== 'postgresql' && /[@:#]/.test(text)) throw new Doubt()
    else this.#cursor.next()
  }

  /** A parenthesis with all that is in it. */
  #parentheses(scope: Scope, called?: string): void {
    this.#cursor.expectSymbol('(')
    if (startsQuery(this.#cursor)) this.#query(scope)
    else {
      this.#nesting += 1
      this.#expressions(scope, INNER_KEYWORDS)
      while (this.#cursor.isWord('from') || this.#cursor.isWord('for')) {
        if (called === undefined || !CALLS_WITH_FROM.has(called)) throw new Doubt()
        this.#cursor.next()
        this.#expressions(scope, INNER_KEYWORDS)
      }
      this.#nesting -= 1
    }
    this.#cursor.expectSymbol(')')
  }

  /** A name with all its parts, called or not; or a word of the language. */
  #value(scope: Scope): void {
    const first = this.#cursor.next()
    const parts = [first]
    while (this.#cursor.isSymbol('.')) {
      this.#cursor.next()
      if (this.#cursor.accept('*')) {
        this.#allowStar()
        return
      }
      parts.push(this.#cursor.expectName())
    }
    const names = parts.map((part) => this.#normal(part))
    const isField = this.#cursor.lexemes[this.#cursor.at - 2 * parts.length]?.text === '.'
    const isPlain = parts.length === 1 && first.kind === 'word'
    if (isPlain && !isField) this.#allow(first.text)
    if (this.#cursor.isSymbol('(') && !(isPlain && this.#isKeyword(first.text))) {
      this.#call(scope, names)
      return
    }
    const last = names.at(-1) ?? ''
    if (NO_SCHEMA[this.#family].has(last)) throw new Doubt()
    if (this.#isShown && this.#family === 'postgresql' && CATALOG_NAMES.has(last)) throw new Doubt()
    if (this.#family === 'postgresql' && this.#cursor.isKind('string')) {
      if (!(isPlain && BEFORE_STRING.has(last)) && !isPlainType(last)) throw new Doubt()
    }
    if (this.#isOrdering) return
    for (const name of names) this.#mentions.add(name)
    const isAlias = this.#cursor.wordAt(this.#cursor.at - 2) === 'as'
    if (parts.length === 1 && !isField && !isAlias) this.#bare.add(last)
  }

  /** Whether the word before a parenthesis, which was just taken, belongs to the language. */
  #isKeyword(word: string): boolean {
    if (word === 'array') return this.#family === 'postgresql'
    const before = NOT_CALLED_AFTER.get(word)
    return before === undefined
      ? NOT_CALLED.has(word)
      : before.test(this.#cursor.lexemes[this.#cursor.at - 2]?.text ?? '')
  }

  /** As a value `relation.*` is a whole row, with all that differs. */
  #allowStar(): void {
    if (this.#family === 'postgresql' && (this.#nesting > 0 || this.#cursor.isSymbol('::'))) throw new Doubt()
  }

  #allow(word: string): void {
    if (FORBIDDEN.has(word)) throw new Doubt()
    // SQLite reads the whole table in `x IN users`.
    if (word === 'in' && !this.#cursor.isSymbol('(')) throw new Doubt()
  }

  #call(scope: Scope, names: readonly string[]): void {
    const name = names.at(-1) ?? ''
    const schema = names.at(-2)
    if (names.length > 2) throw new Doubt()
    if (isPlainType(name) && schema === undefined && this.#cursor.wordAt(this.#cursor.at - 2) === 'as') {
      this.#skipParentheses()
      return
    }
    if (!isSchemaFunction(schema, name, this.#family)) throw new Doubt()
    // The name of the database can be compared, but what a revision makes of it would be wrong elsewhere.
    if (this.#isShown && DATABASE_NAMES.has(name)) throw new Doubt()
    this.#mentions.add(name)
    const start = this.#cursor.at
    this.#parentheses(scope, name)
    if (name === 'cast' && this.#family === 'postgresql') this.#castType(start)
  }

  /** What a cast turns into is plain. */
  #castType(start: number): void {
    for (const [index, { kind, text }] of this.#cursor.lexemes.slice(start, this.#cursor.at).entries()) {
      if (kind !== 'word' || text !== 'as') continue
      const type = this.#cursor.lexemes[start + index + 1]
      const isQualified = this.#cursor.lexemes[start + index + 2]?.text === '.'
      if (type === undefined || isQualified || !isPlainType(this.#normal(type))) throw new Doubt()
    }
  }

  #type(): void {
    const first = this.#name()
    const name = this.#cursor.accept('.') ? this.#name() : first
    if (name !== first && first !== 'pg_catalog' && first !== 'information_schema') throw new Doubt()
    if (!isPlainType(name)) throw new Doubt()
    if (name === 'character' && this.#cursor.isWord('varying')) this.#cursor.next()
    if (this.#cursor.isSymbol('(')) this.#skipParentheses()
  }

  #skipParentheses(): void {
    this.#cursor.expectSymbol('(')
    while (!this.#cursor.isSymbol(')')) {
      const lexeme = this.#cursor.next()
      const isPlain = lexeme.kind !== 'symbol' || /^(?:[,.[\]]|::)$/.test(lexeme.text)
      if (!isPlain) throw new Doubt()
    }
    this.#cursor.next()
  }

  #name(): string {
    return this.#normal(this.#cursor.expectName())
  }

  /** PostgreSQL alone minds the case of a quoted name. */
  #normal({ kind, text }: Lexeme): string {
    return kind === 'quoted' && this.#family === 'postgresql' ? text : text.toLowerCase()
  }

  /** `left` and `right` are functions, too. */
  #isJoin(): boolean {
    const following = this.#cursor.lexemes[this.#cursor.at + 1]
    return this.#cursor.isWordOf(JOINS) && !(following?.kind === 'symbol' && following.text === '(')
  }
}
