import type { DialectName } from '../../support/databases.ts'
import type { TempProject } from '../../support/temp-project.ts'
import type { Random } from '../random.ts'
import { CHAPTERS } from './chapters.ts'
import { BULK_ROWS, type PlannedHistory, type PlannedRevision } from './planned.ts'

export interface HistoryOptions {
  /** At least so many revisions. */
  readonly size: number
  /** Whether there are revisions of which the database keeps a part when they are cut off. Default true. */
  readonly commitsByItself?: boolean
}

const BRANCHES = 3

/**
 * Makes a history up: a trunk on which every now and then two lines branch off and are merged again, each kind of
 * revision at least twice, every one with traces that tell how often it was carried out.
 */
export function planHistory(dialect: DialectName, random: Random, options: HistoryOptions): PlannedHistory {
  const lanes = ['trunk', ...Array.from({ length: BRANCHES }, (_, at) => [`left${at}`, `right${at}`]).flat()]
  const base = baseRevision(dialect, lanes)
  const revisions: PlannedRevision[] = [base]
  const kinds = kindsOf(dialect, random, options)

  const add = (lane: string, down: readonly string[], tables: readonly string[], merges = false): PlannedRevision => {
    const revision = makeRevision(revisions.length, lane, down, tables, merges ? 'rows' : kinds(), dialect, random)
    revisions.push(revision)
    return revision
  }
  /** Adds a line of revisions; gives its end and the tables that it leaves to work on. */
  const line = (lane: string, from: string, tables: readonly string[], length: number) => {
    let [end, own] = [from, tables]
    for (let at = 0; at < length; at++) {
      const revision = add(lane, [end], own)
      end = revision.id
      own = [...own, ...Object.keys(revision.traces.tables ?? {})]
    }
    return { end, tables: own }
  }

  let trunk: { end: string; tables: readonly string[] } = { end: base.id, tables: ['bulk'] }
  for (let at = 0; at < BRANCHES; at++) {
    trunk = line('trunk', trunk.end, trunk.tables, Math.floor(options.size / 6) + random.integer(0, 3))
    const left = line(`left${at}`, trunk.end, trunk.tables, random.integer(2, 5))
    const right = line(`right${at}`, trunk.end, trunk.tables, random.integer(2, 5))
    const merge = add('trunk', [left.end, right.end], [], true)
    trunk = { end: merge.id, tables: [...new Set([...left.tables, ...right.tables])] }
  }
  const { end } = line('trunk', trunk.end, trunk.tables, Math.max(1, options.size - revisions.length))
  return { revisions, lanes, base: base.id, head: end }
}

/** Writes the files, every fourth one in TypeScript. */
export function writeHistory(project: TempProject, history: PlannedHistory): void {
  for (const [at, { text }] of history.revisions.entries()) {
    project.revision({ ...text, extension: at % 4 === 0 ? 'ts' : 'js' })
  }
}

/** Gives one kind after the other, all of them before one comes again. */
function kindsOf(dialect: DialectName, random: Random, { commitsByItself = true }: HistoryOptions): () => string {
  const known = Object.keys(CHAPTERS[dialect]).filter(
    (kind) => commitsByItself || !ALWAYS_BY_ITSELF.some((name) => name === kind),
  )
  let left: string[] = []
  return () => {
    if (left.length === 0) left = [...known]
    const chosen = random.pick(left)
    left = left.filter((kind) => kind !== chosen)
    return chosen
  }
}

const ALWAYS_BY_ITSELF = ['untransactional', 'ownTransaction', 'concurrently', 'copied', 'mixed']

function makeRevision(
  number: number,
  lane: string,
  down: readonly string[],
  tables: readonly string[],
  kind: string,
  dialect: DialectName,
  random: Random,
): PlannedRevision {
  const id = `r${String(number).padStart(3, '0')}`
  const link = random.integer(1, 100_000)
  // The large table is for the long statements of its own; SQLite and every ALTER would take their time with it.
  const own = tables.filter((name) => name !== 'bulk')
  const chosen = own.length === 0 ? 'small' : random.pick(own.slice(-12))
  const write = CHAPTERS[dialect][kind]
  if (write === undefined) throw new Error(`no kind ${kind}`)
  const { upgrade, downgrade, extra, ...rest } = write({ dialect, random, id, lane, link, table: chosen })
  const text = { revision: id, down, message: kind, upgrade, downgrade, ...(extra === undefined ? {} : { extra }) }
  return { text: { ...text, down: down.length === 1 ? (down[0] ?? null) : down }, id, down, kind, lane, link, ...rest }
}

function baseRevision(dialect: DialectName, lanes: readonly string[]): PlannedRevision {
  const upgrade = `
    await knex.schema.createTable('ledger', (table) => { table.string('rev', 40); table.string('way', 8); table.integer('part') })
    await knex.schema.createTable('lanes', (table) => {
      table.string('name', 40)
      table.integer('ups')
      table.integer('downs')
      table.integer('chain')
    })
    await knex('lanes').insert(${JSON.stringify(lanes)}.map((name) => ({ name, ups: 0, downs: 0, chain: 0 })))
    for (const name of ['small', 'bulk']) {
      await knex.schema.createTable(name, (table) => {
        table.integer('id').primary()
        table.integer('v').notNullable().defaultTo(0)
        table.integer('w').notNullable().defaultTo(0)
      })
    }
    await knex('small').insert(Array.from({ length: 20 }, (_, at) => ({ id: at + 1 })))
    await knex.batchInsert('bulk', Array.from({ length: ${BULK_ROWS} }, (_, at) => ({ id: at + 1, w: at % 97 })), 250)
    await knex('ledger').insert({ rev: 'r000', way: 'up', part: 1 })`
  const text = {
    revision: 'r000',
    down: null,
    message: 'base',
    upgrade,
    downgrade: false as const,
    extra: "export const irreversible = 'it holds the ledger'",
  }
  const traces = { tables: { small: 20, bulk: BULK_ROWS } }
  return {
    text,
    id: 'r000',
    down: [],
    kind: 'base',
    commitsByItself: dialect === 'mysql',
    parts: 1,
    lane: 'none',
    link: 0,
    traces,
  }
}
