import type { Knex } from 'knex'
import { dialectOf } from '../database/dialect.ts'
import { RevError } from '../errors/index.ts'
import { postgresLiteral } from './literals/postgresql.ts'

/** A setting that the driver of PostgreSQL asks for when it connects. */
export interface StartupSetting {
  /** As it is written, with `_` for `-`. */
  readonly name: string
  readonly value: string
}

// Those of a script are its own: it says who it is, it is in UTF-8 as the driver is, and how long a statement may wait or
// take says nothing of what it does.
const SCRIPTS_OWN: ReadonlySet<string> = new Set([
  'application_name',
  'client_encoding',
  'idle_in_transaction_session_timeout',
  'lock_timeout',
  'statement_timeout',
])
// CockroachDB finds by it where to connect to.
const OF_A_PROXY = 'cluster'
const WANTED: Readonly<Record<string, { readonly value: RegExp; readonly reason: string }>> = {
  standard_conforming_strings: {
    value: /^(?:on|1|t(?:r(?:ue?)?)?|y(?:es?)?)$/i,
    reason: 'a script is written for strings in which a backslash is a backslash',
  },
  default_transaction_read_only: {
    value: /^(?:off?|0|f(?:a(?:l(?:se?)?)?)?|no?)$/i,
    reason: 'a script has to write, and it stops by this very setting',
  },
}
// The text of these is a list of names, each of which is written by itself.
const LISTS: ReadonlySet<string> = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'temp_tablespaces',
])

/**
 * The settings in the `options` of a connection to PostgreSQL (`-c search_path=app`), whether it is a URL or an object, the
 * last of each; without those that a script has of its own, and without what only a proxy reads (`endpoint=...`). The
 * environment does not count: it is that of whoever writes the script. Throws REV_OFFLINE_CONNECTION_OPTIONS.
 */
export function startupSettings({ connection }: Pick<Knex.Config, 'connection'>): readonly StartupSetting[] {
  const settings = new Map<string, StartupSetting>()
  for (const setting of settingsIn(wordsOf(optionsOf(connection)))) {
    const key = setting.name.toLowerCase()
    const wanted = WANTED[key]
    if (wanted !== undefined && !wanted.value.test(setting.value)) throw refusal(setting.name, wanted.reason)
    if (LISTS.has(key) && namesIn(setting.value) === undefined) {
      throw refusal(setting.name, 'its value is no list of names')
    }
    if (wanted === undefined && !SCRIPTS_OWN.has(key) && key !== OF_A_PROXY) settings.set(key, setting)
  }
  return [...settings.values()]
}

/** Whether the `options` of the connection say something of this setting. */
export function asksFor({ connection }: Pick<Knex.Config, 'connection'>, name: string): boolean {
  return [...settingsIn(wordsOf(optionsOf(connection)))].some((setting) => setting.name.toLowerCase() === name)
}

/** The statement that sets it, without a semicolon. */
export function setStatement({ name, value }: StartupSetting): string {
  const names = LISTS.has(name.toLowerCase()) ? namesIn(value) : undefined
  return `SET ${name} = ${names === undefined ? postgresLiteral(value).trim() : nameList(names)}`
}

/** Names as they stand in a SET. */
export function nameList(names: readonly string[]): string {
  const { quote } = dialectOf('pg')
  // No name at all is an empty text.
  return names.map((name) => (name === '' ? "''" : quote(name))).join(', ')
}

/** The schemas in which unqualified names are looked for, as Knex or the driver sets them; undefined when neither does. */
export function searchPathOf(config: Pick<Knex.Config, 'connection' | 'searchPath'>): readonly string[] | undefined {
  const { searchPath } = config
  if (searchPath !== undefined && searchPath.length > 0)
    return typeof searchPath === 'string' ? [searchPath] : searchPath
  const own = startupSettings(config).find(({ name }) => name.toLowerCase() === 'search_path')
  return own === undefined ? undefined : namesIn(own.value)
}

/** Settings as the `options` of a connection. */
export function optionsText(settings: readonly StartupSetting[]): string {
  return settings.map(({ name, value }) => `-c ${name}=${value.replace(/[\\\s]/g, '\\$&')}`).join(' ')
}

function optionsOf(connection: Knex.Config['connection']): string {
  if (typeof connection === 'string') return optionsInUrl(connection) ?? ''
  if (typeof connection !== 'object' || connection === null) return ''
  const { connectionString, options } = connection as { connectionString?: unknown; options?: unknown }
  // As the driver takes them: what the URL says comes last.
  const inUrl = typeof connectionString === 'string' ? optionsInUrl(connectionString) : undefined
  return inUrl ?? (typeof options === 'string' ? options : '')
}

function optionsInUrl(url: string): string | undefined {
  const [, query] = /\?([^#]*)/.exec(url) ?? []
  return new URLSearchParams(query).getAll('options').at(-1)
}

// As the server cuts them: at space, unless there is a backslash before it.
function wordsOf(options: string): string[] {
  return [...options.matchAll(/(?:\\[\s\S]|[^\\\s])+/g)].map(([word]) => word.replace(/\\([\s\S])/g, '$1'))
}

function* settingsIn(words: readonly string[]): Generator<StartupSetting> {
  let isNext = false
  for (const word of words) {
    if (isNext) yield toSetting(word)
    else if (word.startsWith('-c') && word !== '-c') yield toSetting(word.slice(2))
    else if (word.startsWith('--')) yield toSetting(word.slice(2))
    // The server itself takes no word of this kind.
    else if (word !== '-c' && !/^\w+=/.test(word)) throw refusal(word, 'it is no setting')
    isNext = !isNext && word === '-c'
  }
  if (isNext) throw refusal('-c', 'no setting follows it')
}

function toSetting(text: string): StartupSetting {
  const [, name, value] = /^([a-z_][\w$.-]*)=([\s\S]*)$/i.exec(text) ?? []
  if (name === undefined || value === undefined) throw refusal(text, 'it is no setting with a value')
  return { name: name.replaceAll('-', '_'), value }
}

// What stands behind an equals sign may be a secret.
function refusal(text: string, reason: string): RevError<'REV_OFFLINE_CONNECTION_OPTIONS'> {
  return new RevError('REV_OFFLINE_CONNECTION_OPTIONS', { option: text.split('=')[0] ?? '', reason })
}

function namesIn(list: string): string[] | undefined {
  if (list.trim() === '') return ['']
  const names: string[] = []
  const name = /\s*(?:"((?:[^"]|"")*)"|([^\s",]+))\s*(,|$)/y
  for (;;) {
    const found = name.exec(list)
    if (found === null) return undefined
    const [, quoted, plain = '', end] = found
    names.push(
      quoted === undefined ? plain.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : quoted.replaceAll('""', '"'),
    )
    if (end === '') return names
  }
}
