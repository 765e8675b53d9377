import type { Operation } from '../history.ts'

/** Rows and values as only MySQL and MariaDB know them. */
export const mysqlRowOperations: readonly Operation[] = [
  {
    title: 'rows put in place of others',
    upgrade: async (knex) => {
      await knex.raw('replace into goods (id, name, price, kind) values (?, ?, ?, ?)', [3, "replaced 'it'", 3, 'b'])
      await knex.raw('insert ignore into goods (id, name) values (1, ?), (3, ?)', ['no', 'no'])
      await knex.raw(
        'insert into goods (id, name) values (?, ?) on duplicate key update name = concat(name, values(name))',
        [3, '+'],
      )
      await knex.raw('insert into goods set id = :id, name = :name, kind = default', { id: 700, name: 'set' })
      await knex('goods')
        .insert([{ id: 3, price: 33 }, { id: 701 }])
        .onConflict()
        .merge(['price'])
    },
    downgrade: (knex) => knex('goods').whereIn('id', [700, 701]).del(),
  },
  {
    title: 'rows changed and deleted through joins',
    upgrade: async (knex) => {
      await knex('stock')
        .join('goods', 'goods.id', 'stock.goods_id')
        .where('goods.id', '<', 3)
        .update({ 'stock.amount': 7 })
      await knex('stock').insert({ goods_id: 800, amount: 1 })
      await knex('stock')
        .leftJoin('goods', 'goods.id', 'stock.goods_id')
        .whereNull('goods.id')
        .where('goods_id', 800)
        .del()
      await knex.raw('update stock s join goods g on g.id = s.goods_id set s.amount = g.price + ? where g.kind = ?', [
        1,
        'b',
      ])
    },
    downgrade: () => {},
  },
  {
    title: 'only some rows, in an order',
    upgrade: async (knex) => {
      await knex('stock').where('goods_id', '>=', 1000).orderBy('goods_id', 'desc').limit(3).update({ amount: -7 })
      await knex('stock').where('goods_id', '>=', 1000).orderBy('goods_id').limit(2).del()
    },
    downgrade: () => {},
  },
  {
    title: 'strings in all their spellings',
    upgrade: async (knex) => {
      await knex.raw('create table spellings (t varchar(100) character set utf8mb4, b varbinary(100), j json)')
      await knex.raw(`insert into spellings (t, b) values ("double; 'quoted'", x'00ff'), ('it''s' ' joined', 0x0a0d),
        (N'national', b'101'), (_utf8mb4'intro', _binary'x'), ('tab\\t nul\\0 quote\\' end\\\\', '\\Z')`)
      await knex('spellings').insert({
        t: '100%_\\%\\_ \u0000 \u001a \r\n "\'`',
        b: Buffer.from('\\\'"\0\r\n'),
        j: JSON.stringify({ a: "it's", b: '\\', c: '😀\n' }),
      })
      await knex.raw("update spellings set t = concat(t, ?) where t like ? escape '|'", ['\\', '100|%%'])
      await knex.raw("update spellings set j = json_set(j, '$.d', ?, '$.e', json_array(?, ?)) where j is not null", [
        "new 'value'",
        1,
        null,
      ])
    },
    downgrade: (knex) => knex.schema.dropTable('spellings'),
  },
  {
    title: 'moments in every form',
    upgrade: async (knex) => {
      await knex.raw('create table moments (m datetime(3), s timestamp(6) null, d date, t time(3), y year)')
      const moments = [new Date(86_400_000), new Date(Date.UTC(2024, 1, 29, 23, 59, 59, 999)), '1999-12-31 23:59:59.5']
      for (const moment of moments) await knex('moments').insert({ m: moment, s: moment, d: moment })
      await knex.raw(
        "insert into moments (m, d, t) values ({ts '2001-02-03 04:05:06'}, date '2001-02-03', time '-1:02:03')",
      )
      await knex.raw('update moments set y = year(?), t = timediff(?, ?)', [
        new Date(Date.UTC(2010, 5, 1)),
        '10:00',
        '09:30',
      ])
      await knex.raw("set time_zone = '+05:00'")
      await knex.raw("update moments set s = '2020-01-01 05:00:00' where y = 2010")
      await knex.raw('set time_zone = default')
    },
    downgrade: (knex) => knex.schema.dropTable('moments'),
  },
  {
    title: 'numbers of every size',
    upgrade: async (knex) => {
      await knex.raw('create table sizes (b bigint, u bigint unsigned, d double, f float, n decimal(30, 10), z bool)')
      await knex('sizes').insert([
        { b: 9223372036854775807n, u: 18446744073709551615n, d: 1.7976931348623157e308, n: '1234567890.0123456789' },
        { b: -9223372036854775808n, u: 0, d: -5e-324, f: 1.1, n: -0.1, z: true },
        { b: 5_000_000_000, u: 2 ** 53, d: 1 / 3, f: 1e-10, n: 1e10, z: false },
      ])
      await knex.raw('update sizes set d = d -? where b / ? < 0 and z = ?', [-1.5, -3n as never, true])
    },
    downgrade: (knex) => knex.schema.dropTable('sizes'),
  },
  {
    title: 'lists and rows of lists',
    upgrade: async (knex) => {
      await knex.raw('update goods set note = ? where (id, price) in ((?), (?))', ['pairs', [1, 101], [2, 1]] as never)
      await knex.raw('insert into stock (goods_id, amount) values (?)', [[900, 1]] as never)
      await knex('stock').where({ goods_id: 900 }).del()
    },
    downgrade: () => {},
  },
  {
    title: 'variables of the session, and rows in common tables',
    upgrade: async (knex) => {
      await knex.raw('set @offset = ?, @word = ?', [10_000, "it's"])
      await knex.raw('insert into stock (goods_id, amount) select goods_id + @offset, 1 from stock where goods_id < 3')
      await knex.raw(
        `insert into stock (goods_id, amount)
        with recursive counting (n) as (select 1 union all select n + 1 from counting where n < ?) select n + 20000, n from counting`,
        [3],
      )
      await knex.raw('set @offset := null')
    },
    downgrade: (knex) => knex('stock').where('goods_id', '>=', 10_000).del(),
  },
  {
    title: 'statements with results that nobody reads',
    upgrade: async (knex) => {
      await knex.raw('analyze table goods')
      await knex.raw("select 'a;' as b")
      await knex.raw('do sleep(0)')
    },
    downgrade: () => {},
  },
]
