import type { Knex } from 'knex'
import type { Pitfall, Table } from './pitfall.ts'

const full = `create table full (
  id int primary key,
  d decimal(10,2) unsigned not null default 1.50 comment 'it''s; NOT NULL',
  n varchar(10) collate utf8mb4_bin null default 'NULL?',
  e enum('a','b''c') not null,
  at timestamp(3) not null default current_timestamp(3) on update current_timestamp(3),
  t text null comment 'x'
)`
const definition =
  (table: string) =>
  async (knex: Knex): Promise<string[]> => {
    const [[row]] = await knex.raw(`show create table ${table}`)
    const lines = String(row['Create Table']).split('\n').slice(1, -1)
    return lines.map((line) =>
      line
        .trim()
        .replace(/,$/, '')
        .replace(/int\(\d+\)/, 'int'),
    )
  }

/** Of these the drivers write the numbers, or nothing at all. */
const NO_BYTES = [
  new Uint8ClampedArray([65]),
  new Int8Array([65]),
  new Uint16Array([1, 256]),
  new Float64Array([1.5]),
  new BigInt64Array([1n]),
  new DataView(new ArrayBuffer(2)),
]

export const mysqlPitfalls: readonly Pitfall[] = [
  {
    title: 'a renamed column keeps its definition and the foreign keys',
    before: [
      `create table parent (id int primary key,
         at timestamp not null default current_timestamp on update current_timestamp comment 'it''s kept')`,
      'create table child (id int primary key, p int, constraint child_p foreign key (p) references parent (id))',
    ],
    work: async (knex) => {
      await knex.schema.alterTable('parent', (t: Table) => t.renameColumn('at', 'changed'))
      await knex.schema.alterTable('parent', (t: Table) => {
        t.renameColumn('id', 'number')
        t.integer('more')
      })
    },
    read: async (knex) => [await definition('parent')(knex), await definition('child')(knex)],
    gives: [
      [
        '`number` int NOT NULL',
        "`changed` timestamp NOT NULL DEFAULT current_timestamp() ON UPDATE current_timestamp() COMMENT 'it''s kept'",
        '`more` int DEFAULT NULL',
        'PRIMARY KEY (`number`)',
      ],
      [
        '`id` int NOT NULL',
        '`p` int DEFAULT NULL',
        'PRIMARY KEY (`id`)',
        'KEY `child_p` (`p`)',
        'CONSTRAINT `child_p` FOREIGN KEY (`p`) REFERENCES `parent` (`number`)',
      ],
    ],
  },
  {
    title: 'a column that may be NULL, or no longer, keeps its type, scale, default, comment and collation',
    before: [full, "insert into full (id, d, n, e, t) values (1, 9.99, 'x', 'a', 'y')"],
    work: async (knex) => {
      for (const column of ['d', 'e', 'at']) await knex.schema.alterTable('full', (t: Table) => t.setNullable(column))
      for (const column of ['n', 't']) await knex.schema.alterTable('full', (t: Table) => t.dropNullable(column))
      await knex('full').insert({ id: 2, d: null, e: null, n: 'z', t: 'y' })
    },
    read: async (knex) => [await definition('full')(knex), await knex('full').orderBy('id').pluck('d')],
    gives: [
      [
        '`id` int NOT NULL',
        "`d` decimal(10,2) unsigned DEFAULT 1.50 COMMENT 'it''s; NOT NULL'",
        "`n` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT 'NULL?'",
        "`e` enum('a','b''c') DEFAULT NULL",
        '`at` timestamp(3) NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)',
        "`t` text NOT NULL COMMENT 'x'",
        'PRIMARY KEY (`id`)',
      ],
      ['9.99', null],
    ],
  },
  {
    title: 'backslashes in comments and in the values of an enum stay backslashes',
    work: async (knex) => {
      await knex.schema.createTable('said', (t: Table) => {
        t.comment("C:\\new it's")
        t.enu('e', ['a\\b', "c\\'d"]).comment("C:\\new it's \\' or '' \\")
      })
      await knex('said').insert([{ e: 'a\\b' }, { e: "c'd" }])
    },
    read: async (knex) => [
      await knex('said').orderBy('e').pluck('e'),
      await knex('information_schema.columns')
        .whereRaw("table_schema = database() and table_name = 'said'")
        .pluck('column_comment'),
      await knex('information_schema.tables')
        .whereRaw("table_schema = database() and table_name = 'said'")
        .pluck('table_comment'),
    ],
    gives: [['a\\b', "c'd"], ["C:\\new it's ' or '' \\"], ["C:\\new it's"]],
  },
  {
    title: 'an object as a value is not stored as its text',
    before: ['create table docs (id int primary key, doc text)', "insert into docs values (1, '{}')"],
    work: (knex) => knex('docs').update({ doc: { id: 1 } }),
    refused: /would not store an object as JSON/,
  },
  {
    title: 'an object as a value of raw SQL is not stored as its text',
    before: ['create table docs (id int primary key, doc text)', "insert into docs values (1, '{}')"],
    work: (knex) => knex.raw('update docs set id = 1, doc = ?', [{ id: 1 } as never]),
    refused: /would not store an object as JSON/,
  },
  {
    title: 'a unique key with a condition does not hold for every row',
    before: ['create table keyed (id int)'],
    work: (knex) =>
      knex.schema.alterTable('keyed', (t: Table) => t.unique(['id'], { predicate: knex.whereNotNull('id') })),
    refused: /the unique key of "id" would hold for every row/,
  },
  {
    title: 'a default of a text column is not left out',
    work: async (knex) => {
      await knex.schema.createTable('texts', (t: Table) => {
        t.integer('id')
        t.text('a').notNullable().defaultTo("it's")
        t.text('b', 'longtext').defaultTo(knex.raw("concat('a', 'b')"))
      })
      await knex('texts').insert({ id: 1 })
    },
    read: (knex) => knex('texts'),
    gives: [{ id: 1, a: "it's", b: 'ab' }],
  },
  {
    title: 'bytes are stored as bytes, also those in the midst of a buffer',
    before: ['create table bytes (b blob)'],
    work: (knex) =>
      knex('bytes').insert([{ b: Buffer.from('ab') }, { b: new Uint8Array([0, 97, 98, 0]).subarray(1, 3) }]),
    read: (knex) => knex('bytes').pluck('b'),
    gives: [Buffer.from('ab'), Buffer.from('ab')],
  },
  ...NO_BYTES.map(
    (value): Pitfall => ({
      title: `other numbers than bytes are not stored as their text: ${value.constructor.name}`,
      before: ['create table bytes (b varchar(50))'],
      work: (knex) => knex.raw('insert into bytes values (?)', [value as never]),
      refused: /would store a text, not its bytes/,
    }),
  ),
  {
    title: 'nor where a list of them is asked for, or they stand beside assignments',
    before: ['create table bytes (a int, b varchar(50))'],
    work: async (knex) => {
      await knex.raw('delete from bytes where b in (?)', [[new Uint16Array([1, 256])] as never]).catch(() => {})
      await knex.raw('update bytes set ?, b = ?', [{ a: 1 }, new Uint16Array([1, 256])] as never)
    },
    refused: /would store a text, not its bytes/,
  },
]

const PLAIN_BACKSLASHES = "set session sql_mode = concat(@@sql_mode, ',NO_BACKSLASH_ESCAPES')"

const plainBackslashes = (
  connection: { query(sql: string, done: (error: unknown) => void): void },
  done: (error: unknown, connection: unknown) => void,
): void => connection.query(PLAIN_BACKSLASHES, (error) => done(error, connection))

/** Text with everything that has a meaning for some mode of the server. */
const writePlainText = async (knex: Knex): Promise<void> => {
  await knex.schema.createTable('plain', (t: Table) => {
    t.integer('id')
    t.string('s').defaultTo("it's a\\b").comment("it's a\\b")
    t.enu('e', ["it's a\\b"])
    t.comment("it's a\\b")
  })
  const texts = ["it's", 'a\\b', '"q"', 'l\nx', "'; drop table plain; -- "]
  await knex('plain').insert(texts.map((s, id) => ({ id, s })))
  await knex('plain').insert({ id: 9, e: "it's a\\b" })
  await knex('plain').where({ s: 'a\\b' }).update({ e: "it's a\\b" })
}

const readPlainText = async (knex: Knex): Promise<unknown> => {
  const ofTable = "table_schema = database() and table_name = 'plain'"
  return [
    await knex('plain').orderBy('id').select('s', 'e'),
    await knex('information_schema.columns').whereRaw(ofTable).where('column_name', 's').pluck('column_comment'),
    await knex('information_schema.tables').whereRaw(ofTable).pluck('table_comment'),
  ]
}

const plainText = [
  [
    { s: "it's", e: null },
    { s: 'a\\b', e: "it's a\\b" },
    { s: '"q"', e: null },
    { s: 'l\nx', e: null },
    { s: "'; drop table plain; -- ", e: null },
    { s: "it's a\\b", e: "it's a\\b" },
  ],
  ["it's a\\b"],
  ["it's a\\b"],
]

class Decimal {
  toString(): string {
    return '1.50'
  }
}

/** What only a connection can tell, so that there is no script of it. */
export const mysqlOnlinePitfalls: readonly Pitfall[] = [
  {
    title: 'objects that the driver writes as they are meant are left alone: assignments, and what has a text',
    before: ['create table docs (id int primary key, doc text)', "insert into docs values (1, '{}')"],
    work: async (knex) => {
      await knex.raw('update docs set ? where id = ?', [{ doc: 'assigned' } as never, 1])
      await knex('docs').insert({ id: 2, doc: new Decimal() })
      await knex('docs').insert({ id: 3, doc: { a: 1 } })
    },
    read: (knex) => knex('docs').orderBy('id').pluck('doc'),
    gives: ['assigned', '1.50', '{"a":1}'],
  },
  {
    title: 'values and definitions are right on a session that takes backslashes as they are',
    config: { pool: { min: 0, max: 1, afterCreate: plainBackslashes } },
    work: writePlainText,
    read: readPlainText,
    gives: plainText,
  },
  {
    title: 'values and definitions are right once a revision has told the session to take backslashes as they are',
    work: async (knex) => {
      await knex.raw(PLAIN_BACKSLASHES)
      await writePlainText(knex)
    },
    read: readPlainText,
    gives: plainText,
  },
  {
    title: 'a unique key that may not exist is dropped on MariaDB in a transaction, too',
    before: ['create table u (id int)'],
    work: (knex) => knex.transaction((trx) => trx.schema.alterTable('u', (t: Table) => t.dropUniqueIfExists(['id']))),
    read: (knex) => knex('u'),
    gives: [],
  },
  {
    title: 'a column is renamed whole on servers without a statement for it',
    before: [full, 'create table child (p int, foreign key (p) references full (id))'],
    config: { version: '5.7.44' },
    work: async (knex) => {
      await knex.schema.alterTable('full', (t: Table) => t.renameColumn('at', 'changed'))
      await knex.schema.alterTable('full', (t: Table) => t.renameColumn('id', 'number'))
    },
    read: async (knex) => [(await definition('full')(knex))[4], (await definition('child')(knex)).at(-1)],
    gives: [
      '`changed` timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3)',
      'CONSTRAINT `child_ibfk_1` FOREIGN KEY (`p`) REFERENCES `full` (`number`)',
    ],
  },
  {
    title: 'a column changes its nullability on a pool of one',
    before: ['create table one (id int not null)'],
    config: { pool: { min: 0, max: 1 }, acquireConnectionTimeout: 2000 },
    work: (knex) => knex.schema.alterTable('one', (t: Table) => t.setNullable('id')),
    read: definition('one'),
    gives: ['`id` int DEFAULT NULL'],
  },
]
