/** One column of the key that batches go by. */
export interface KeyColumn {
  /** As the revision wrote it, perhaps with its table. */
  readonly name: string
  /** What the text of a value stands for; values of one kind are not taken for those of another. */
  readonly kind: string
  /** False only where the database says that it is never NULL. */
  readonly isNullable: boolean
  /** SQL, with `??` for the column, that gives a value as text that loses nothing of it. */
  readonly asText: string
  /** How the value of such a text is written: SQL with one `?`, and what is bound to it. */
  toValue(text: string): { readonly sql: string; readonly binding: unknown }
}

/** A type as the catalogue tells it. */
export interface ColumnType {
  /** Without its size, in lower case. */
  readonly type: string
  readonly isUnsigned: boolean
  /** Digits of a decimal number, and how many of them stand behind the point. */
  readonly digits: readonly [number, number] | undefined
}

type KeyForm = Pick<KeyColumn, 'kind' | 'asText' | 'toValue'>

/**
 * How values of a type are kept, so that they come back as they were, to the last digit; undefined for a type by whose
 * values the database does not compare as it orders, or not exactly. A value never goes through a number or a date of
 * JavaScript, which cannot hold it.
 */
export function keyForm(dialect: string, type: ColumnType): KeyForm | undefined {
  // A setting says how many of its digits a floating-point number shows.
  if (dialect === 'postgresql') return /^(?:real|double precision)$/.test(type.type) ? undefined : POSTGRESQL
  if (dialect === 'sqlite') return SQLITE
  return mysqlForm(type)
}

const asBound = (binding: string): { sql: string; binding: unknown } => ({ sql: '?', binding })

// The server takes the value's type from the column that it is compared with.
const POSTGRESQL: KeyForm = { kind: 'text', asText: 'cast(?? as text)', toValue: asBound }

// Each value has a type of its own here, whatever the column's.
const SQLITE: KeyForm = {
  kind: 'typed',
  asText: `case typeof(??) when 'integer' then 'i' || ?? when 'real' then 'r' || printf('%!.17g', ??)
    when 'blob' then 'b' || hex(??) when 'text' then 't' || ?? end`,
  toValue(text) {
    const value = text.slice(1)
    // The sign takes the cast's affinity away, which would change how other values are compared.
    if (text.startsWith('i')) return { sql: '+cast(? as integer)', binding: value }
    if (text.startsWith('r')) return { sql: '?', binding: Number(value) }
    return { sql: '?', binding: text.startsWith('b') ? Buffer.from(value, 'hex') : value }
  },
}

function mysqlForm({ type, isUnsigned, digits }: ColumnType): KeyForm | undefined {
  const asText = 'cast(?? as char)'
  if (MYSQL_INTEGERS.has(type)) {
    // Text beside a number is compared as a floating-point number, which has fewer digits.
    const sql = isUnsigned || type === 'year' ? 'cast(? as unsigned)' : 'cast(? as signed)'
    return { kind: 'integer', asText, toValue: (binding) => ({ sql, binding }) }
  }
  if (type === 'decimal' && digits !== undefined) {
    const sql = `cast(? as decimal(${digits[0]}, ${digits[1]}))`
    return { kind: 'decimal', asText, toValue: (binding) => ({ sql, binding }) }
  }
  // Beside a moment, text is taken for one; a cast would make nothing of the year 0.
  if (MYSQL_MOMENTS.has(type)) return { kind: 'moment', asText, toValue: asBound }
  if (MYSQL_BINARY.has(type))
    return { kind: 'binary', asText: 'hex(??)', toValue: (binding) => ({ sql: 'unhex(?)', binding }) }
  // Beside a column, a value takes the column's collation, by which the rows are ordered, too.
  if (MYSQL_TEXTS.has(type)) return { kind: 'text', asText: '??', toValue: asBound }
  if (type === 'uuid' || type === 'inet4' || type === 'inet6') return { kind: 'text', asText, toValue: asBound }
  // ENUM and SET are ordered by number and compared by name; floating-point numbers have more digits than they show.
  return undefined
}

const MYSQL_INTEGERS = new Set(['tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year'])
const MYSQL_MOMENTS = new Set(['date', 'datetime', 'timestamp', 'time'])
const MYSQL_BINARY = new Set(['binary', 'varbinary', 'tinyblob', 'blob', 'mediumblob', 'longblob'])
const MYSQL_TEXTS = new Set(['char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext'])
