import type { Knex } from 'knex'
import type { DialectFacts } from '../../database/dialect.ts'
import { RevError } from '../../errors/index.ts'
import type { ScriptContext } from '../../script/script-context.ts'
import type { RowSource, SeedContext, WriteRowsOptions, WrittenRows } from '../files/seed-module.ts'
import type { Seed } from '../graph/seed.ts'
import { ambiguousKey } from './find-rows.ts'
import type { Row } from './rows-to-write.ts'
import { checkedKey, checkedRow, ROWS_AT_ONCE } from './write-rows.ts'

/**
 * A row is changed where its key is, then inserted where it is not: that needs no answer from the database. The script
 * asks before, for many rows at once, that no key belongs to several rows of the table.
 */
export function rowWriter(
  knex: Knex,
  { seed, dialect }: { readonly seed: Seed; readonly dialect: DialectFacts },
  { refuseRows }: ScriptContext,
  changes: boolean,
): SeedContext['upsert'] {
  return async <Given extends object>(
    table: string,
    rows: RowSource<Given>,
    options: WriteRowsOptions<Given>,
  ): Promise<WrittenRows> => {
    const fail = (problem: string): RevError =>
      new RevError('REV_SEED_ROWS', { seed: seed.seed, file: seed.file, table, problem })
    const key = checkedKey(options, fail)
    const handle = options.knex ?? knex
    const seen = new Set<string>()
    let count = 0
    let batch: Row[] = []
    const write = async (): Promise<void> => {
      const message = `seed ${seed.seed}: ${ambiguousKey(key)} (${table})`
      await refuseRows(sameKeys(handle, table, key, batch), message)
      for (const row of batch) await writeRow(handle, table, key, row, changes, dialect)
      batch = []
    }
    for await (const row of rows) {
      count += 1
      batch.push(checkedRow({ key, fail, dialect: dialect.name }, row, count, seen))
      if (batch.length === ROWS_AT_ONCE) await write()
    }
    if (batch.length > 0) await write()
    return { inserted: count, updated: 0, unchanged: 0 }
  }
}

/** The keys of these rows that several rows of the table have. */
function sameKeys(knex: Knex, table: string, key: readonly string[], rows: readonly Row[]): Knex.QueryBuilder {
  const values = rows.map((row) => key.map((column) => row[column])) as Knex.Value[][]
  const [column] = key
  const some = knex(table)
    .select(knex.raw('1'))
    .groupBy([...key])
    .havingRaw('count(*) > 1')
  return key.length === 1 && column !== undefined ? some.whereIn(column, values.flat()) : some.whereIn([...key], values)
}

async function writeRow(
  knex: Knex,
  table: string,
  key: readonly string[],
  row: Row,
  changes: boolean,
  dialect: DialectFacts,
): Promise<void> {
  const entries = Object.entries(row).filter(([, value]) => value !== undefined) as Entries
  const keyValues = entries.filter(([name]) => key.includes(name))
  const others = entries.filter(([name]) => !key.includes(name))
  if (changes && others.length > 0) {
    await knex(table).where(Object.fromEntries(keyValues)).update(Object.fromEntries(others))
  }
  await insertUnlessThere(knex, table, entries, keyValues, dialect)
}

type Entries = readonly (readonly [string, Knex.Value])[]

async function insertUnlessThere(
  knex: Knex,
  table: string,
  entries: Entries,
  key: Entries,
  dialect: DialectFacts,
): Promise<void> {
  const columns = entries.map(() => '??').join(', ')
  const values = entries.map(() => '?').join(', ')
  const from = dialect.name === 'mysql' ? ' from dual' : ''
  const same = key.map(() => '?? = ?').join(' and ')
  await knex.raw(
    `insert into ?? (${columns}) select ${values}${from} where not exists (select 1 from ?? where ${same})`,
    [table, ...entries.map(([name]) => name), ...entries.map(([, value]) => value), table, ...key.flat()],
  )
}
