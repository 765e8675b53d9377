import type { Knex } from 'knex'
import type { TestDatabase } from '../../support/databases.ts'
import { readCatalogue } from './catalogue.ts'
import type { Expectation } from './expectation.ts'
import type { PlannedRevision } from './planned.ts'

/** What of one revision is looked at: in the midst of a history it may be half done on purpose. */
export interface FindOptions {
  /** Revisions that may be half done; then the sums that they share with others are not compared, either. */
  readonly halfDone?: ReadonlySet<string>
}

/**
 * Compares the database with what must have been left: each entry is one thing that is missing, too much, or there
 * twice, with the revision it is of. Empty when everything was carried out exactly once and in order.
 */
export async function findFaults(
  db: TestDatabase,
  expected: Expectation,
  { halfDone = new Set() }: FindOptions = {},
): Promise<string[]> {
  const knex = db.knex()
  const looked = expected.history.revisions.filter(({ id }) => !halfDone.has(id))
  const catalogue = await readCatalogue(db)
  const faults = await ledgerFaults(knex, expected, looked)

  const compare = (what: string, revision: PlannedRevision, isThere: boolean): void => {
    const isApplied = expected.isApplied(revision.id)
    if (isApplied === isThere) return
    faults.push(`${revision.id} (${revision.kind}): ${what} is ${isThere ? 'there and should not be' : 'missing'}`)
  }
  for (const revision of looked) {
    const { tables = {}, columns = [], indexes = [], views = [] } = revision.traces
    for (const table of Object.keys(tables)) compare(`table ${table}`, revision, catalogue.tables.has(table))
    for (const { table, column } of columns) {
      compare(`column ${table}.${column}`, revision, catalogue.columns.has(`${table}.${column}`))
    }
    for (const { name } of indexes) compare(`index ${name}`, revision, catalogue.indexes.has(name))
    for (const view of views) compare(`view ${view}`, revision, catalogue.views.has(view))
  }
  faults.push(...strangers(expected, catalogue.tables))
  // Those of others are the database's business while one that is half done may be at it.
  if (halfDone.size > 0) return faults
  faults.push(...catalogue.invalid.map((name) => `index ${name} is not valid`))
  return [...faults, ...(await laneFaults(knex, expected)), ...(await rowFaults(knex, expected, catalogue.columns))]
}

/** Tables that no revision is to leave. */
function strangers(expected: Expectation, tables: ReadonlySet<string>): string[] {
  const known = new Set(['ledger', 'lanes', 'small', 'bulk'])
  for (const { traces } of expected.history.revisions)
    for (const name of Object.keys(traces.tables ?? {})) known.add(name)
  // A table that is to be renamed may stand under its first name while its revision is half done.
  const half = /^a_r\d+$/
  return [...tables]
    .filter((name) => !known.has(name) && !name.startsWith('rev_') && !half.test(name))
    .map((name) => `table ${name} is nobody's`)
}

async function ledgerFaults(knex: Knex, expected: Expectation, looked: readonly PlannedRevision[]): Promise<string[]> {
  if (!(await knex.schema.hasTable('ledger'))) {
    return looked.some(({ id }) => expected.isApplied(id)) ? ['the ledger is missing'] : []
  }
  const rows: { rev: string; way: string; part: number }[] = await knex('ledger').select('rev', 'way', 'part')
  const counted = new Map<string, number>()
  for (const { rev, way, part } of rows) {
    const key = `${rev} ${way} ${part}`
    counted.set(key, (counted.get(key) ?? 0) + 1)
  }
  const faults: string[] = []
  for (const { id, kind, parts } of looked) {
    for (const way of ['up', 'down'] as const) {
      for (let part = 1; part <= parts; part++) {
        const key = `${id} ${way} ${part}`
        const [found, wanted] = [counted.get(key) ?? 0, expected.executions(id)[way]]
        if (found !== wanted)
          faults.push(`${id} (${kind}): ledger row ${way} ${part} is there ${found}x, not ${wanted}x`)
      }
    }
  }
  return faults
}

async function laneFaults(knex: Knex, expected: Expectation): Promise<string[]> {
  if (!(await knex.schema.hasTable('lanes'))) return []
  const rows: { name: string; ups: number; downs: number; chain: number }[] = await knex('lanes').select()
  return rows.flatMap(({ name, ups, downs, chain }) => {
    const wanted = expected.lane(name)
    const [found, right] = [
      [ups, downs, chain],
      [wanted.ups, wanted.downs, wanted.chain],
    ].map((each) => each.join(', '))
    return found === right ? [] : [`lane ${name}: ups, downs and chain are ${found}, not ${right}`]
  })
}

async function rowFaults(knex: Knex, expected: Expectation, columns: ReadonlySet<string>): Promise<string[]> {
  const faults: string[] = []
  const applied = expected.history.revisions.filter(({ id }) => expected.isApplied(id))
  for (const { id, kind, traces } of applied) {
    for (const [table, count] of Object.entries(traces.tables ?? {})) {
      if (!columns.has(`${table}.v`)) continue
      const sums = await knex(table).count({ rows: '*' }).sum({ v: 'v' }).first()
      const [rows, v] = [Number(sums?.rows), Number(sums?.v)]
      if (rows !== count) faults.push(`${id} (${kind}): table ${table} has ${rows} rows, not ${count}`)
      const raised = expected.raised(table) * count
      if (v !== raised) faults.push(`table ${table}: the sum of v is ${v}, not ${raised}`)
    }
    for (const { table, column, upTo } of traces.columns ?? []) {
      if (!columns.has(`${table}.${column}`)) continue
      const rows = knex(table).whereNot(column, 1)
      const wrong =
        upTo === undefined
          ? rows
          : rows.where('id', '<=', upTo).orWhere((not) => not.where('id', '>', upTo).whereNot(column, 0))
      const found = await wrong.count({ rows: '*' }).first()
      if (Number(found?.rows) > 0)
        faults.push(`${id} (${kind}): ${found?.rows} rows of ${table}.${column} were not raised exactly once`)
    }
  }
  return faults
}
