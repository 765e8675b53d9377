import type { Knex } from 'knex'
import { beforeEach, expect, test } from 'vitest'
import type { RevEvent } from '../../../src/index.ts'
import { errorOf, openRev } from '../../support/behaviour.ts'
import { describeEachDialect, type TestDatabase } from '../../support/databases.ts'

let attempts = 0

/** Runs a revision with this body outside of a transaction. */
const runs = (db: TestDatabase, upgrade: string, heard: RevEvent[] = []) => {
  attempts += 1
  const text = { revision: 'aaa', message: `m${attempts}`, extra: 'export const transaction = false', upgrade }
  return openRev(db, [text], { reporter: (event) => heard.push(event) }).upgrade({ allowNonEmpty: true })
}

/** Goes over `t` in batches and adds one to each row, is stopped in the middle, and goes on. */
async function goOver(db: TestDatabase, key: string, size: number, stopAt: number): Promise<void> {
  const body = (stop: string): string => `
    let rowsSeen = 0
    await context.inBatches('t', { key: ${key}, size: ${size} }, async (rows, trx) => {
      for (const { seq } of rows) await trx('t').where({ seq }).increment('n', 1)
      rowsSeen += rows.length
      ${stop}
    })`
  await errorOf(runs(db, body(`if (rowsSeen > ${stopAt}) throw new Error('stop')`)))
  await runs(db, body(''))
}

/** The table `t` with a key of this type, these values in it, and n = 0. */
async function fill(
  db: TestDatabase,
  key: (t: Knex.CreateTableBuilder) => void,
  rows: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  await db.knex().schema.createTable('t', (t) => {
    t.integer('seq').notNullable().unique()
    t.integer('n').notNullable().defaultTo(0)
    key(t)
  })
  await db
    .knex()('t')
    .insert(rows.map((row, seq) => ({ ...row, seq })))
}

const changes = async (db: TestDatabase): Promise<number[]> =>
  (await db.knex()('t').orderBy('seq').pluck('n')).map(Number)

describeEachDialect('the key of batches', (db) => {
  beforeEach(() => db.empty())
  const isMysql = db.dialect === 'mysql'
  const isPostgres = db.dialect === 'postgresql'

  test('may be a number that JavaScript cannot hold', async () => {
    const from = 9_007_199_254_740_990n
    const values = Array.from({ length: 20 }, (_, index) => String(from + BigInt(index)))
    const rows = ['-9007199254740993', '-9007199254740992', '0', ...values, '9223372036854775807']
    await db.knex().schema.createTable('t', (t) => {
      t.integer('seq').notNullable().unique()
      t.integer('n').notNullable().defaultTo(0)
      t.bigInteger('id').primary()
    })
    // As text in the statement: no driver turns it into a number.
    for (const [seq, id] of rows.entries()) await db.knex().raw(`insert into t (seq, id) values (${seq}, ${id})`)

    await goOver(db, `'id'`, 3, 8)

    expect(await changes(db)).toEqual(rows.map(() => 1))
  })

  test('may be of several columns', async () => {
    const rows = ['b', 'a', 'c'].flatMap((tenant) => [3, 1, 2, 10].map((no) => ({ tenant, no })))
    await fill(
      db,
      (t) => {
        t.string('tenant', 20)
        t.integer('no')
        t.primary(['tenant', 'no'])
      },
      rows,
    )

    for (const size of [1, 3, 4, 100])
      await goOver(db, `['tenant', 'no']`, size, 5).then(() => db.knex()('rev_version').delete())

    expect(await changes(db)).toEqual(rows.map(() => 4))
  })

  test('may be text with whatever stands in it', async () => {
    const texts = [
      '', ' x', 'a', 'B', 'c', 'C9', 'ä9', 'Ö9', 'ß', 'ss9', 'z', `it's`, '"quoted"', 'back\\slash', '\\', '%', '_', '?', '??', ':x',
      '$1', 'tab\t', 'line\nbreak', '日本', '🙂', '🙂🙂', '-- no', ';', '{"a":1}', 'null', 'É1',
    ] // biome-ignore format: one list
    await fill(
      db,
      (t) => t.string('id', 60).primary(),
      texts.map((id) => ({ id })),
    )

    await goOver(db, `'id'`, 2, 9)

    expect(await changes(db)).toEqual(texts.map(() => 1))
  })

  test.runIf(isMysql)('may be text whose collation tells no case, or every byte', async () => {
    const texts = ['b', 'A', 'c', 'D', 'e', 'F', 'aa', 'AB', 'Ac', 'Zz', 'zy']
    for (const collation of [
      'utf8mb4_general_ci',
      'utf8mb4_unicode_ci',
      'utf8mb4_bin',
      'latin1_swedish_ci',
      'latin1_german2_ci',
    ]) {
      await db.empty()
      const charset = collation.split('_')[0]
      await db.knex().raw(`create table t (seq int not null unique, n int not null default 0,
        id varchar(20) character set ${charset} collate ${collation} not null primary key)`)
      await db
        .knex()('t')
        .insert([...texts, 'ä1', 'Ü', 'ß'].map((id, seq) => ({ id, seq })))

      await goOver(db, `'id'`, 2, 5)

      expect(await changes(db), collation).toEqual([...texts, 1, 2, 3].map(() => 1))
    }
  })

  test.runIf(db.dialect === 'sqlite')('may be text without case on SQLite, and hold several types', async () => {
    await db
      .knex()
      .raw('create table t (seq int not null unique, n int not null default 0, id text collate nocase primary key)')
    await db
      .knex()('t')
      .insert(['b', 'A', 'c', 'D', 'e', 'F', 'aa', 'AB'].map((id, seq) => ({ id, seq })))
    await goOver(db, `'id'`, 2, 3)
    expect(await changes(db)).toEqual(Array(8).fill(1))

    await db.empty()
    await db.knex().raw('create table t (seq int not null unique, n int not null default 0, id primary key)')
    const values = [
      '9223372036854775807',
      '1',
      '1.5',
      '0.1',
      '1e300',
      '-0.30000000000000004',
      `'1'`,
      `'x'`,
      `''`,
      `x'00ff'`,
      `x''`,
      `'10'`,
    ]
    for (const [seq, id] of values.entries()) await db.knex().raw(`insert into t (seq, id) values (${seq}, ${id})`)
    await goOver(db, `'id'`, 1, 4)
    expect(await changes(db)).toEqual(values.map(() => 1))
  })

  test('may be a moment to the microsecond', async () => {
    const moments = Array.from(
      { length: 12 },
      (_, index) => `2024-02-29 23:59:59.9999${String(index).padStart(2, '0')}`,
    )
    await fill(
      db,
      (t) => t.specificType('at', isMysql ? 'datetime(6)' : isPostgres ? 'timestamptz(6)' : 'text').primary(),
      moments.map((at) => ({ at })),
    )

    await goOver(db, `'at'`, 1, 4)

    expect(await changes(db)).toEqual(moments.map(() => 1))
  })

  test.runIf(isMysql)('may be a day, the year 0, or a time of MySQL and MariaDB', async () => {
    const [[server]] = await db.knex().raw('select version() as version')
    // MySQL refuses to compare anything with the year 0.
    const zero = /mariadb/i.test(server.version) ? ['0000-00-00'] : []
    for (const [type, values] of [
      ['date', [...zero, '1000-01-01', '2024-02-29', '9999-12-31', '2024-03-01']],
      ['datetime', [...zero, '2024-02-29 23:59:59', '2024-03-01 00:00:00']],
      ['time(6)', ['-838:59:59', '00:00:00', '-00:00:01.000001', '-00:00:01.000002', '100:00:00.5', '23:59:59.999999']],
      ['timestamp(6)', ['2024-02-29 23:59:59.999998', '2024-02-29 23:59:59.999999', '2024-03-01 00:00:00']],
      ['year', ['0000', '1901', '2155', '2024']],
    ] as const) {
      await db.empty()
      await db
        .knex()
        .raw(`create table t (seq int not null unique, n int not null default 0, id ${type} not null primary key)`)
      const rows = values.map((value, seq) => `(${seq}, '${value}')`).join(', ')
      await db.knex().transaction(async (trx) => {
        await trx.raw(`set session sql_mode = ''`)
        await trx.raw(`insert into t (seq, id) values ${rows}`)
      })

      await goOver(db, `'id'`, 1, 1)

      expect(await changes(db), type).toEqual(values.map(() => 1))
    }
  })

  test('may be bytes', async () => {
    const bytes = ['00', '0000', '00ff', '27', '5c', '5c27', 'ff', 'fffe', 'e4', '3f'].map((hex) =>
      Buffer.from(hex, 'hex'),
    )
    await fill(
      db,
      (t) => t.specificType('id', isMysql ? 'varbinary(40)' : isPostgres ? 'bytea' : 'blob').primary(),
      bytes.map((id) => ({ id })),
    )

    await goOver(db, `'id'`, 1, 4)

    expect(await changes(db)).toEqual(bytes.map(() => 1))
  })

  test('may be a decimal number, or a uuid', async () => {
    const numbers = [
      '0.1',
      '0.10000000000000000001',
      '12345678901234567890.00000000000000000001',
      '12345678901234567890.00000000000000000002',
      '-0.5',
      '7',
    ]
    if (db.dialect !== 'sqlite') {
      await fill(
        db,
        (t) => t.decimal('id', 40, 20).primary(),
        numbers.map((id) => ({ id })),
      )
      await goOver(db, `'id'`, 1, 2)
      expect(await changes(db)).toEqual(numbers.map(() => 1))
      await db.empty()
    }
    const ids = [...'9f30ab'].map((digit) => `${digit}0000000-0000-4000-8000-00000000000${digit}`)
    await fill(
      db,
      (t) => t.uuid('id').primary(),
      ids.map((id) => ({ id })),
    )
    await goOver(db, `'id'`, 2, 3)
    expect(await changes(db)).toEqual(ids.map(() => 1))
  })

  test('is refused when several rows may have it, or none is there', async () => {
    const refused = async (source: string, options: string): Promise<string> => {
      const error = await errorOf(
        runs(db, `await context.inBatches(${source}, ${options}, () => { throw new Error('it began') })`),
      )
      expect(error).toMatchObject({ code: 'REV_BATCH_KEY', details: { revision: 'aaa', outcome: { failed: 'aaa' } } })
      return (error.details as { problem: string }).problem
    }
    await fill(
      db,
      (t) => {
        t.increments('id')
        t.integer('twice')
        t.integer('maybe').unique()
      },
      [{ twice: 1, maybe: 1 }, { twice: 1 }],
    )

    expect(await refused(`'t'`, `{ key: 'twice' }`)).toContain('several rows may have the same values')
    expect(await refused(`'t'`, `{ key: 'maybe' }`)).toBe('"maybe" is NULL in some of the rows')
    expect(await refused(`'t'`, `{ key: 'nothing' }`)).toContain('no column "nothing"')
    expect(await refused(`'nowhere'`, `{}`)).toBe('there is no such table')
    // A unique index of a part of the key makes the whole unique; so does leaving the others out.
    await runs(db, `await context.inBatches(knex('t').whereNotNull('maybe'), { key: ['twice', 'id'] }, () => {})`)
  })

  test('is looked at row by row where nobody knows whether it is unique', async () => {
    await fill(
      db,
      (t) => t.integer('twice').notNullable(),
      [1, 2, 2, 3].map((twice) => ({ twice })),
    )
    await db.knex().raw('create view v as select seq, twice from t')
    for (const size of [1, 2, 3]) {
      const error = await errorOf(runs(db, `await context.inBatches('v', { key: 'twice', size: ${size} }, () => {})`))
      expect(error).toMatchObject({
        code: 'REV_BATCH_KEY',
        details: { problem: 'several rows have the same values there' },
      })
      await db.knex()('rev_step').delete()
    }
    const heard: RevEvent[] = []

    await runs(db, `await context.inBatches('v', { key: 'seq', size: 3 }, () => {})`, heard)

    expect(heard.flatMap((event) => (event.type === 'batch:done' ? [event.rows] : []))).toEqual([3, 4])
  })

  test.runIf(isMysql)('is refused on MySQL and MariaDB where values are not compared as they are ordered', async () => {
    for (const type of [`enum('b', 'a')`, 'double', 'float']) {
      await db.empty()
      await fill(db, (t) => t.specificType('id', type).primary(), [{ id: type.startsWith('enum') ? 'a' : 1 }])
      const error = await errorOf(runs(db, `await context.inBatches('t', {}, () => {})`))
      expect(error, type).toMatchObject({ code: 'REV_BATCH_KEY' })
    }
  })

  test.runIf(isMysql)('is refused on a connection that cannot say every text', async () => {
    const set = (what: string): string => `await knex.raw("set ${what}"); await context.inBatches('t', {}, () => {})`
    await fill(db, (t) => t.string('id', 20).primary(), [{ id: 'a' }])
    expect(await errorOf(runs(db, set('names latin1')))).toMatchObject({ code: 'REV_BATCH_KEY' })
    await db.knex()('rev_step').delete()
    await runs(db, set('names utf8mb4'))
  })

  test('is found in a project that writes names in its own way, and in a schema', async () => {
    await fill(
      db,
      (t) => t.integer('row_id').primary(),
      [1, 2, 3].map((row_id) => ({ row_id })),
    )
    await db.knex().schema.renameTable('t', 'my_table')
    const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
    const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
    const config: Knex.Config = {
      ...db.knexConfig(),
      wrapIdentifier: (name, wrap) => wrap(snake(name)),
      postProcessResponse: (rows) =>
        Array.isArray(rows) && typeof rows[0] === 'object' && !Array.isArray(rows[0])
          ? rows.map((row: object) =>
              Object.fromEntries(Object.entries(row).map(([name, value]) => [camel(name), value])),
            )
          : rows,
    }
    const schema = isPostgres ? 'public' : isMysql ? db.name : 'main'
    const upgrade = `
      const seen = []
      await context.inBatches('myTable', { key: 'rowId', size: 2 }, (rows) => { seen.push(...rows.map((row) => row.rowId)) })
      await context.inBatches(knex.withSchema('${schema}').from('myTable as m'), { key: 'm.rowId', size: 2 }, (rows) => {
        seen.push(...rows.map((row) => row.rowId))
      })
      context.log(seen.join())`
    const heard: RevEvent[] = []
    const text = { revision: 'aaa', extra: 'export const transaction = false', upgrade }

    await openRev(db, [text], { config, reporter: (event) => heard.push(event) }).upgrade({ allowNonEmpty: true })

    expect(heard).toContainEqual({ type: 'log', revision: 'aaa', text: '1,2,3,1,2,3' })
  })
})
