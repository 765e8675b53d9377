import type { DialectFacts } from './dialect.ts'

/** How the moments of the event table are read and compared, in UTC. */
export interface EventMoments {
  /** SQL that gives a column as ISO text with milliseconds. */
  asText(column: string): string
  /** SQL that makes a moment of the text of `toText`. */
  fromText(text: string): string
  toText(moment: Date): string
  /** SQL that ends an ordered query after so many rows. */
  firstOnes(count: string): string
}

const iso = (moment: Date): string => moment.toISOString()
const withoutZone = (moment: Date): string => iso(moment).replace('T', ' ').replace('Z', '')
const limit = (count: string): string => `limit ${count}`
const fetchFirst = (count: string): string => `offset 0 rows fetch next ${count} rows only`

const GENERIC: EventMoments = {
  asText: (column) => `cast(${column} as varchar(64))`,
  fromText: (text) => `cast(${text} as timestamp)`,
  toText: withoutZone,
  firstOnes: limit,
}

const POSTGRESQL: EventMoments = {
  asText: (column) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS')`,
  fromText: (text) => `cast(${text} as timestamptz)`,
  toText: iso,
  firstOnes: limit,
}

const BY_DIALECT: Readonly<Record<string, EventMoments>> = {
  postgresql: POSTGRESQL,
  cockroachdb: { ...POSTGRESQL, asText: (column) => `cast(${column} at time zone 'UTC' as text)` },
  redshift: POSTGRESQL,
  mysql: {
    asText: (column) => `date_format(${column}, '%Y-%m-%dT%H:%i:%s.%f')`,
    fromText: (text) => `cast(${text} as datetime(3))`,
    toText: withoutZone,
    firstOnes: limit,
  },
  sqlite: {
    // What is no moment to SQLite is shown as it is.
    asText: (column) => `coalesce(strftime('%Y-%m-%dT%H:%M:%f', ${column}), ${column})`,
    fromText: (text) => text,
    toText: iso,
    firstOnes: limit,
  },
  mssql: {
    asText: (column) => `convert(varchar(30), ${column}, 126)`,
    fromText: (text) => `cast(${text} as datetime2(3))`,
    toText: withoutZone,
    firstOnes: fetchFirst,
  },
  oracledb: {
    asText: (column) => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.FF3')`,
    fromText: (text) => `to_timestamp(${text}, 'YYYY-MM-DD HH24:MI:SS.FF3')`,
    toText: withoutZone,
    firstOnes: fetchFirst,
  },
}

export function eventMoments({ name }: DialectFacts): EventMoments {
  return BY_DIALECT[name] ?? GENERIC
}

/** The text of `asText` as ISO text in UTC with milliseconds; text that is no moment stays as it is. */
export function readMoment(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined
  const text = String(value)
  const [, day, time] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?)$/.exec(text) ?? []
  if (day === undefined || time === undefined) return text
  const [seconds = '', fraction = ''] = time.split('.')
  return `${day}T${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}Z`
}
