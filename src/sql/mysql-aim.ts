import { nameWords, type QualifiedName, WordCursor } from './statement-names.ts'

/** Something with a definition that MySQL and MariaDB can show. */
export interface DefinedObject extends QualifiedName {
  readonly type: 'table' | 'trigger' | 'procedure' | 'function' | 'event' | 'database'
}

/**
 * What a statement that commits by itself aims at: `objects`, whose definitions tell whether it took place; `repeatable`,
 * which may be done again; `unknown`, which can be told by nobody but who knows what it does.
 */
export type MysqlAim =
  | { readonly kind: 'objects'; readonly verb: 'create' | 'alter' | 'drop'; readonly objects: readonly DefinedObject[] }
  | { readonly kind: 'repeatable' }
  | { readonly kind: 'unknown' }

const UNKNOWN: MysqlAim = { kind: 'unknown' }
const REPEATABLE: MysqlAim = { kind: 'repeatable' }

const KINDS: Readonly<Record<string, DefinedObject['type']>> = {
  table: 'table',
  view: 'table',
  sequence: 'table',
  trigger: 'trigger',
  procedure: 'procedure',
  function: 'function',
  event: 'event',
  database: 'database',
  schema: 'database',
}
const KINDS_AND_INDEX = [...Object.keys(KINDS), 'index']
// Rights that are granted twice are granted, and a table that is optimized twice is optimized.
const REPEATABLE_VERBS = ['analyze', 'optimize', 'check', 'repair', 'flush', 'cache', 'grant', 'revoke', 'reset']

/** What one statement of MySQL or MariaDB aims at. */
export function mysqlAim(sql: string): MysqlAim {
  const words = nameWords(sql, 'mysql')
  if (words.some(({ text }) => text === ';') && !/^(?:create|alter)$/.test(words[0]?.text ?? '')) return UNKNOWN
  const cursor = new WordCursor(words)
  if (cursor.take(...REPEATABLE_VERBS) !== undefined) return REPEATABLE
  if (cursor.takeAll('load', 'index')) return REPEATABLE
  if (cursor.take('rename') !== undefined) return renameAim(cursor)
  // Their definition is the same afterwards, and what is in them is not.
  if (/\b(?:exchange|truncate|import|discard)\s+(?:partition|tablespace)\b/i.test(sql)) return UNKNOWN
  if (/^\W*create\s+or\s+replace\s+table\b/i.test(sql)) return UNKNOWN
  const verb = cursor.take('create', 'alter', 'drop') as 'create' | 'alter' | 'drop' | undefined
  if (verb === undefined) return UNKNOWN
  // Between the verb and the kind stand options: OR REPLACE, UNIQUE, ALGORITHM = ..., DEFINER = ...
  const kind = cursor.skipTo(...KINDS_AND_INDEX)
  if (kind === undefined) return UNKNOWN
  cursor.takeAll('if', 'not', 'exists')
  cursor.takeAll('if', 'exists')
  if (kind === 'index') return indexAim(cursor)
  const type = KINDS[kind]
  if (type === undefined) return UNKNOWN
  const names = verb === 'drop' ? cursor.names() : [cursor.name()].filter((name) => name !== undefined)
  if (names.length === 0) return UNKNOWN
  const objects = names.map((name) => ({ ...name, type }))
  const renamed = verb === 'alter' && type === 'table' ? newName(cursor) : undefined
  return { kind: 'objects', verb, objects: renamed === undefined ? objects : [...objects, { ...renamed, type }] }
}

// An index belongs to a table, and its definition to that of the table.
function indexAim(cursor: WordCursor): MysqlAim {
  if (cursor.skipTo('on') === undefined) return UNKNOWN
  const table = cursor.name()
  return table === undefined ? UNKNOWN : { kind: 'objects', verb: 'alter', objects: [{ ...table, type: 'table' }] }
}

function renameAim(cursor: WordCursor): MysqlAim {
  if (cursor.take('table', 'tables') === undefined) return UNKNOWN
  cursor.takeAll('if', 'exists')
  const objects: DefinedObject[] = []
  do {
    const from = cursor.name()
    const isRename = cursor.take('to') !== undefined
    const to = isRename ? cursor.name() : undefined
    if (from === undefined || to === undefined) return UNKNOWN
    objects.push({ ...from, type: 'table' }, { ...to, type: 'table' })
  } while (cursor.take(',') !== undefined)
  // Tables that change places with each other look the same afterwards when they are of the same form.
  return objects.length > 2 ? UNKNOWN : { kind: 'objects', verb: 'alter', objects }
}

/** The new name of ALTER TABLE ... RENAME TO; RENAME COLUMN and RENAME INDEX are no such thing. */
function newName(cursor: WordCursor): QualifiedName | undefined {
  while (cursor.skipTo('rename') !== undefined) {
    if (cursor.take('column', 'index', 'key', 'constraint') !== undefined) continue
    cursor.take('to', 'as', '=')
    return cursor.name()
  }
  return undefined
}
