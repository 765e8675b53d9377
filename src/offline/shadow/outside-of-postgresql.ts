import { isPostgresRoutine } from '../../sql/postgresql-body.ts'
import { firstWordsOf, type Word, wordsOf } from './statement-words.ts'
import type { Surroundings } from './surroundings.ts'

type Finding = string | undefined

// Whoever is meant by these was there before.
const EVERYBODY: ReadonlySet<string> = new Set(['all', 'public', 'current_user', 'current_role', 'session_user'])
// A statement of a body may begin after each of these.
const BEGINS_AFTER: ReadonlySet<string> = new Set(['begin', 'then', 'else', 'loop', '>'])
const SHARED_CATALOGUES: ReadonlySet<string> = new Set(
  `pg_authid pg_auth_members pg_database pg_db_role_setting pg_parameter_acl pg_replication_origin pg_shdepend
   pg_shdescription pg_shseclabel pg_subscription pg_tablespace`.split(/\s+/),
)
const RUNS_THE_SERVER =
  /^pg_(?:reload_conf|rotate_logfile|promote|switch_(?:wal|xlog)|create_restore_point|(?:start|stop)_backup|backup_(?:start|stop)|wal_replay_(?:pause|resume)|stat_reset_(?:shared|slru|replication_slot))$/
const SLOTS =
  /^pg_(?:(?:create|copy)_(?:physical|logical)_replication_slot|drop_replication_slot|replication_(?:slot_advance|origin_\w+)|logical_slot_get_(?:binary_)?changes|sync_replication_slots)$/
const ENDS_SESSIONS = /^pg_(?:terminate|cancel)_backend$/
const WRITES_FILES = /^(?:lo_export|pg_file_(?:write|rename|unlink|sync))$/
const CONNECTS = /^dblink(?:_\w+)?$/
// What runs a text, which may have been put together long before.
const EXECUTES = /\bexecute\b|_to_xml|\bts_(?:stat|rewrite)\b/i
const OWN = /\bcurrent_(?:database|catalog)\b/i

/** What a text of PostgreSQL would change on the server beside the scratch database; undefined when nothing is seen. */
export function outsideOfPostgresql(sql: string, surroundings: Surroundings): Finding {
  return new PostgresReader(surroundings, OWN.test(sql)).read(sql, false)
}

class PostgresReader {
  readonly #around: Surroundings
  /** A name that is put together at run time is taken for that of the scratch database. */
  readonly #meansOwn: boolean

  constructor(surroundings: Surroundings, meansOwn: boolean) {
    this.#around = surroundings
    this.#meansOwn = meansOwn
  }

  /** `isBody` is for what is run from within a routine: its statements, and the strings that it may execute. */
  read(sql: string, isBody: boolean): Finding {
    const mayExecute = isBody && EXECUTES.test(sql)
    for (const words of statementsOf(sql, isBody)) {
      const found = this.#ofStatement(words) ?? this.#ofBodies(words, mayExecute)
      if (found !== undefined) return found
    }
    return undefined
  }

  #ofBodies(words: readonly Word[], mayExecute: boolean): Finding {
    const [verb] = firstWordsOf(words)
    const isRoutine = isPostgresRoutine(words.slice(0, 4).map(({ text }) => text))
    const isExecuted = verb === 'do' || isRoutine || (mayExecute && verb !== 'raise') || this.#callsRunner(words)
    if (!isExecuted) return undefined
    for (const { string } of words) {
      if (string === undefined) continue
      const text = withoutQuotes(string)
      const found = this.read(text, true)
      if (found !== undefined) return found
      if (isRoutine && this.#runsText(text)) this.#around.textRunners.add(nameOfRoutine(words))
    }
    return undefined
  }

  #runsText(body: string): boolean {
    return EXECUTES.test(body) || statementsOf(body, true).some((words) => this.#callsRunner(words))
  }

  #callsRunner(words: readonly Word[]): boolean {
    const { textRunners } = this.#around
    return words.some(({ text }, index) => textRunners.has(text) && words[index + 1]?.text === '(')
  }

  #ofStatement(words: readonly Word[]): Finding {
    const [verb, kind] = firstWordsOf(words)
    return this.#byVerb(verb, kind, words) ?? this.#byCalls(words) ?? byCatalogue(words)
  }

  #byVerb(verb: string, kind: string, words: readonly Word[]): Finding {
    switch (verb) {
      case 'create':
        if (kind === 'subscription') return 'the publications of another server'
        return kind === 'database' ? this.#objects(kind, namesIn(words.slice(2, 3)), true) : undefined
      case 'alter':
      case 'drop': {
        if (kind === 'system') return 'the settings of the whole server'
        if (kind === 'owned') return this.#objects('role', namesIn(words.slice(3)))
        if (words[2]?.text === 'mapping') return undefined
        const rest = words.slice(2).filter(({ text, isQuoted }) => isQuoted || !/^(?:if|exists|for)$/.test(text))
        return this.#objects(kind, verb === 'alter' ? namesIn(rest.slice(0, 1)) : namesIn(rest))
      }
      case 'reassign':
        return kind === 'owned' ? this.#objects('role', namesIn(words.slice(3))) : undefined
      case 'prepare':
        return kind === 'transaction' ? 'the transactions that the server keeps' : undefined
      case 'comment':
      case 'security': {
        const [kindOf, ...names] = after(words, 'on')
        return this.#objects(kindOf?.text ?? '', namesIn(names.slice(0, 1)))
      }
      case 'grant':
      case 'revoke':
        return this.#byGrant(words)
      case 'copy':
        return byCopy(words)
      default:
        return undefined
    }
  }

  #byGrant(words: readonly Word[]): Finding {
    const on = after(words, 'on')
    if (on.length === 0) {
      // A role is given to others, or taken from them.
      const members = words[0]?.text === 'grant' ? after(words, 'to') : after(words.slice(optionFor(words)), 'from')
      return members.length === 0 ? undefined : this.#objects('role', namesIn(members))
    }
    const [kind, ...names] = on
    if (kind?.isQuoted === false && kind.text === 'parameter') return 'the settings of the whole server'
    return kind?.isQuoted === false && /^(?:database|tablespace)$/.test(kind.text)
      ? this.#objects(kind.text, namesIn(names))
      : undefined
  }

  #objects(kind: string, names: readonly Word[], isNew = false): Finding {
    const { own, databases, shared } = this.#around
    if (kind === 'database') {
      if (names.some(isOpen)) return this.#meansOwn ? undefined : 'a database that is named at run time'
      const other = names.find(({ text }) => text !== own && (isNew || databases.has(text)))
      return other === undefined ? undefined : `the database "${other.text}"`
    }
    if (!/^(?:role|user|group|tablespace)$/.test(kind)) return undefined
    if (names.some(isOpen)) return `a ${kind} that is named at run time`
    const named = names.find(({ text, isQuoted }) => shared.has(text) || (!isQuoted && EVERYBODY.has(text)))
    return named === undefined ? undefined : `the ${kind} "${named.text}"`
  }

  #byCalls(words: readonly Word[]): Finding {
    for (const [index, { text }] of words.entries()) {
      if (words[index + 1]?.text !== '(') continue
      if (RUNS_THE_SERVER.test(text)) return 'the running of the whole server'
      if (SLOTS.test(text)) return 'the replication of the whole server'
      if (ENDS_SESSIONS.test(text) && !this.#meansOwn) return 'the sessions of others'
      if (WRITES_FILES.test(text)) return 'the files of the server'
      if (CONNECTS.test(text)) return 'another database, by a connection of its own'
    }
    return undefined
  }
}

function nameOfRoutine(words: readonly Word[]): string {
  const parenthesis = words.findIndex(({ text, isQuoted }) => !isQuoted && text === '(')
  return words[parenthesis - 1]?.text ?? ''
}

function statementsOf(sql: string, isBody: boolean): Word[][] {
  const statements: Word[][] = [[]]
  for (const word of wordsOf(sql, 'postgresql')) {
    const isEnd = !word.isQuoted && (word.text === ';' || (isBody && BEGINS_AFTER.has(word.text)))
    if (isEnd) statements.push([])
    else statements.at(-1)?.push(word)
  }
  return statements
}

function withoutQuotes(string: string): string {
  const [tag] = /^\$[^$]*\$/.exec(string) ?? []
  if (tag !== undefined) return string.slice(tag.length, -tag.length)
  return string.slice(1, -1).replaceAll("''", "'")
}

/** Everything behind the first such keyword. */
function after(words: readonly Word[], keyword: string): readonly Word[] {
  const at = words.findIndex(({ text, isQuoted }) => !isQuoted && text === keyword)
  return at === -1 ? [] : words.slice(at + 1)
}

/** The names of a list, up to the keyword that ends it; an open one where none is there. */
function namesIn(words: readonly Word[]): Word[] {
  const names: Word[] = []
  const list = words[0]?.isQuoted === false && words[0].text === 'group' ? words.slice(1) : words
  for (const [index, word] of list.entries()) {
    if (index % 2 === 0) names.push(word)
    else if (word.text !== ',') break
  }
  return names.length === 0 ? [NO_NAME] : names
}

const NO_NAME: Word = { text: '', isQuoted: false }

/** A name that stands elsewhere: behind the end of a string, or in place of the `%I` of `format()`. */
const isOpen = ({ text }: Word): boolean => text === '' || text.includes('%')

/** REVOKE ADMIN OPTION FOR a FROM b. */
function optionFor(words: readonly Word[]): number {
  return words[2]?.text === 'option' && words[3]?.text === 'for' ? 4 : 0
}

function byCopy(words: readonly Word[]): Finding {
  let depth = 0
  for (const [index, { text, isQuoted }] of words.entries()) {
    if (text === '(') depth += 1
    else if (text === ')') depth -= 1
    if (depth > 0 || isQuoted || !/^(?:to|from)$/.test(text)) continue
    const next = words[index + 1]
    if (next?.isQuoted === false && next.text === 'program') return 'programs on the server'
    if (text === 'to' && next?.string !== undefined) return 'the files of the server'
  }
  return undefined
}

function byCatalogue(words: readonly Word[]): Finding {
  for (const [index, { text, isQuoted }] of words.entries()) {
    const isChange = text === 'update' || text === 'into' || (text === 'from' && words[index - 1]?.text === 'delete')
    if (isQuoted || !isChange) continue
    let at = index + 1
    if (words[at]?.text === 'only') at += 1
    if (words[at]?.text === 'pg_catalog' && words[at + 1]?.text === '.') at += 2
    const name = words[at]?.text ?? ''
    if (SHARED_CATALOGUES.has(name)) return `the catalogue ${name} of the whole server`
  }
  return undefined
}
