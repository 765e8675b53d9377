import type { Operation } from '../history.ts'

/** Rows and values as only SQLite knows them. */
export const sqliteRowOperations: readonly Operation[] = [
  {
    title: 'rows that win or give way',
    upgrade: async (knex) => {
      await knex.raw('insert or replace into goods (id, name, price, kind) values (?, ?, ?, ?)', [
        3n,
        "replaced 'it'",
        3n,
        'b',
      ] as never)
      await knex.raw('insert or ignore into goods (id, name) values (1, ?)', ['no'])
      await knex.raw('replace into goods (id, name) values (?, ?)', [700n, 'new'] as never)
      await knex.raw(
        `insert into goods (id, name, price) values (?, ?, ?)
        on conflict (id) do update set name = excluded.name || '; ' || goods.name where goods.price < ? returning *`,
        [3n, 'x', 9n, 100n] as never,
      )
      await knex('goods').insert({ id: 3n, price: 34n }).onConflict('id').merge(['price']).where('goods.id', '>', 0)
    },
    downgrade: (knex) => knex('goods').where({ id: 700 }).del(),
  },
  {
    title: 'rows from rows, and rows that count',
    upgrade: async (knex) => {
      await knex.raw(
        `with recursive counting (n) as (values (1) union all select n + 1 from counting where n < ?)
        insert into stock (goods_id, amount) select n + 5000, n * n from counting`,
        [5n] as never,
      )
      await knex.raw('update stock set amount = g.price from goods g where g.id = stock.goods_id and g.kind = ?', ['a'])
      await knex('stock')
        .with('rich', knex('goods').select('id').where('price', '>', 100))
        .whereIn('goods_id', knex('rich').select('id'))
        .update({ amount: 9 })
      await knex.raw('insert into stock select * from (values (6000, 1), (6001, 2)) where true')
      await knex.raw('update stock set (goods_id, amount) = (7000, 3) where goods_id = 6000')
      await knex.raw(
        'insert into stock select goods_id + 2000, row_number() over (order by goods_id) from stock where goods_id > 5000',
      )
      await knex.raw('delete from stock where rowid in (select max(rowid) from stock)')
    },
    downgrade: (knex) => knex('stock').where('goods_id', '>', 5000).del(),
  },
  {
    title: 'values in every affinity',
    upgrade: async (knex) => {
      await knex.raw('create table affinities (i integer, r real, t text, n numeric, b blob)')
      const values = [
        0,
        -0,
        1,
        -1,
        1.5,
        2 ** 31,
        2 ** 53,
        1e21,
        0.1 + 0.2,
        1e-7,
        '1',
        '1.0',
        '1e3',
        ' 1',
        '',
        true,
        null,
      ]
      // How many digits a float has as text depends on the version of SQLite; fifteen are the same in all of them.
      const isLong = (value: unknown): boolean => String(value).length > 15
      for (const value of values) {
        await knex('affinities').insert({ i: value, r: value, t: isLong(value) ? null : value, n: value, b: value })
      }
      const big = [1n, -1n, 2n ** 31n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]
      for (const value of big) await knex('affinities').insert({ i: value, r: value, t: value, n: value, b: value })
      await knex('affinities').insert([
        { b: Buffer.alloc(0) },
        { b: new Uint8Array([0, 255, 39]) },
        { t: new Date(12.7) },
      ])
      await knex.raw('insert into affinities values (?, ?, ?, ?, zeroblob(3))', [
        Number.NaN,
        -Infinity,
        Infinity,
        5e-324,
      ])
    },
    downgrade: (knex) => knex.schema.dropTable('affinities'),
  },
  {
    title: 'functions of text, json and moments',
    upgrade: async (knex) => {
      await knex.raw('create table made (t text)')
      await knex.raw("insert into made values (json_set(?, '$.a', json(?))), (printf('%s; %05.2f', ?, ?)), (hex(?))", [
        '{"b":"it\'s"}',
        '[1,null]',
        'x',
        1.5,
        Buffer.from('é'),
      ])
      await knex.raw(
        "insert into made values (datetime(?, 'unixepoch', '+1 day')), (strftime('%Y-%j', ?)), (char(9731, 10, 0))",
        [86400n, '2020-02-29'] as never,
      )
      await knex.raw("insert into made select group_concat(value, ';') from json_each(?)", ['["a","b"]'])
      await knex.raw("insert into made select x'00ff' || 'text' || ? where 'a' like ? escape '\\'", ['\\', 'A'])
    },
    downgrade: (knex) => knex.schema.dropTable('made'),
  },
  {
    title: 'counters set by hand',
    upgrade: async (knex) => {
      await knex.raw('create table numbered (id integer primary key autoincrement, v text)')
      await knex('numbered').insert([{ v: 'a' }, { v: 'b' }])
      await knex('numbered').del()
      await knex('numbered').insert({ v: 'c' })
      await knex.raw("update sqlite_sequence set seq = ? where name = 'numbered'", [500n] as never)
      await knex('numbered').insert({ v: 'd' })
    },
    downgrade: (knex) => knex.schema.dropTable('numbered'),
  },
  {
    title: 'temporary tables on the way',
    upgrade: async (knex) => {
      await knex.raw('create temporary table passing as select goods_id, amount from stock where goods_id < ?', [
        10n,
      ] as never)
      await knex.raw('update temp.passing set amount = amount * 2')
      await knex.raw('create table passed as select * from passing order by goods_id')
      await knex.raw('drop table passing')
    },
    downgrade: (knex) => knex.schema.dropTable('passed'),
  },
  {
    title: 'statements with results that nobody reads',
    upgrade: async (knex) => {
      await knex('numbered').insert({ v: 'returned' }).returning(['id', 'v'])
      await knex.raw("select 'a;' as b")
      await knex('numbered').where({ v: 'returned' }).del()
    },
    downgrade: () => {},
  },
]
