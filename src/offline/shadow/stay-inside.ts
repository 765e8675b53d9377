import type { SqlFamily } from '../../sql/sql-family.ts'
import { outsideOfPostgresql } from './outside-of-postgresql.ts'
import { firstWordsOf, type Word, wordsOf } from './statement-words.ts'
import type { Surroundings } from './surroundings.ts'

const READING: ReadonlySet<string> = new Set(['select', 'show', 'describe', 'desc', 'explain'])
const ADMINISTERS: ReadonlySet<string> = new Set(
  'reset purge change stop kill shutdown restart install uninstall binlog clone'.split(' '),
)
const VIRTUAL: ReadonlySet<string> = new Set(['information_schema', 'performance_schema'])

/**
 * What a statement would change on the server beside the scratch database, for a message; undefined when nothing is seen.
 * It sees what a statement names, not what a routine does when it is run.
 */
export function reachesOutside(sql: string, family: SqlFamily, surroundings: Surroundings): string | undefined {
  if (family === 'postgresql') return outsideOfPostgresql(sql, surroundings)
  if (family !== 'mysql') return undefined
  const words = [...wordsOf(sql, family)]
  const [verb, kind] = firstWordsOf(words)
  if (verb === 'alter' || verb === 'drop' || verb === 'create') {
    const found = ofTheServer(verb, kind, words, surroundings)
    if (found !== undefined) return found
  }
  return ofTheRunningServer(verb, words) ?? ofAnotherDatabase(verb, kind, words, surroundings)
}

/** What concerns all who use the server of MySQL, and what cannot be told because it is put together when it runs. */
function ofTheRunningServer(verb: string, words: readonly Word[]): string | undefined {
  const plain = new Set(words.filter(({ isQuoted }) => !isQuoted).map(({ text }) => text))
  const grants = verb === 'grant' || verb === 'revoke'
  if (!grants && (plain.has('execute') || plain.has('prepare')))
    return 'what a text that is put together at run time names'
  if (plain.has('outfile') || plain.has('dumpfile')) return 'the files of the server'
  if (verb === 'flush' && plain.has('lock')) return 'the locks of the whole server'
  if (verb === 'backup' || (verb === 'lock' && plain.has('instance'))) return 'the locks of the whole server'
  if (verb === 'create' && plain.has('server')) return 'the servers that the whole server knows'
  return ADMINISTERS.has(verb) ? 'the running of the whole server' : undefined
}

function ofTheServer(
  verb: string,
  kind: string,
  words: readonly Word[],
  { own, databases }: Surroundings,
): string | undefined {
  if (kind === 'database' || kind === 'schema') {
    const rest = words.slice(2).filter(({ text, isQuoted }) => isQuoted || !/^(?:if|not|exists|for)$/.test(text))
    const name = rest[0]?.text ?? ''
    // A new one would stay behind.
    return name !== own && (verb === 'create' || databases.has(name)) ? `the database "${name}"` : undefined
  }
  return verb !== 'create' && /^(?:role|user|group|tablespace)$/.test(kind)
    ? `the ${kind}s of the whole server`
    : undefined
}

function ofAnotherDatabase(
  verb: string,
  kind: string,
  words: readonly Word[],
  { own, databases }: Surroundings,
): string | undefined {
  // Everything that follows would go there.
  if (verb === 'use') return words[1]?.text === own ? undefined : `the database "${words[1]?.text ?? ''}"`
  if (verb === 'set' && words.some(({ text }) => /^(?:@@)?(?:global|persist|persist_only)$/.test(text)))
    return 'the settings of the whole server'
  if (verb === 'rename' && kind === 'user') return 'the users of the whole server'
  if (READING.has(verb)) return undefined
  const named = words.find(
    ({ text }, index) =>
      words[index + 1]?.text === '.' &&
      words[index - 1]?.text !== '.' &&
      text !== own &&
      databases.has(text) &&
      !VIRTUAL.has(text),
  )
  return named === undefined ? undefined : `the database "${named.text}"`
}
