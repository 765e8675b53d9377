import type { DialectName } from '../../support/databases.ts'
import type { Random } from '../random.ts'
import { CHAIN_FACTOR, CHAIN_MODULUS, type Traces } from './planned.ts'

/** Where a revision stands, for the functions that write one. */
export interface Place {
  readonly dialect: DialectName
  readonly random: Random
  readonly id: string
  readonly lane: string
  readonly link: number
  /** A table that a revision below has made. */
  readonly table: string
}

/** What a revision does; its place in the history is put around it. */
export interface Chapter {
  readonly upgrade: string
  readonly downgrade: string
  readonly commitsByItself: boolean
  readonly parts: number
  readonly traces: Traces
  readonly extra?: string
}

type Way = 'up' | 'down'

const WITHOUT_TRANSACTION = 'export const transaction = false'
const ROWS = 20

const lines = (...statements: readonly string[]): string => statements.join('\n')

/** One row of the ledger, which has no key: a second execution leaves a second row. */
const note = ({ id }: Place, way: Way, part = 1, handle = 'knex'): string =>
  `await ${handle}('ledger').insert({ rev: '${id}', way: '${way}', part: ${part} })`

/** Counts in the lane, and turns its chain on, so that neither a second execution nor another order goes unseen. */
function count({ lane, link }: Place, way: Way, options: { handle?: string; condition?: string } = {}): string {
  const { handle = 'knex', condition = '' } = options
  const counter = way === 'up' ? 'ups' : 'downs'
  const chain = `(chain * ${CHAIN_FACTOR[way]} + ${link}) % ${CHAIN_MODULUS}`
  const sql = `update lanes set ${counter} = ${counter} + 1, chain = ${chain} where name = '${lane}'${condition}`
  return `await ${handle}.raw(${JSON.stringify(sql)})`
}

const createTable = (name: string, index?: string): string =>
  lines(
    `await knex.schema.createTable('${name}', (table) => {`,
    `  table.increments('id')`,
    `  table.integer('v').notNullable().defaultTo(0)`,
    `  table.integer('w').notNullable().defaultTo(0)`,
    ...(index === undefined ? [] : [`  table.index(['w'], '${index}')`]),
    '})',
  )
const fill = (name: string, handle = 'knex'): string =>
  `await ${handle}('${name}').insert(Array.from({ length: ${ROWS} }, (_, index) => ({ w: index })))`
const drop = (name: string): string => `await knex.schema.dropTable('${name}')`
const addColumn = (table: string, column: string): string =>
  `await knex.schema.alterTable('${table}', (table) => { table.integer('${column}').notNullable().defaultTo(0) })`
const dropColumn = (table: string, column: string): string =>
  `await knex.schema.alterTable('${table}', (table) => { table.dropColumn('${column}') })`
const raise = (table: string, column: string, by: string): string =>
  `await knex('${table}').update({ ${column}: knex.raw('${column} ${by}') })`

/** DDL is undone with the rest everywhere but here. */
const keepsDdl = ({ dialect }: Place): boolean => dialect === 'mysql'

const table = (place: Place): Chapter => {
  const [name, index] = [`t_${place.id}`, `i_${place.id}`]
  return {
    upgrade: lines(createTable(name, index), fill(name), note(place, 'up'), count(place, 'up')),
    downgrade: lines(note(place, 'down'), count(place, 'down'), drop(name)),
    commitsByItself: keepsDdl(place),
    parts: 1,
    traces: { tables: { [name]: ROWS }, indexes: [{ table: name, name: index }] },
  }
}

const column = (place: Place): Chapter => {
  const name = `c_${place.id}`
  return {
    upgrade: lines(
      count(place, 'up'),
      addColumn(place.table, name),
      raise(place.table, name, '+ 1'),
      note(place, 'up'),
    ),
    downgrade: lines(note(place, 'down'), dropColumn(place.table, name), count(place, 'down')),
    commitsByItself: keepsDdl(place),
    parts: 1,
    traces: { columns: [{ table: place.table, column: name }] },
  }
}

const index = (place: Place): Chapter => {
  const name = `i_${place.id}`
  return {
    upgrade: lines(
      `await knex.schema.alterTable('${place.table}', (table) => { table.index(['w', 'v'], '${name}') })`,
      note(place, 'up'),
      count(place, 'up'),
    ),
    downgrade: lines(
      count(place, 'down'),
      `await knex.schema.alterTable('${place.table}', (table) => { table.dropIndex(['w', 'v'], '${name}') })`,
      note(place, 'down'),
    ),
    commitsByItself: keepsDdl(place),
    parts: 1,
    traces: { indexes: [{ table: place.table, name }] },
  }
}

const backfill = (place: Place): Chapter => {
  const batches = (by: string): string =>
    lines(
      'for (let part = 0; part < 4; part++) {',
      `  await knex('${place.table}').whereRaw('id % 4 = ?', [part]).update({ v: knex.raw('v ${by}') })`,
      '}',
    )
  return {
    upgrade: lines(batches('+ 1'), note(place, 'up'), count(place, 'up')),
    downgrade: lines(note(place, 'down'), count(place, 'down'), batches('- 1')),
    commitsByItself: false,
    parts: 1,
    traces: { raises: place.table },
  }
}

/** Transactions of the revision's own, one after the other; the second one makes a savepoint of its own, too. */
const nested = (place: Place): Chapter => {
  const both = (way: Way): string =>
    lines(
      `await knex.transaction(async (trx) => { ${note(place, way, 1, 'trx')} })`,
      'await knex.transaction(async (trx) => {',
      `  await trx.transaction(async (inner) => { ${note(place, way, 2, 'inner')} })`,
      `  ${count(place, way, { handle: 'trx' })}`,
      '})',
    )
  return { upgrade: both('up'), downgrade: both('down'), commitsByItself: false, parts: 2, traces: {} }
}

const rows = (place: Place): Chapter => ({
  upgrade: lines(note(place, 'up'), count(place, 'up')),
  downgrade: lines(count(place, 'down'), note(place, 'down')),
  commitsByItself: false,
  parts: 1,
  traces: {},
})

/** A statement that the server is at for a while. */
const slow = (place: Place): Chapter => {
  const seconds = place.random.integer(2, 8) / 100
  const condition = {
    postgresql: ` and (select pg_sleep(${seconds})) is not null`,
    mysql: ` and sleep(${seconds}) = 0`,
    sqlite: ` and (with recursive far(i) as (select 1 union all select i + 1 from far where i < ${seconds * 4_000_000}) select count(*) from far) > 0`,
  }[place.dialect]
  return {
    upgrade: lines(note(place, 'up'), count(place, 'up', { condition })),
    downgrade: lines(count(place, 'down', { condition }), note(place, 'down')),
    commitsByItself: false,
    parts: 1,
    traces: {},
  }
}

const view = (place: Place): Chapter => {
  const name = `v_${place.id}`
  return {
    upgrade: lines(
      note(place, 'up'),
      `await knex.raw('create view ${name} as select name, ups from lanes')`,
      count(place, 'up'),
    ),
    downgrade: lines(`await knex.raw('drop view ${name}')`, count(place, 'down'), note(place, 'down')),
    commitsByItself: keepsDdl(place),
    parts: 1,
    traces: { views: [name] },
  }
}

/** A table under another name first. */
const renamed = (place: Place): Chapter => {
  const [before, name] = [`a_${place.id}`, `t_${place.id}`]
  return {
    upgrade: lines(
      note(place, 'up', 1),
      createTable(before),
      fill(before),
      `await knex.schema.renameTable('${before}', '${name}')`,
      addColumn(name, 'renamed'),
      raise(name, 'renamed', '+ 1'),
      note(place, 'up', 2),
      count(place, 'up'),
    ),
    downgrade: lines(
      note(place, 'down', 1),
      `await knex.schema.renameTable('${name}', '${before}')`,
      count(place, 'down'),
      drop(before),
      note(place, 'down', 2),
    ),
    commitsByItself: keepsDdl(place),
    parts: 2,
    traces: { tables: { [name]: ROWS }, columns: [{ table: name, column: 'renamed' }] },
  }
}

/** Every statement by itself, rows and tables in turns. */
const untransactional = (place: Place): Chapter => {
  const [name, index] = [`t_${place.id}`, `i_${place.id}`]
  return {
    extra: WITHOUT_TRANSACTION,
    upgrade: lines(
      note(place, 'up', 1),
      createTable(name),
      fill(name),
      note(place, 'up', 2),
      `await knex.schema.alterTable('${name}', (table) => { table.index(['w'], '${index}') })`,
      count(place, 'up'),
      addColumn(name, 'later'),
      raise(name, 'later', '+ 1'),
    ),
    downgrade: lines(note(place, 'down', 1), count(place, 'down'), drop(name), note(place, 'down', 2)),
    commitsByItself: true,
    parts: 2,
    traces: {
      tables: { [name]: ROWS },
      columns: [{ table: name, column: 'later' }],
      indexes: [{ table: name, name: index }],
    },
  }
}

/** Every statement by itself, but for a transaction of the revision's own. */
const ownTransaction = (place: Place): Chapter => {
  const within = (way: Way): string =>
    lines(
      note(place, way, 1),
      'await knex.transaction(async (trx) => {',
      `  ${note(place, way, 2, 'trx')}`,
      `  ${count(place, way, { handle: 'trx' })}`,
      '})',
      note(place, way, 3),
    )
  return {
    extra: WITHOUT_TRANSACTION,
    upgrade: within('up'),
    downgrade: within('down'),
    commitsByItself: true,
    parts: 3,
    traces: {},
  }
}

/** Built while others write, which PostgreSQL does outside of any transaction, in several of its own. */
const concurrently = (place: Place): Chapter => {
  const name = `i_${place.id}`
  return {
    extra: WITHOUT_TRANSACTION,
    upgrade: lines(
      note(place, 'up', 1),
      `await knex.raw('create ${place.random.chance(30) ? 'unique ' : ''}index concurrently ${name} on bulk (w, id)')`,
      count(place, 'up'),
      note(place, 'up', 2),
    ),
    downgrade: lines(
      note(place, 'down', 1),
      `await knex.raw('drop index concurrently ${name}')`,
      note(place, 'down', 2),
      count(place, 'down'),
    ),
    commitsByItself: true,
    parts: 2,
    traces: { indexes: [{ table: 'bulk', name }] },
  }
}

/** MySQL and MariaDB write the whole table anew, and go on with it when nobody listens any more. */
const copied = (place: Place): Chapter => {
  const name = `c_${place.id}`
  return {
    upgrade: lines(
      note(place, 'up', 1),
      `await knex.raw('alter table bulk add column ${name} int not null default 0, algorithm = copy')`,
      note(place, 'up', 2),
      `await knex.raw('update bulk set ${name} = ${name} + 1 where id <= 100')`,
      count(place, 'up'),
    ),
    downgrade: lines(
      count(place, 'down'),
      `await knex.raw('alter table bulk drop column ${name}, algorithm = copy')`,
      note(place, 'down', 1),
      note(place, 'down', 2),
    ),
    commitsByItself: true,
    parts: 2,
    traces: { columns: [{ table: 'bulk', column: name, upTo: 100 }] },
  }
}

/** Rows before the DDL, between it and after it. */
const mixed = (place: Place): Chapter => {
  const [name, index] = [`t_${place.id}`, `i_${place.id}`]
  return {
    upgrade: lines(
      note(place, 'up', 1),
      count(place, 'up'),
      createTable(name),
      fill(name),
      note(place, 'up', 2),
      `await knex.raw('create index ${index} on ${name} (w)')`,
      addColumn(name, 'later'),
      note(place, 'up', 3),
      raise(name, 'later', '+ 1'),
    ),
    downgrade: lines(
      note(place, 'down', 1),
      dropColumn(name, 'later'),
      note(place, 'down', 2),
      `await knex.raw('drop index ${index} on ${name}')`,
      count(place, 'down'),
      drop(name),
      note(place, 'down', 3),
    ),
    commitsByItself: true,
    parts: 3,
    traces: {
      tables: { [name]: ROWS },
      columns: [{ table: name, column: 'later' }],
      indexes: [{ table: name, name: index }],
    },
  }
}

const EVERYWHERE = {
  table,
  column,
  index,
  backfill,
  nested,
  rows,
  slow,
  view,
  renamed,
  untransactional,
  ownTransaction,
}

/** The kinds of revisions of a dialect, by name. */
export const CHAPTERS: Readonly<Record<DialectName, Readonly<Record<string, (place: Place) => Chapter>>>> = {
  sqlite: EVERYWHERE,
  postgresql: { ...EVERYWHERE, concurrently },
  mysql: { ...EVERYWHERE, copied, mixed },
}
